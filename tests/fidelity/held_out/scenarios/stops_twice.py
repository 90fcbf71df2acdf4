from _util import *
DOC = "refused twice in a row, empty twice, cut by max_tokens four times: a turn of one client each"
MODEL = [{"content": [T("No")], "stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "bio", "explanation": "x"}}, {"content": [], "stop_reason": "refusal"},
         [], [],
         {"content": [T("c1")], "stop_reason": "max_tokens"}, {"content": [T("c2")], "stop_reason": "max_tokens"}, {"content": [T("c3")], "stop_reason": "max_tokens"}, {"content": [T("c4")], "stop_reason": "max_tokens"},
         [T("Spare one.")], [T("Spare two.")], [T("Spare three.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "refuse", "empty", "cut")
