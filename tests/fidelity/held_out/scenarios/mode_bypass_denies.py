from _util import *
DOC = "bypassPermissions with deny and ask rules in settings, a hook that denies, and a callback"
ENV = {"IS_SANDBOX": "1"}
MODEL = [[Bash("b1", "touch ok")], [Bash("b2", "touch denied")], [Bash("b3", "touch asked")], [Bash("b4", "touch hooked")], [TU("w1", "Write", file_path="/home/user/elsewhere/o.txt", content="x\n")], [TU("w2", "Write", file_path="/project/.git/config", content="x\n")], [T("Bypassed.")]]
async def drive(sdk, make_options, log):
    def answer(i):
        return specific("PreToolUse", permissionDecision="deny", permissionDecisionReason="hook says no") if "hooked" in json.dumps(i["tool_input"]) else {}
    await converse(sdk, log, make_options(permission_mode="bypassPermissions", can_use_tool=permissions(sdk, log), hooks=on(sdk, log, "PreToolUse", answer, "Bash"),
        settings=json.dumps({"permissions": {"deny": ["Bash(touch denied)"], "ask": ["Bash(touch asked)"]}})), "go")
