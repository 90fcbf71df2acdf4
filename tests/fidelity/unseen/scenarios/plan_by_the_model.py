from _util import *
DOC = "the model enters plan mode, asks a question, shows its plan twice; the client changes the mode at last"
MODEL = [
    [TU("p1", "EnterPlanMode")],
    [TU("q1", "AskUserQuestion", questions=[{"question": "Which store?", "header": "Store", "multiSelect": False, "options": [{"label": "SQLite", "description": "a file"}, {"label": "Postgres", "description": "a server"}]}])],
    [Bash("b1", "mkdir data", "Make a folder")],
    [TU("p2", "ExitPlanMode", plan="1. Use SQLite")],
    [T("I wait for you.")],
    [TU("w1", "Write", file_path="/project/plan.txt", content="sqlite\n")], [T("Written.")],
]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        if name == "AskUserQuestion":
            return sdk.PermissionResultAllow(updated_input={**input, "answers": {"Which store?": "SQLite"}})
        if name == "ExitPlanMode":
            return "add a test first"
        if name == "Bash":
            return "no shell while planning"
    async def set_accept_edits(c):
        return await c.set_permission_mode("acceptEdits")
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide)), "design storage", set_accept_edits, "go")
