from _util import *
DOC = "a review bot: parallel reads, an edit refused by a hook on protected paths, an edit that passes in acceptEdits, context after the tools, a second turn that reads again"
FILES = {"src/app.py": "def run():\n    return 1\n", "src/secret.py": "KEY = 'x'\n", "notes.md": "# Notes\n\nKeep it short.\n"}
MODEL = [
    [T("Reading first."), TU("r1", "Read", file_path="/project/src/app.py"), TU("r2", "Read", file_path="/project/src/secret.py"), TU("r3", "Read", file_path="/project/notes.md", offset=2, limit=1)],
    [TU("e1", "Edit", file_path="/project/src/secret.py", old_string="'x'", new_string="'y'")],
    [TU("e2", "Edit", file_path="/project/src/app.py", old_string="return 1", new_string="return 2"), TU("e3", "Edit", file_path="/project/src/app.py", old_string="absent", new_string="z")],
    [T("Reviewed: one change.")],
    [TU("r4", "Read", file_path="/project/src/app.py")],
    [T("It returns 2 now.")],
]
async def drive(sdk, make_options, log):
    def guard(i):
        return specific("PreToolUse", permissionDecision="deny", permissionDecisionReason="secret.py is protected") if "secret" in i["tool_input"]["file_path"] else {}
    hooks = {**on(sdk, log, "PreToolUse", guard, "Edit|Write"), **on(sdk, log, "PostToolUse", specific("PostToolUse", additionalContext="Mind the style guide."), "Edit"),
             **on(sdk, log, "PostToolUseFailure", None, "Edit"), **on(sdk, log, "PostToolBatch")}
    options = make_options(hooks=hooks, permission_mode="acceptEdits", system_prompt={"type": "preset", "preset": "claude_code", "append": "Review, be brief."})
    await converse(sdk, log, options, "Review src", "What does run return now?")
