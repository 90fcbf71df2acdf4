from _util import *
DOC = "the todo and task tools asked for by name in `tools`: used, misused, beside a Read"
FILES = {"a.txt": "alpha\n"}
MODEL = [
    [TU("t1", "TodoWrite", todos=[{"content": "Read a", "status": "in_progress", "activeForm": "Reading a"}, {"content": "Tell", "status": "pending", "activeForm": "Telling"}])],
    [TU("r1", "Read", file_path="/project/a.txt"), TU("t2", "TodoWrite", todos=[{"content": "Read a", "status": "completed", "activeForm": "Reading a"}])],
    [TU("t3", "TodoWrite", todos="none")],
    [TU("c1", "TaskCreate", subject="Tell", description="Tell it", activeForm="Telling"), TU("c2", "TaskList")],
    [TU("c3", "TaskUpdate", taskId="1", status="completed"), TU("c4", "TaskGet", taskId="9")],
    [T("All listed.")],
]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(tools=["Read", "TodoWrite", "TaskCreate", "TaskUpdate", "TaskGet", "TaskList"], hooks=on(sdk, log, "PostToolUse")), "plan and do")
