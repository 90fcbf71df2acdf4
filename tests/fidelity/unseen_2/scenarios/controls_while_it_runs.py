from _util import *
DOC = "while a tool of three seconds runs: status, context usage, server info, a toggle, the model and the mode; what the rest of the turn and the next one have"
MODEL = [[T("A while."), Bash("b1", "sleep 2.6; echo slept")], [TU("m1", "mcp__kit__hi"), TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [T("Rest of it.")], [TU("m2", "mcp__kit__hi")], [T("Next.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("hi", "Says hi", {})
    async def hi(args):
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[hi])
    options = make_options(mcp_servers={"kit": kit}, allowed_tools=["Bash", "mcp__kit__hi"], can_use_tool=permissions(sdk, log, lambda n, i, c: "no"))
    async with sdk.ClaudeSDKClient(options=options) as c:
        await settle(options)
        await c.query("work")
        async for m in c.receive_messages():
            log.message(m)
            if type(m).__name__ == "AssistantMessage" and any(type(b).__name__ == "ToolUseBlock" for b in m.content):
                break
        await asyncio.sleep(0.5)
        await attempt(log, "mcp_status", c.get_mcp_status())
        u = await c.get_context_usage()
        log("usage", keys=sorted(u))
        await attempt(log, "set_model", c.set_model("claude-haiku-4-5"))
        await attempt(log, "set_permission_mode", c.set_permission_mode("acceptEdits"))
        await attempt(log, "toggle", c.toggle_mcp_server("kit", False))
        await listen(c, log)
        await attempt(log, "toggle", c.toggle_mcp_server("kit", True))
        await asyncio.sleep(0.6)
        await c.query("next")
        await listen(c, log)
    log("client_closed")
