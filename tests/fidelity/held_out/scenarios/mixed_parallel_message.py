from _util import *
DOC = "one message with a text, a denied Bash, an MCP call, an agent and an unknown tool; a Stop hook; include partial messages off; results in order"
MODEL = [[T("All at once."), Bash("b1", "touch no.txt"), TU("m1", "mcp__kit__greet", name="Ada"), TU("x1", "Imaginary", a=1), Agent("a1", "SUB say", "sayer")], {"match": "You are a sayer.", "delay": 0.8, "content": [T("Said.")]}, [T("Everything came back.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        await asyncio.sleep(0.3)
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"], can_use_tool=permissions(sdk, log, lambda n, i, c: "no"), hooks=on(sdk, log, "Stop"), agents={"sayer": sdk.AgentDefinition(description="Says", prompt="You are a sayer.")}), "all at once")
