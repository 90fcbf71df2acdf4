from _util import *
DOC = "a hook defers an in-process tool; the session is resumed with a callback that allows it; a second one is deferred with another beside it, and resumed with a prompt"
MODEL = [
    [T("Ordering."), TU("m1", "mcp__shop__order", item="tea")],
    [T("Ordered after all.")],
    [Bash("b1", "echo check"), TU("m2", "mcp__shop__order", item="milk")],
    [T("Both.")], [T("spare")], [T("spare 2")],
]
async def drive(sdk, make_options, log):
    def shop():
        @sdk.tool("order", "Orders", {"item": str})
        async def order(args):
            log("tool", args=args)
            return {"content": [{"type": "text", "text": f"{args['item']} ordered"}]}
        return {"shop": sdk.create_sdk_mcp_server("shop", tools=[order])}
    defer = lambda i: specific("PreToolUse", permissionDecision="defer")
    r = await ask(sdk, log, "order tea", make_options(mcp_servers=shop(), hooks=on(sdk, log, "PreToolUse", defer, "mcp__shop__order")))
    r = await ask(sdk, log, "go on", make_options(mcp_servers=shop(), resume=r.session_id, can_use_tool=permissions(sdk, log)))
    r = await ask(sdk, log, "milk too", make_options(mcp_servers=shop(), resume=r.session_id, hooks=on(sdk, log, "PreToolUse", defer, "mcp__shop__order")))
    await ask(sdk, log, "well?", make_options(mcp_servers=shop(), resume=r.session_id))
