from _util import *
DOC = "command hooks in settings for many events: exit 0 with text, exit 2, exit 1, JSON answers; with hook events on"
def cmd(c, matcher=None):
    return {**({"matcher": matcher} if matcher else {}), "hooks": [{"type": "command", "command": c}]}
FILES = {"~/.claude/settings.json": {"hooks": {
    "UserPromptSubmit": [cmd("echo prompt context")], "SessionEnd": [cmd("echo bye")],
    "PreToolUse": [cmd("echo warn >&2; exit 1", "Read"), cmd("""echo '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow", "permissionDecisionReason": "json says"}}'""", "Bash"), cmd("echo never >&2; exit 2", "Write")],
    "PostToolUse": [cmd("echo post problem >&2; exit 2", "Bash"), cmd("echo fine", "Read")],
    "Stop": [cmd("""echo '{"systemMessage": "stopping"}'""")]}},
    "a.txt": "one\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [Bash("b1", "touch x")], [TU("w1", "Write", file_path="/project/n.txt", content="x\n")], [T("Hooks ran.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_hook_events=True), "go")
