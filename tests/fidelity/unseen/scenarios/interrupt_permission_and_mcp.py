from _util import *
DOC = "interrupts while a permission is asked, then while an in-process tool is at work, then a turn that is left alone"
MODEL = [
    [T("May I?"), TU("w1", "Write", file_path="/project/a.txt", content="a\n")],
    [TU("m1", "mcp__kit__slow", s="x"), TU("m2", "mcp__kit__slow", s="y")],
    [TU("m3", "mcp__kit__quick")], [T("Quick it was.")],
]
async def drive(sdk, make_options, log):
    asked, working = asyncio.Event(), asyncio.Event()
    @sdk.tool("slow", "Slow", {"s": str})
    async def slow(args):
        log("tool", args=args)
        working.set()
        await asyncio.sleep(20)
        return {"content": []}
    @sdk.tool("quick", "Quick", {})
    async def quick(args):
        return {"content": [{"type": "text", "text": "quick"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[slow, quick])
    async def can_use_tool(name, input, context):
        log("can_use_tool", name=name)
        asked.set()
        await asyncio.sleep(20)
        return sdk.PermissionResultAllow()
    hooks = {**on(sdk, log, "PostToolUseFailure"), **on(sdk, log, "PermissionRequest")}
    async with sdk.ClaudeSDKClient(options=make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"], can_use_tool=can_use_tool, hooks=hooks)) as c:
        await asyncio.sleep(0.6)
        for prompt, event in (("write", asked), ("be slow", working)):
            await c.query(prompt)
            async def stop():
                await event.wait()
                await asyncio.sleep(0.3)
                await attempt(log, "interrupt", c.interrupt())
            task = asyncio.ensure_future(stop())
            await listen(c, log)
            await task
        await c.query("be quick")
        await listen(c, log)
    log("client_closed")
