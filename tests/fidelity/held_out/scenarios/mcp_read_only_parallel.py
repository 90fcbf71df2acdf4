from _util import *
DOC = "three calls in a message to read-only MCP tools, the first the slowest, then a writing one between two read-only ones"
MODEL = [[TU("m1", "mcp__kit__look", s=0.9), TU("m2", "mcp__kit__look", s=0.5), TU("m3", "mcp__kit__look", s=0.1)], [TU("m4", "mcp__kit__look", s=0.6), TU("m5", "mcp__kit__put", s=0.2), TU("m6", "mcp__kit__look", s=0.1)], [T("Looked and put.")]]
async def drive(sdk, make_options, log):
    def tool(name, read_only):
        @sdk.tool(name, name, {"s": float}, annotations=sdk.ToolAnnotations(readOnlyHint=read_only))
        async def f(args):
            log("tool", name=name, args=args)
            await asyncio.sleep(args["s"])
            return {"content": [{"type": "text", "text": f"{name} {args['s']}"}]}
        return f
    kit = sdk.create_sdk_mcp_server("kit", tools=[tool("look", True), tool("put", False)])
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"]), "look")
