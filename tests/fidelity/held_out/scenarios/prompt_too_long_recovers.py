from _util import *
DOC = "prompt too long in the fourth turn of a client: whether the CLI compacts and tries again; hooks of compaction; the turn after"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "0"}
MODEL = [[T("One. " * 30)], [T("Two. " * 30)], [T("Three. " * 30)], {"error": {"status": 400, "type": "invalid_request_error", "message": "prompt is too long: 250000 tokens > 200000 maximum"}}, [T("<analysis>a</analysis><summary>Counted to three.</summary>")], [T("Four at last.")], [T("Five.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "PreCompact"), **on(sdk, log, "PostCompact"), **on(sdk, log, "Stop")}
    await converse(sdk, log, make_options(hooks=h), "one", "two", "three", "four", "five")
