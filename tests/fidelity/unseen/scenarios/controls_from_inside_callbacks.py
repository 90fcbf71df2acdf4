from _util import *
DOC = "control calls made inside callbacks: the mode set from a hook, the model from a permission callback, the status from a tool's own function"
MODEL = [
    [TU("w1", "Write", file_path="/project/a.txt", content="a\n")],
    [TU("m1", "mcp__kit__look")],
    [TU("w2", "Write", file_path="/project/b.txt", content="b\n")],
    [T("All done.")],
    [TU("w3", "Write", file_path="/project/c.txt", content="c\n")],
    [T("Third written.")],
]
async def drive(sdk, make_options, log):
    client = None
    @sdk.tool("look", "Looks", {})
    async def look(args):
        await attempt(log, "set_permission_mode", client.set_permission_mode("acceptEdits"))
        return {"content": [{"type": "text", "text": "looked"}]}
    async def before(input_data, tool_use_id, context):
        log("hook", tool=input_data["tool_name"], mode=input_data.get("permission_mode"))
        if tool_use_id == "toolu_w3":
            await attempt(log, "set_permission_mode", client.set_permission_mode("default"))
        return {}
    kit = sdk.create_sdk_mcp_server("kit", tools=[look])
    async with sdk.ClaudeSDKClient(options=make_options(mcp_servers={"kit": kit}, can_use_tool=permissions(sdk, log), hooks={"PreToolUse": [sdk.HookMatcher(hooks=[before])]})) as client:
        await asyncio.sleep(0.6)
        await client.query("write")
        await listen(client, log)
        await client.query("once more")
        await listen(client, log)
    log("client_closed")
