from _util import *
DOC = "set_model and set_permission_mode from inside an MCP tool, in the middle of a turn: which model the next call and the next init name"
MODEL = [[TU("m1", "mcp__kit__switch", to="claude-sonnet-4-5")], [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [T("Switched.")], [T("Next.")]]
async def drive(sdk, make_options, log):
    holder = {}
    @sdk.tool("switch", "Switches", {"to": str})
    async def switch(args):
        await attempt(log, "model", holder["c"].set_model(args["to"]))
        await attempt(log, "mode", holder["c"].set_permission_mode("acceptEdits"))
        await attempt(log, "status", holder["c"].get_mcp_status())
        return {"content": [{"type": "text", "text": "ok"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[switch])
    options = make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"])
    async with sdk.ClaudeSDKClient(options=options) as c:
        holder["c"] = c
        await settle(options)
        for p in ("switch", "next"):
            await c.query(p)
            await listen(c, log)
