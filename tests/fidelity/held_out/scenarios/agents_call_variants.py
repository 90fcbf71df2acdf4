from _util import *
DOC = "Agent calls without a type, with a wrong input, in the background with an unknown type, denied by a hook, refused by the callback's rule; the default agent answers"
MODEL = [[TU("a1", "Agent", description="d", prompt="SUB DEFAULT", run_in_background=False)], {"match": "SUB DEFAULT", "content": [T("Default agent here.")]}, [TU("a2", "Agent", prompt="no description")], [Agent("a3", "SUB x", "nobody", background=True)], [Agent("a4", "SUB hooked", "general-purpose")], [T("Variants tried.")]]
async def drive(sdk, make_options, log):
    def pre(i):
        return specific("PreToolUse", permissionDecision="deny", permissionDecisionReason="no agents") if "hooked" in i["tool_input"].get("prompt", "") else {}
    await converse(sdk, log, make_options(hooks={**on(sdk, log, "PreToolUse", pre, "Agent|Task"), **on(sdk, log, "SubagentStart")}), "delegate")
