from _util import *
DOC = "ToolSearch for in-process tools by select and by words, one that finds nothing; then the tools it found; thinking and partial messages"
MODEL = [
    [{"type": "thinking", "thinking": "Which tools are there?"}, TU("t1", "ToolSearch", query="select:mcp__lib__lend,mcp__lib__shelf", max_results=5)],
    [TU("m1", "mcp__lib__lend", title="Emma")],
    [TU("t2", "ToolSearch", query="shelf books", max_results=3)], [TU("t3", "ToolSearch", query="select:NoSuchTool", max_results=2)],
    [TU("m2", "mcp__lib__shelf", row=3)],
    [T("Lent.")],
    [TU("t4", "ToolSearch", query="+lib lend", max_results=1)],
    [T("Found again.")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("lend", "Lends a book to somebody", {"title": str})
    async def lend(args):
        return {"content": [{"type": "text", "text": f"{args['title']} lent"}]}
    @sdk.tool("shelf", "Shows the books of a shelf row", {"row": int})
    async def shelf(args):
        raise ValueError("no such row")
    lib = sdk.create_sdk_mcp_server("lib", version="2.0.0", tools=[lend, shelf])
    await converse(sdk, log, make_options(mcp_servers={"lib": lib}, allowed_tools=["mcp__lib__lend", "mcp__lib__shelf"], include_partial_messages=True), "lend Emma", "find it again")
