from _util import *
DOC = "get_context_usage, get_mcp_status, set_permission_mode and set_model while a permission is pending and while a tool runs"
MODEL = [[Bash("b1", "sleep 1; touch slow")], [T("Asked in between.")]]
async def drive(sdk, make_options, log):
    holder = {}
    async def decide():
        c = holder["c"]
        u = await attempt(log, "usage", c.get_context_usage())
        await attempt(log, "status", c.get_mcp_status())
        await attempt(log, "mode", c.set_permission_mode("acceptEdits"))
        await attempt(log, "model", c.set_model("claude-sonnet-4-5"))
    def cb(n, i, x):
        async def f():
            await decide()
        return f()
    async with sdk.ClaudeSDKClient(options=make_options(can_use_tool=permissions(sdk, log, cb))) as c:
        holder["c"] = c
        await c.query("go")
        await listen(c, log)
