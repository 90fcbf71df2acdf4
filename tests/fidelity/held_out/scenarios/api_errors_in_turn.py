from _util import *
DOC = "one client, an API error a turn, no retries (CLAUDE_CODE_MAX_RETRIES=0): 401, 403, 404 (asked twice), 413, 429, 503, 529; then a good turn"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "0"}
CODES = [(401, "authentication_error", "bad key"), (403, "permission_error", "not yours"), (404, "not_found_error", "model: gone"), (404, "not_found_error", "model: gone"), (413, "request_too_large", "too big"),
         (429, "rate_limit_error", "slow down"), (503, "api_error", "away"), (529, "overloaded_error", "busy")]
MODEL = [{"error": {"status": c, "type": t, "message": m}} for c, t, m in CODES] + [[T("Fine at last.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), *["one", "two", "three", "four", "five", "six", "seven", "eight"])
