from _util import *
DOC = "an API error after a tool ran in the turn (no retries), a drop before the first byte of a message, prompt too long, then a good turn; hooks on Stop and StopFailure"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "0"}
MODEL = [[Bash("b1", "echo one")], {"error": {"status": 500, "type": "api_error", "message": "broken"}}, {"error": {"status": 400, "type": "invalid_request_error", "message": "prompt is too long: 250000 tokens > 200000 maximum"}, "match": "too-long", "repeat": True}, [T("Good.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "Stop"), **on(sdk, log, "StopFailure"), **on(sdk, log, "PreCompact")}
    await converse(sdk, log, make_options(hooks=h), "one", "two")
    await converse(sdk, log, make_options(hooks=h), "too-long")
