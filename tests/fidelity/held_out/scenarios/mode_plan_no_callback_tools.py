from _util import *
DOC = "plan mode without a callback, with an allow rule and an MCP tool: Read, ls, Write, an allowed Bash, MCP, Agent, ExitPlanMode"
FILES = {"a.txt": "a\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [TU("w1", "Write", file_path="/project/b.txt", content="b\n")], [Bash("b1", "touch ok")], [TU("m1", "mcp__kit__greet", name="Ada")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="a", new_string="b")], [TU("p1", "ExitPlanMode", plan="x")], [T("Only planned.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str}, annotations=None)
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    await converse(sdk, log, make_options(permission_mode="plan", mcp_servers={"kit": kit}, allowed_tools=["Bash(touch:*)", "mcp__kit__greet"]), "plan")
