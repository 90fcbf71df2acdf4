from _util import *
DOC = "a fallback model with partial messages: overloaded until it falls back in the middle of a tool turn, an SSE error after text, then a budget that ends it; hooks on stop"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "3"}
OVER = {"error": {"status": 529, "type": "overloaded_error", "message": "Overloaded"}}
MODEL = [
    [T("Reading."), Bash("b1", "echo one")], OVER, OVER, OVER,
    {"content": [T("With the other model."), Bash("b2", "echo two")], "usage": {"input_tokens": 1000, "output_tokens": 300}},
    {"content": [T("Half a sent")], "stream_error": {"type": "api_error", "message": "Internal server error"}},
    [T("Whole sentence.")],
    {"content": [Bash("b3", "echo three")], "usage": {"input_tokens": 400000, "output_tokens": 90000}},
    [T("never")], [T("never 2")],
]
async def drive(sdk, make_options, log):
    options = make_options(model="claude-opus-4-5", fallback_model="claude-haiku-4-5", include_partial_messages=True, max_budget_usd=0.4, hooks={**on(sdk, log, "Stop"), **on(sdk, log, "StopFailure")})
    await converse(sdk, log, options, "read on", "spend", "still there?")
