from _util import *
DOC = "interrupt while a Bash sleeps, with a PreToolUse and a Stop hook; the next turn works"
MODEL = [[Bash("b1", "python3 -c 'import time; time.sleep(30)'")], [T("Second turn.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "PreToolUse"), **on(sdk, log, "PostToolUse"), **on(sdk, log, "PostToolUseFailure"), **on(sdk, log, "Stop")}
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"], hooks=h)) as c:
        await c.query("sleep")
        async for m in c.receive_response():
            log.message(m)
            if type(m).__name__ == "AssistantMessage" and m.content[0].__class__.__name__ == "ToolUseBlock":
                await asyncio.sleep(0.8)
                await attempt(log, "interrupt", c.interrupt())
        await c.query("next")
        await listen(c, log)
