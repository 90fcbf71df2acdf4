from _util import *
DOC = "a ticket desk: in-process tools that are rewritten by a hook, allowed for the session by the callback, and refused with an interrupt; the session goes on"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MODEL = [
    [T("Looking."), TU("m1", "mcp__tickets__find", query="printer")],
    [TU("m2", "mcp__tickets__find", query="printer again")],
    [TU("m3", "mcp__tickets__update", id=7, status="open"), TU("m4", "mcp__tickets__screenshot", id=7)],
    [TU("m5", "mcp__tickets__delete", id=7)],
    [TU("m6", "mcp__tickets__find", query="after")],
    [T("Ticket 7 is still there.")],
]
async def drive(sdk, make_options, log):
    def t(name, schema):
        return sdk.tool(name, f"{name} tickets", schema)
    @t("find", {"query": str})
    async def find(args):
        log("tool", name="find", args=args)
        return {"content": [{"type": "text", "text": "7: printer on fire"}, {"type": "text", "text": "8: printer asleep"}]}
    @t("update", {"id": int, "status": str})
    async def update(args):
        log("tool", name="update", args=args)
        return {"content": [{"type": "text", "text": f"{args['id']} is {args['status']}"}]}
    @t("screenshot", {"id": int})
    async def screenshot(args):
        return {"content": [{"type": "image", "data": PIXEL, "mimeType": "image/png"}, {"type": "text", "text": "seen at noon"}]}
    @t("delete", {"id": int})
    async def delete(args):
        log("tool", name="delete", args=args)
        return {"content": []}
    kit = sdk.create_sdk_mcp_server("tickets", version="1.2.0", tools=[find, update, screenshot, delete])
    def decide(name, input, context):
        if name.endswith("find"):
            return sdk.PermissionResultAllow(updated_permissions=context.suggestions)
        if name.endswith("delete"):
            return sdk.PermissionResultDeny(message="never delete", interrupt=True)
    rewrite = lambda i: specific("PreToolUse", updatedInput={**i["tool_input"], "status": "closed"})
    hooks = on(sdk, log, "PreToolUse", rewrite, "mcp__tickets__update")
    await converse(sdk, log, make_options(mcp_servers={"tickets": kit}, hooks=hooks, can_use_tool=permissions(sdk, log, decide)), "tidy ticket 7", "and now?")
