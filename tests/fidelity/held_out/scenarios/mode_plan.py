from _util import *
DOC = "plan mode with a callback: Read, read-only Bash, touch, Write, Edit, WebFetch, a plan file, ExitPlanMode denied, then allowed; then a Write"
FILES = {"a.txt": "one\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [Bash("b1", "ls")], [Bash("b2", "touch x")], [TU("w1", "Write", file_path="/project/new.txt", content="x\n")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="one", new_string="two")],
         [TU("f1", "WebFetch", url="https://docs.example.com/page", prompt="what")], [TU("p1", "ExitPlanMode", plan="1. Do it")], [TU("p2", "ExitPlanMode", plan="1. Do it well")], [TU("w2", "Write", file_path="/project/new.txt", content="x\n")], [T("Planned.")]]
async def drive(sdk, make_options, log):
    seen = []
    def decide(name, input, context):
        seen.append(name)
        if name == "ExitPlanMode" and seen.count("ExitPlanMode") == 2:
            return None
        return None if name == "Write" and "ExitPlanMode" in seen else "not now"
    await converse(sdk, log, make_options(permission_mode="plan", can_use_tool=permissions(sdk, log, decide)), "plan it")
