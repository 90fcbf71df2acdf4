from _util import *
DOC = "a second prompt while the model streams text without tools: its own turn afterwards; UserPromptSubmit and Stop hooks for both"
MODEL = [{"content": [T("slowly " * 10)], "chunk": 7, "chunk_delay": 0.08}, [T("Second answer.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "UserPromptSubmit"), **on(sdk, log, "Stop")}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=h)) as c:
        await c.query("first")
        await asyncio.sleep(0.6)
        await c.query("second")
        await until(c, log, results(2))
