from _util import *
DOC = "SDK MCP tools that raise, return nothing, return is_error, unicode and a big text; a stdio server that dies; two in one message with an error"
BIG = "word " * 3000
MODEL = [[TU("m1", "mcp__kit__act", what="raise")], [TU("m2", "mcp__kit__act", what="error"), TU("m3", "mcp__kit__act", what="é漢🙂")], [TU("m4", "mcp__kit__act", what="empty")], [TU("m5", "mcp__kit__act", wrong=1)], [TU("m6", "mcp__gone__thing", x=1)], [T("Faults seen.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("act", "Acts", {"what": str})
    async def act(args):
        log("tool", args=args)
        w = args["what"]
        if w == "raise":
            raise RuntimeError("tool broke")
        if w == "error":
            return {"content": [{"type": "text", "text": "no good"}], "is_error": True}
        return {"content": [] if w == "empty" else [{"type": "text", "text": w}]}
    kit = sdk.create_sdk_mcp_server("kit", version="3.0.0", tools=[act])
    def call(n, f):
        f.__name__ = n
        return f
    await converse(sdk, log, make_options(mcp_servers={"kit": kit, "gone": {"command": "/bin/false"}}, allowed_tools=["mcp__kit"]), "act", call("status", lambda c: c.get_mcp_status()))
