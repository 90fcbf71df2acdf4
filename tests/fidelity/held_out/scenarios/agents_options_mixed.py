from _util import *
DOC = "sub-agents with a permission mode of their own, disallowed tools and a model; an MCP tool inside one; then the Agent tool itself denied by a rule"
MODEL = [[Agent("a1", "SUB write", "writer")], {"match": "You are a writer.", "content": [TU("w1", "Write", file_path="/project/a.txt", content="a\n")]}, {"match": "You are a writer.", "content": [TU("m1", "mcp__kit__greet", name="Ada")]}, {"match": "You are a writer.", "content": [T("Wrote and greeted.")]},
         [Agent("a2", "SUB bash", "noshell")], {"match": "You have no shell.", "content": [Bash("b1", "ls")]}, {"match": "You have no shell.", "content": [T("No shell here.")]}, [Agent("a3", "SUB plan", "Plan")], [T("Agents used.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    D = sdk.AgentDefinition
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"], disallowed_tools=["Agent(Plan)"], agents={"writer": D(description="Writes", prompt="You are a writer.", permissionMode="acceptEdits", model="haiku"), "noshell": D(description="No shell", prompt="You have no shell.", disallowedTools=["Bash"])}), "use agents")
