from _util import *
DOC = "a background agent whose permission is asked while the main turn is over; allowed; a second one is stopped by stop_task; a foreground agent after them; hooks told"
MODEL = [
    [T("Two of them."), Agent("a1", "SUB touch", "toucher", background=True)],
    {"match": "You touch.", "delay": 1.0, "content": [TU("w1", "Write", file_path="/project/t.txt", content="t\n")]},
    {"match": "You touch.", "content": [T("Touched.")]},
    [T("Sent out.")],
    [T("It touched t.")],
    [Agent("a2", "SUB wait", "waiter", background=True)],
    {"match": "You wait.", "content": [Bash("b1", "sleep 0.2; echo soon")]},
    {"match": "You wait.", "delay": 30, "content": [T("Too late.")]},
    [T("Waiting.")],
    [T("It was stopped.")],
    [T("spare")],
]
async def drive(sdk, make_options, log):
    agents = {"toucher": sdk.AgentDefinition(description="Touches", prompt="You touch."), "waiter": sdk.AgentDefinition(description="Waits", prompt="You wait.", tools=["Bash"])}
    hooks = {**on(sdk, log, "SubagentStop"), **on(sdk, log, "Stop")}
    async with sdk.ClaudeSDKClient(options=make_options(agents=agents, hooks=hooks, allowed_tools=["Bash(sleep:*)"], can_use_tool=permissions(sdk, log))) as c:
        await c.query("touch")
        await until(c, log, results(2), 12)
        await c.query("wait")
        seen = await until(c, log, results(1), 10)
        ids = [m.task_id for m in seen if type(m).__name__ == "TaskStartedMessage"]
        await asyncio.sleep(1.0)
        await attempt(log, "stop_task", c.stop_task(ids[-1]))
        await until_quiet(c, log, 2.5)
    log("client_closed")
