from _util import *
DOC = "a plugin with a command, an agent, a skill and a PreToolUse command hook; its agent is called, its command used, its skill invoked by the model"
FILES = {"plug/.claude-plugin/plugin.json": {"name": "box", "version": "1.2.0", "description": "A box"}, "plug/commands/say.md": "---\ndescription: says\n---\nSay $ARGUMENTS\n",
         "plug/agents/helper.md": "---\nname: helper\ndescription: Helps\ntools: Read\n---\nYou are the box helper.\n", "plug/skills/fold/SKILL.md": "---\nname: fold\ndescription: Folds things\n---\nFold it twice.\n",
         "plug/hooks/hooks.json": {"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "echo plugin says no >&2; exit 2"}]}]}}}
MODEL = [[Bash("b1", "touch x")], [TU("k1", "Skill", skill="box:fold")], [Agent("a1", "SUB help", "box:helper")], {"match": "You are the box helper.", "content": [T("Helped.")]}, [T("All used.")], [T("Said.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(allowed_tools=["Bash", "Skill"], plugins=[{"type": "local", "path": "/project/plug"}], include_hook_events=True), "use the box", "/box:say hello")
