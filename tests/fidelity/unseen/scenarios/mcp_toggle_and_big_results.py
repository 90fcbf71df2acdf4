from _util import *
DOC = "an in-process server switched off and on between turns, a big result, a resource, an error with two texts, a read-only hint; status each time"
MODEL = [
    [TU("m1", "mcp__lab__big", n=70000), TU("m2", "mcp__lab__mixed")],
    [TU("m3", "mcp__lab__bad")], [T("First round.")],
    [TU("m4", "mcp__lab__mixed")], [T("It is off.")],
    [TU("m5", "mcp__lab__mixed")], [T("It is on.")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("big", "Big", {"n": int}, annotations=sdk.ToolAnnotations(readOnlyHint=True))
    async def big(args):
        return {"content": [{"type": "text", "text": "word " * (args["n"] // 5)}]}
    @sdk.tool("mixed", "Mixed", {})
    async def mixed(args):
        return {"content": [{"type": "text", "text": "see"}, {"type": "resource", "resource": {"uri": "file:///project/a.txt", "text": "alpha", "mimeType": "text/plain"}}, {"type": "resource_link", "uri": "https://example.com/x", "name": "x"}]}
    @sdk.tool("bad", "Bad", {})
    async def bad(args):
        return {"content": [{"type": "text", "text": "broke"}, {"type": "text", "text": "twice"}], "is_error": True}
    lab = sdk.create_sdk_mcp_server("lab", tools=[big, mixed, bad])
    def call(name, f):
        f.__name__ = name
        return f
    status = call("status", lambda c: c.get_mcp_status())
    await converse(sdk, log, make_options(mcp_servers={"lab": lab}, allowed_tools=["mcp__lab"]), "one", status,
                   call("off", lambda c: c.toggle_mcp_server("lab", False)), status, "two", call("on", lambda c: c.toggle_mcp_server("lab", True)), status, "three")
