from _util import *
DOC = "interrupt while the CLI waits to retry an overloaded API; then a good turn"
MODEL = [{"error": {"status": 529, "type": "overloaded_error", "message": "busy", "headers": {"retry-after": "20"}}}, [T("Better.")]]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options()) as c:
        await c.query("go")
        async for m in c.receive_response():
            log.message(m)
            if type(m).__name__ == "SystemMessage" and m.subtype == "api_retry":
                await asyncio.sleep(0.2)
                await attempt(log, "interrupt", c.interrupt())
        await c.query("again")
        await listen(c, log)
