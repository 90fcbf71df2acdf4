from _util import *
DOC = "AskUserQuestion: two questions, one multi-select, then refused, then a bad one; hooks before and on the request"
Q = lambda text, multi, *labels: {"question": text, "header": text[:8], "multiSelect": multi, "options": [{"label": l, "description": "the " + l} for l in labels]}
MODEL = [
    [T("Two questions."), TU("q1", "AskUserQuestion", questions=[Q("Which toppings?", True, "Cheese", "Olives", "Ham"), Q("What size?", False, "Small", "Large")])],
    [TU("q2", "AskUserQuestion", questions=[Q("Sure?", False, "Yes", "No")])],
    [TU("q3", "AskUserQuestion", questions=[Q("Alone?", False, "Only")])],
    [TU("q4", "AskUserQuestion", questions=[])],
    [T("A large one with cheese and ham.")],
]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        if len(input["questions"]) == 2:
            return sdk.PermissionResultAllow(updated_input={**input, "answers": {"Which toppings?": "Cheese, Ham", "What size?": "Large"}})
        return "enough questions"
    hooks = {**on(sdk, log, "PreToolUse", None, "AskUserQuestion"), **on(sdk, log, "PermissionRequest"), **on(sdk, log, "PostToolUse"), **on(sdk, log, "PostToolUseFailure")}
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide), hooks=hooks), "order a pizza")
