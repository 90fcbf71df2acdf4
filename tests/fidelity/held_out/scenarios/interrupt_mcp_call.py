from _util import *
DOC = "interrupt while an SDK MCP tool is slow, two calls in the message; next turn calls it again"
MODEL = [[TU("m1", "mcp__kit__slow", s=20), TU("m2", "mcp__kit__slow", s=20)], [TU("m3", "mcp__kit__slow", s=0)], [T("Quick now.")]]
async def drive(sdk, make_options, log):
    started = asyncio.Event()
    @sdk.tool("slow", "Waits", {"s": int})
    async def slow(args):
        log("tool", args=args)
        started.set()
        await asyncio.sleep(args["s"])
        return {"content": [{"type": "text", "text": "waited"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[slow])
    options = make_options(allowed_tools=["mcp__kit__*"], mcp_servers={"kit": kit})
    async with sdk.ClaudeSDKClient(options=options) as c:
        await settle(options)
        await c.query("wait")
        async def stop():
            await started.wait()
            await asyncio.sleep(0.2)
            await attempt(log, "interrupt", c.interrupt())
        t = asyncio.ensure_future(stop())
        await listen(c, log)
        await t
        await c.query("again")
        await listen(c, log)
