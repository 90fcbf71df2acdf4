from _util import *
DOC = "a permission callback that raises, one that answers nonsense, a tool function that raises and one that never ends within its timeout, a Stop hook that raises; on a client with partial messages"
ENV = {"MCP_TOOL_TIMEOUT": "1500"}
MODEL = [
    [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")],
    [TU("m1", "mcp__bad__boom"), TU("m2", "mcp__bad__sleepy")], [TU("m3", "mcp__bad__odd")],
    [T("All of it failed.")], [Bash("b1", "echo still here")], [T("Fine.")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("boom", "Raises", {})
    async def boom(args):
        raise RuntimeError("the tool broke")
    @sdk.tool("sleepy", "Sleeps", {})
    async def sleepy(args):
        await asyncio.sleep(6)
        return {"content": [{"type": "text", "text": "late"}]}
    @sdk.tool("odd", "Odd", {})
    async def odd(args):
        return {"content": [{"type": "text", "text": ""}], "is_error": True}
    def decide(name, input, context):
        if input.get("file_path", "").endswith("a.txt"):
            raise KeyError("lost")
        return {"yes": 1} if name == "Write" else None
    def broken(i):
        raise ValueError("stop hook broke")
    kit = sdk.create_sdk_mcp_server("bad", tools=[boom, sleepy, odd])
    await converse(sdk, log, make_options(mcp_servers={"bad": kit}, hooks=on(sdk, log, "Stop", broken), can_use_tool=permissions(sdk, log, decide), include_partial_messages=True), "try", "and now")
