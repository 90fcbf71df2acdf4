from _util import *
DOC = "interrupt while a foreground sub-agent's Bash sleeps; a second turn"
MODEL = [[Agent("a1", "SUB sleep", "sleeper")], {"match": "You are a sleeper.", "content": [Bash("b1", "python3 -c 'import time; time.sleep(30)'")]}, [T("Next.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop"), **on(sdk, log, "PreToolUse"), **on(sdk, log, "PostToolUseFailure")}
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"], hooks=h, agents={"sleeper": sdk.AgentDefinition(description="Sleeps", prompt="You are a sleeper.")})) as c:
        await c.query("delegate")
        done = False
        async for m in c.receive_response():
            log.message(m)
            if type(m).__name__ == "AssistantMessage" and m.parent_tool_use_id and not done:
                done = True
                await asyncio.sleep(0.8)
                await attempt(log, "interrupt", c.interrupt())
        await c.query("again")
        await listen(c, log)
