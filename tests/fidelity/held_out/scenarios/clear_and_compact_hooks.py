from _util import *
DOC = "a turn with a tool, /clear, a turn, /context, /compact, a turn; SessionStart, SessionEnd, PreCompact, Stop hooks; mcp server stays"
MODEL = [[TU("m1", "mcp__kit__greet", name="Ada")], [T("Greeted.")], [T("After the clear.")], [T("<analysis>x</analysis><summary>Short.</summary>")], [TU("m2", "mcp__kit__greet", name="Bob")], [T("Greeted again.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    h = {**on(sdk, log, "SessionStart"), **on(sdk, log, "SessionEnd"), **on(sdk, log, "PreCompact"), **on(sdk, log, "Stop")}
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit__greet"], hooks=h), "greet", "/clear", "on", "/compact", "greet again")
