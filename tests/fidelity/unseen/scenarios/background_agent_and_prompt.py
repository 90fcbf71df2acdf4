from _util import *
DOC = "an agent that is defined as a background one works while the user asks something else; its report comes by itself"
FILES = {"a.txt": "alpha\n"}
MODEL = [
    [T("Sending a scout."), Agent("a1", "SUB scout", "scout", background=True)],
    {"match": "You are a scout.", "content": [TU("r1", "Read", file_path="/project/a.txt")], "delay": 2.5},
    {"match": "You are a scout.", "content": [T("Alpha lies there.")]},
    [T("The scout is out.")],
    [Bash("b1", "echo meanwhile")],
    [T("Meanwhile done.")],
    [T("The scout found alpha.")],
]
async def drive(sdk, make_options, log):
    agents = {"scout": sdk.AgentDefinition(description="Scouts", prompt="You are a scout.", tools=["Read"], background=True)}
    hooks = {**on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop"), **on(sdk, log, "Stop")}
    async with sdk.ClaudeSDKClient(options=make_options(agents=agents, hooks=hooks)) as c:
        await c.query("scout around")
        await listen(c, log)
        await c.query("do something else")
        await until(c, log, results(2), 12)
    log("client_closed")
