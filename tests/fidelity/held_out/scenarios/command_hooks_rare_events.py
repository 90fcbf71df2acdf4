from _util import *
DOC = "command hooks for SessionStart (JSON context), PermissionRequest (JSON allow), PostToolUseFailure, SubagentStart, SubagentStop (exit 2 once), PreCompact (exit 2), Notification; hook events on"
def cmd(c, matcher=None):
    return [{**({"matcher": matcher} if matcher else {}), "hooks": [{"type": "command", "command": c}]}]
FILES = {"~/.claude/settings.json": {"hooks": {
    "SessionStart": cmd("""echo '{"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": "started"}}'"""),
    "PermissionRequest": cmd("""echo '{"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}'""", "Write"),
    "PostToolUseFailure": cmd("echo failed"), "SubagentStart": cmd("echo begin"),
    "SubagentStop": cmd("""p=$(cat); case "$p" in *'"stop_hook_active":false'*) echo 'say more' >&2; exit 2;; esac"""),
    "PreCompact": cmd("echo 'no compaction' >&2; exit 2")}}}
MODEL = [[TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [Bash("b1", "exit 4")], [Agent("a1", "SUB say", "sayer")], {"match": "You are a sayer.", "content": [T("Short.")]}, {"match": "You are a sayer.", "content": [T("Longer.")]}, [T("Rare events seen.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_hook_events=True, allowed_tools=["Bash"], can_use_tool=permissions(sdk, log, lambda n, i, c: asyncio.sleep(3)), agents={"sayer": sdk.AgentDefinition(description="Says", prompt="You are a sayer.")}), "go", "/compact")
