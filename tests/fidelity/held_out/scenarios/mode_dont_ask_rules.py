from _util import *
DOC = "dontAsk with allow rules: Read, ls, an allowed Bash, another Bash, Write, MCP, Read outside, WebFetch, Agent"
FILES = {"a.txt": "one\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [Bash("b1", "ls")], [Bash("b2", "touch ok")], [Bash("b3", "mkdir no")], [TU("w1", "Write", file_path="/project/new.txt", content="x\n")], [TU("m1", "mcp__kit__greet", name="Ada")],
         [TU("r2", "Read", file_path="/etc/hostname")], [T("Done without asking.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    await converse(sdk, log, make_options(permission_mode="dontAsk", mcp_servers={"kit": kit}, allowed_tools=["Bash(touch:*)"]), "go")
