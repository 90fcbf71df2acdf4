from _util import *
DOC = "slash commands that need no model, and some that do: /cost, /context, /unknown, a project command with arguments, /model, /help, /compact with nothing, /clear, a turn after it"
FILES = {".claude/commands/greet.md": "---\ndescription: greets\nargument-hint: NAME\n---\nGreet $ARGUMENTS, then $1.\n"}
MODEL = [[T("First.")], [T("Unknown handled.")], [T("Hello Ada.")], [T("After the clear.")], [T("<analysis>little</analysis><summary>Little was said.</summary>")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "hello", "/cost", "/unknown thing", "/greet Ada Bob", "/help", "/clear", "after", "/compact")
