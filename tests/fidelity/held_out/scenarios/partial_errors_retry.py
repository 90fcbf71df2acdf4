from _util import *
DOC = "partial messages through a retried 529 before a tool's answer, a fallback of the stream without events, and a final 401; two clients"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "1"}
MODEL = [[Bash("b1", "echo one")], {"error": {"status": 529, "type": "overloaded_error", "message": "busy"}}, [T("After the retry.")], {"error": {"status": 401, "type": "authentication_error", "message": "bad key"}, "repeat": True}]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_partial_messages=True, hooks=on(sdk, log, "StopFailure")), "one", "two")
