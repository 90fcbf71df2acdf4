from _util import *
DOC = "thinking with a budget and partial messages: redacted, signed, interleaved with tools; max_tokens in the middle; usage told"
MODEL = [
    {"content": [{"type": "thinking", "thinking": "First I look at the folder."}, {"type": "redacted_thinking", "data": "b3BhcXVl"}, T("Looking."), Bash("b1", "ls")], "usage": {"input_tokens": 1200, "cache_read_input_tokens": 800, "output_tokens": 64}},
    {"content": [{"type": "thinking", "thinking": "Then I answer, é漢."}, T("An answer that is cut")], "stop_reason": "max_tokens"},
    [T("here it goes on.")],
    {"content": [T("STOP here")], "stop_reason": "stop_sequence", "stop_sequence": "here"},
]
FILES = {"a.txt": "alpha\n"}
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(thinking={"type": "enabled", "budget_tokens": 2048}, include_partial_messages=True, betas=["context-1m-2025-08-07"]), "think", "again")
