from _util import *
DOC = "two background agents of different length and a background Bash: three notification turns, hooks, results counted"
MODEL = [[Agent("a1", "SUB quick", "quick", background=True), Agent("a2", "SUB slow", "slow", background=True)], {"match": "You are quick.", "delay": 1.0, "content": [T("Quick done.")]}, {"match": "You are slow.", "delay": 3.5, "content": [T("Slow done.")]}, [T("Both started.")], [T("Quick one is back.")], [T("Slow one is back.")], [T("Spare.")]]
async def drive(sdk, make_options, log):
    D = sdk.AgentDefinition
    h = {**on(sdk, log, "Stop"), **on(sdk, log, "SubagentStop")}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=h, agents={"quick": D(description="Quick", prompt="You are quick."), "slow": D(description="Slow", prompt="You are slow.")})) as c:
        await c.query("start both")
        await until(c, log, results(3), 25)
        await asyncio.sleep(0.3)
