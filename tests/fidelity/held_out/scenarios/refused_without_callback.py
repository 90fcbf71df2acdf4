from _util import *
DOC = "default mode, nobody to ask: Write, Edit, WebFetch, MCP, Read outside, compound Bash, redirect, cd outside, a path outside"
FILES = {"a.txt": "one\n"}
MODEL = [[TU("w1", "Write", file_path="/project/new.txt", content="x\n")], [TU("r1", "Read", file_path="/project/a.txt")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="one", new_string="two")],
         [TU("f1", "WebFetch", url="https://docs.example.com/page", prompt="what")], [TU("m1", "mcp__kit__greet", name="Ada")], [TU("r2", "Read", file_path="/etc/hostname")],
         [Bash("b1", "git status && touch x")], [Bash("b2", "echo hi > out.txt")], [Bash("b3", "cd /tmp && touch x")], [Bash("b4", "cat /etc/hostname")], [Bash("b5", "rm a.txt")], [TU("s1", "WebSearch", query="weather")], [T("None.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}), "go")
