from _util import *
DOC = "a permission unanswered for seven seconds with a Notification hook; a PermissionRequest hook that decides the second; an interrupt while the third and its hook are open"
MODEL = [
    [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")], [T("Two written.")],
    [T("A third."), Bash("b1", "touch c.txt"), Bash("b2", "echo never")],
    [Bash("b3", "echo calm")], [T("Calm.")],
]
async def drive(sdk, make_options, log):
    holder = {}
    async def decide_async(name, input, context):
        if input.get("file_path", "").endswith("a.txt"):
            await asyncio.sleep(7)
        elif name == "Bash":
            async def stop():
                await asyncio.sleep(0.4)
                await attempt(log, "interrupt", holder["c"].interrupt())
            holder["t"] = asyncio.create_task(stop())
            await asyncio.sleep(20)
        else:
            await asyncio.sleep(3)
        return sdk.PermissionResultAllow()
    async def request(input_data, tool_use_id, context):
        log("hook", name="PermissionRequest", input=input_data)
        if input_data["tool_name"] == "Bash":
            await asyncio.sleep(20)
        if input_data["tool_input"].get("file_path", "").endswith("b.txt"):
            return specific("PermissionRequest", decision={"behavior": "allow"})
        return {}
    hooks = {**on(sdk, log, "Notification"), "PermissionRequest": [sdk.HookMatcher(hooks=[request])]}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=hooks, can_use_tool=permissions(sdk, log, lambda n, i, c: decide_async(n, i, c)))) as c:
        holder["c"] = c
        for p in ("write two", "a third", "calm down"):
            await c.query(p)
            await listen(c, log)
    log("client_closed")
