from _util import *
DOC = "the task list asked for by name: created, updated with owners and blocks, listed in an agent too, deleted, a wrong status; hooks on TaskCreated and TaskCompleted, partial messages"
MODEL = [
    [TU("c1", "TaskCreate", subject="Paint", description="Paint the wall", activeForm="Painting"), TU("c2", "TaskCreate", subject="Dry", description="Let it dry")],
    [TU("u1", "TaskUpdate", taskId="2", addBlockedBy=["1"], owner="wind")], [TU("l1", "TaskList")],
    [Agent("a1", "SUB tasks", "worker")],
    {"match": "You work.", "content": [TU("l2", "TaskList")]},
    {"match": "You work.", "content": [TU("u2", "TaskUpdate", taskId="1", status="in_progress")]},
    {"match": "You work.", "content": [T("One in progress.")]},
    [TU("u3", "TaskUpdate", taskId="1", status="completed"), TU("u4", "TaskUpdate", taskId="2", status="deleted"), TU("u5", "TaskUpdate", taskId="1", status="half")],
    [TU("g1", "TaskGet", taskId="1")], [TU("l3", "TaskList")],
    [T("All painted.")],
    [TU("l4", "TaskList")], [T("Still one.")],
]
async def drive(sdk, make_options, log):
    agents = {"worker": sdk.AgentDefinition(description="Works", prompt="You work.")}
    hooks = {**on(sdk, log, "TaskCreated"), **on(sdk, log, "TaskCompleted"), **on(sdk, log, "PostToolUse", None, "Task.*")}
    await converse(sdk, log, make_options(tools=["Agent", "TaskCreate", "TaskUpdate", "TaskList", "TaskGet"], agents=agents, hooks=hooks, include_partial_messages=True), "paint", "what is left?")
