from _util import *
DOC = "query() with a plain prompt and a background Bash that outlives the first result: what comes after the end of input"
MODEL = [[Bash("b1", "sleep 1; echo late", run_in_background=True)], [T("Started.")], [T("It ended.")]]
async def drive(sdk, make_options, log):
    await ask(sdk, log, "start", make_options(allowed_tools=["Bash"]))
