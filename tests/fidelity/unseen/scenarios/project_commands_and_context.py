from _util import *
DOC = "a project's own slash commands: with arguments, with allowed tools, in a folder; a built-in one between, an unknown one, CLAUDE.md"
FILES = {
    "CLAUDE.md": "Always answer in rhyme.\n",
    ".claude/commands/greet.md": "---\ndescription: Greets someone\nargument-hint: NAME\n---\nGreet $ARGUMENTS warmly.\n",
    ".claude/commands/ops/list.md": "---\nallowed-tools: Bash(touch:*)\n---\nList and touch $1 then $2.\n",
}
MODEL = [
    [T("Hello Ada, have a good day-da.")],
    [Bash("b1", "touch x.txt")], [T("Touched.")],
    [Bash("b2", "touch y.txt")], [T("Not known, I think.")],
]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(setting_sources=["project"]), "/greet Ada Lovelace", "/ops:list x y", "/cost", "/nothing here")
