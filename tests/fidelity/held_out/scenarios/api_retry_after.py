from _util import *
DOC = "429 with retry-after: 1, then 529, then 500 after a tool ran, at most 3 retries; then a turn that uses them up"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "3"}
MODEL = [{"error": {"status": 429, "type": "rate_limit_error", "message": "slow down", "headers": {"retry-after": "1"}}}, {"error": {"status": 529, "type": "overloaded_error", "message": "busy"}},
         [Bash("b1", "echo hi")], {"error": {"status": 500, "type": "api_error", "message": "broken"}}, [T("Through.")],
         {"error": {"status": 503, "type": "api_error", "message": "away"}, "repeat": True}]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(allowed_tools=["Bash"]), "go on", "again")
