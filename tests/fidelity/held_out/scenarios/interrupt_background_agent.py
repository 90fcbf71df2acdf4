from _util import *
DOC = "interrupt while a background agent works and the main turn streams; then stop_task on the agent; a last turn"
MODEL = [[Agent("a1", "SUB work", "worker", background=True)], {"match": "You are a worker.", "hang": 25, "content": []}, {"content": [T("Talking."), {"type": "sleep", "seconds": 20}, T("Unsaid.")]}, [T("Last.")], [T("Spare.")]]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(agents={"worker": sdk.AgentDefinition(description="Works", prompt="You are a worker.")})) as c:
        await c.query("work")
        task = None
        stopped = None
        async def stop():
            await asyncio.sleep(0.4)
            await attempt(log, "interrupt", c.interrupt())
        async for m in c.receive_response():
            log.message(m)
            task = task or getattr(m, "task_id", None)
            if stopped is None and type(m).__name__ == "AssistantMessage" and type(m.content[0]).__name__ == "TextBlock":
                stopped = asyncio.ensure_future(stop())
        await stopped
        await attempt(log, "stop_task", c.stop_task(task))
        await until_quiet(c, log, 1.5)
        await c.query("last")
        await listen(c, log)
