from _util import *
DOC = "partial messages with thinking, text, two tools in one message, hooks and a permission; then a redacted thinking block; two turns"
MODEL = [[{"type": "thinking", "thinking": "I should look and touch."}, T("Looking."), Bash("b1", "ls"), Bash("b2", "touch made")], [{"type": "redacted_thinking", "data": "c2VjcmV0"}, T("Done with both.")], [T("Second.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "PreToolUse"), **on(sdk, log, "PostToolUse"), **on(sdk, log, "Stop")}
    await converse(sdk, log, make_options(include_partial_messages=True, hooks=h, can_use_tool=permissions(sdk, log)), "go", "again")
