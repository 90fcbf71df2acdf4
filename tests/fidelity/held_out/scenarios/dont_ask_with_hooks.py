from _util import *
DOC = "dontAsk beside PreToolUse hooks that allow, ask, deny and change, and a PermissionRequest hook; the callback is slow"
MODEL = [[Bash("b1", "touch allow")], [Bash("b2", "touch ask")], [Bash("b3", "touch deny")], [Bash("b4", "touch change")], [Bash("b5", "touch nothing")], [T("Nobody asked.")]]
async def drive(sdk, make_options, log):
    def pre(i):
        w = i["tool_input"]["command"].split()[1]
        if w in ("allow", "ask", "deny"):
            return specific("PreToolUse", permissionDecision=w, permissionDecisionReason="hook: " + w)
        return specific("PreToolUse", updatedInput={"command": "ls", "description": "run"}) if w == "change" else {}
    h = {**on(sdk, log, "PreToolUse", pre), **on(sdk, log, "PermissionRequest", specific("PermissionRequest", decision={"behavior": "allow"})), **on(sdk, log, "PermissionDenied")}
    await converse(sdk, log, make_options(permission_mode="dontAsk", can_use_tool=permissions(sdk, log, lambda n, i, c: asyncio.sleep(1)), hooks=h), "go")
