from _util import *
DOC = "disallowed_tools with whole tools, an MCP server, a path rule and a WebFetch domain; an allow rule of the same tool loses"
FILES = {"a.txt": "a\n", "keep/b.txt": "b\n"}
MODEL = [[TU("w1", "Write", file_path="/project/keep/b.txt", content="c\n")], [TU("r0", "Read", file_path="/project/a.txt")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="a", new_string="b")], [TU("f1", "WebFetch", url="https://bad.example.com/x", prompt="p")], [TU("m1", "mcp__kit__greet", name="Ada")], [TU("m2", "mcp__box__greet", name="Bob")], [TU("s1", "WebSearch", query="weather")], [Bash("b1", "cat keep/b.txt")], [T("Disallowed.")]]
async def drive(sdk, make_options, log):
    def server(n):
        @sdk.tool("greet", "Greets", {"name": str})
        async def greet(args):
            log("tool", server=n)
            return {"content": [{"type": "text", "text": n + args["name"]}]}
        return sdk.create_sdk_mcp_server(n, tools=[greet])
    await converse(sdk, log, make_options(mcp_servers={"kit": server("kit"), "box": server("box")}, permission_mode="acceptEdits", allowed_tools=["mcp__kit", "mcp__box", "WebFetch", "WebSearch"], disallowed_tools=["mcp__box", "Edit(keep/**)", "WebFetch(domain:bad.example.com)", "WebSearch"]), "go")
