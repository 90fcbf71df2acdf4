from _util import *
DOC = "command hooks with JSON answers: PreToolUse deny, ask, changed input; PostToolUse block, continue false; UserPromptSubmit context; no hook events asked for"
def cmd(c, matcher=None):
    return [{**({"matcher": matcher} if matcher else {}), "hooks": [{"type": "command", "command": c}]}]
PRE = """p=$(cat); j() { echo "{\\"hookSpecificOutput\\": {\\"hookEventName\\": \\"PreToolUse\\", $1}}"; }; case "$p" in *'touch deny'*) j '"permissionDecision": "deny", "permissionDecisionReason": "json no"';; *'touch ask'*) j '"permissionDecision": "ask", "permissionDecisionReason": "json ask"';; *'touch change'*) j '"updatedInput": {"command": "touch changed", "description": "run"}';; *) echo not json;; esac"""
POST = """p=$(cat); case "$p" in *'"touch stop"'*) echo '{"continue": false, "stopReason": "json stop"}';; *) echo '{"decision": "block", "reason": "json block"}';; esac"""
FILES = {"~/.claude/settings.json": {"hooks": {"PreToolUse": cmd(PRE, "Bash"), "PostToolUse": cmd(POST, "Bash"), "UserPromptSubmit": cmd("""echo '{"systemMessage": "json prompt", "hookSpecificOutput": {"hookEventName": "UserPromptSubmit", "additionalContext": "more"}}'""")}}}
MODEL = [[Bash("b1", "touch deny")], [Bash("b2", "touch ask")], [Bash("b3", "touch change")], [Bash("b4", "touch plain")], [Bash("b5", "touch stop")], [T("unsaid")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(allowed_tools=["Bash"], can_use_tool=permissions(sdk, log, lambda n, i, c: "callback no")), "go")
    log("files", names=sorted(n for n in os.listdir("/project") if not n.startswith(".")))
