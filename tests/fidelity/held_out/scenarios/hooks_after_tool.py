from _util import *
DOC = "PostToolUse: additionalContext, block, continue false; PostToolUseFailure: additionalContext; PostToolBatch"
MODEL = [[Bash("b1", "echo one")], [Bash("b2", "echo two")], [Bash("b3", "exit 3")], [Bash("b4", "echo three")], [T("never said")]]
async def drive(sdk, make_options, log):
    def post(i):
        c = i["tool_input"]["command"]
        return {"echo one": specific("PostToolUse", additionalContext="context one"), "echo two": {"decision": "block", "reason": "do not like two"}, "echo three": {"continue_": False, "stopReason": "three is enough"}}[c]
    h = {**on(sdk, log, "PostToolUse", post, "Bash"), **on(sdk, log, "PostToolUseFailure", specific("PostToolUseFailure", additionalContext="it failed")), **on(sdk, log, "PostToolBatch"), **on(sdk, log, "Stop")}
    await converse(sdk, log, make_options(allowed_tools=["Bash"], hooks=h), "go")
