from _util import *
DOC = "a background Bash stopped with stop_task; its output read before; a second turn"
MODEL = [[Bash("b1", "echo begun; sleep 60", run_in_background=True)], [T("Started.")], [T("It was stopped.")], [T("Next turn.")]]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"])) as c:
        await c.query("start")
        task = None
        async for m in c.receive_response():
            log.message(m)
            if type(m).__name__ == "TaskStartedMessage":
                task = m.task_id
        await asyncio.sleep(0.3)
        await attempt(log, "stop_task", c.stop_task(task))
        await until_quiet(c, log, 2)
        await c.query("next")
        await listen(c, log)
