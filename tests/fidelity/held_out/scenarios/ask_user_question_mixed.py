from _util import *
DOC = "AskUserQuestion answered, answered with several, denied; EnterPlanMode and ExitPlanMode; partial interplay with a hook that sees them"
Q = lambda q, multi=False: {"question": q, "header": "Pick", "multiSelect": multi, "options": [{"label": "A", "description": "first"}, {"label": "B", "description": "second"}]}
MODEL = [[TU("q1", "AskUserQuestion", questions=[Q("Which?")])], [TU("q2", "AskUserQuestion", questions=[Q("Which ones?", True), Q("And here?")])], [TU("q3", "AskUserQuestion", questions=[Q("Denied?")])], [TU("q4", "AskUserQuestion", questions=[])], [TU("p1", "EnterPlanMode")], [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [TU("p2", "ExitPlanMode", plan="do it")], [T("All asked.")]]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        if name == "AskUserQuestion":
            qs = [q["question"] for q in input["questions"]]
            if "Denied?" in qs:
                return "I would rather not say"
            return sdk.PermissionResultAllow(updated_input={**input, "answers": {q: "A" if q != "Which ones?" else "A, B" for q in qs}})
        return None if name != "Write" else "not while planning"
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide), hooks=on(sdk, log, "PreToolUse")), "ask me")
