from _util import *
DOC = "the API says that the context is nearly full after the first turn: the next two go on without a compaction; hooks of compaction listen"
FULL = {"input_tokens": 190000, "output_tokens": 500}
MODEL = [{"content": [T("A very long talk.")], "usage": FULL}, [T("Went on.")], [T("Third.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "PreCompact"), **on(sdk, log, "PostCompact"), **on(sdk, log, "SessionStart")}
    await converse(sdk, log, make_options(model="claude-sonnet-4-5", hooks=h), "talk", "go on", "third")
