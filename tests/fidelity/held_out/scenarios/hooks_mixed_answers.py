from _util import *
DOC = "PreToolUse answers in turn: deny without a reason, systemMessage with deny, two hooks that both change the input, allow over a deny rule, ask over nobody, additionalContext, suppressOutput"
MODEL = [[Bash("b1", "touch one")], [Bash("b2", "touch two")], [Bash("b3", "touch three")], [Bash("b4", "touch four")], [Bash("b5", "touch five")], [Bash("b6", "touch six")], [Bash("b7", "touch seven")], [T("Hooked.")]]
async def drive(sdk, make_options, log):
    def first(i):
        c = i["tool_input"]["command"].split()[1]
        d = lambda **k: specific("PreToolUse", **k)
        return {"one": d(permissionDecision="deny"), "two": d(permissionDecision="deny", permissionDecisionReason="no two") | {"systemMessage": "told you"}, "three": d(permissionDecision="allow", updatedInput={"command": "touch a3", "description": "run"}),
                "four": d(permissionDecision="allow", permissionDecisionReason="fine"), "five": d(permissionDecision="ask", permissionDecisionReason="ask somebody"), "six": d(additionalContext="six is special"), "seven": {"decision": "block", "reason": "old style"}}[c]
    def second(i):
        return specific("PreToolUse", permissionDecision="allow", updatedInput={"command": "touch b3", "description": "run"}) if "three" in i["tool_input"]["command"] else {"suppressOutput": True}
    await converse(sdk, log, make_options(allowed_tools=["Bash(touch:*)"], disallowed_tools=["Bash(touch four)"], hooks={"PreToolUse": [sdk.HookMatcher(hooks=[hook(log, first, "first"), hook(log, second, "second")])]}), "go")
