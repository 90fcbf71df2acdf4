from _util import *
DOC = "max_turns 2 in a client with hooks on batch and stop: the first turn ends at the limit, the second within it, the third at the limit by a denied tool"
MODEL = [
    [Bash("b1", "echo 1"), Bash("b2", "sleep 0.5; echo 2")], [Bash("b3", "echo 3")],
    [T("A plain answer.")],
    [TU("w1", "Write", file_path="/project/x.txt", content="x")], [T("Then let me try"), TU("w2", "Write", file_path="/project/y.txt", content="y")],
    [T("spare")],
]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "PostToolBatch"), **on(sdk, log, "Stop"), **on(sdk, log, "UserPromptSubmit", specific("UserPromptSubmit", additionalContext="Today is a holiday."))}
    await converse(sdk, log, make_options(max_turns=2, hooks=hooks), "count", "plain", "write")
