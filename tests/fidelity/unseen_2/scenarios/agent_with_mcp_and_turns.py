from _util import *
DOC = "an agent with an in-process server, a turn limit of its own and a refused tool; the main thread has max_turns too; text forwarded"
MODEL = [
    [Agent("a1", "SUB weigh", "weigher")],
    {"match": "You weigh.", "content": [T("On the scale."), TU("m1", "mcp__scale__weigh", thing="apple")]},
    {"match": "You weigh.", "content": [TU("m2", "mcp__scale__weigh", thing="pear"), TU("m3", "mcp__scale__tare")]},
    {"match": "You weigh.", "content": [TU("m4", "mcp__scale__weigh", thing="plum")]},
    {"match": "You weigh.", "content": [T("Weighed all.")]},
    [TU("m5", "mcp__scale__weigh", thing="melon")],
    [Bash("b1", "echo heavy")],
    [T("never")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("weigh", "Weighs", {"thing": str})
    async def weigh(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": f"{len(args['thing'])}00 g"}]}
    @sdk.tool("tare", "Tares", {})
    async def tare(args):
        return {"content": [{"type": "text", "text": "zero"}]}
    kit = sdk.create_sdk_mcp_server("scale", tools=[weigh, tare])
    agents = {"weigher": sdk.AgentDefinition(description="Weighs", prompt="You weigh.", tools=["mcp__scale__weigh", "mcp__scale__tare"], maxTurns=3)}
    decide = lambda name, input, context: "keep the tare" if name.endswith("tare") else None
    await converse(sdk, log, make_options(mcp_servers={"scale": kit}, agents=agents, max_turns=3, forward_subagent_text=True, can_use_tool=permissions(sdk, log, decide)), "weigh the fruit", "and once more")
