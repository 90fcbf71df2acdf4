from _util import *
DOC = "an agent that asks the user a question and makes a plan; hooks with agent ids on every event; the callback answers one with an updated input; another agent runs in acceptEdits of its own"
Q = {"question": "Red or blue?", "header": "Colour", "multiSelect": False, "options": [{"label": "Red", "description": "warm"}, {"label": "Blue", "description": "cold"}]}
MODEL = [
    [Agent("a1", "SUB ask", "asker"), T("beside")],
    {"match": "You ask.", "content": [TU("q1", "AskUserQuestion", questions=[Q])]},
    {"match": "You ask.", "content": [T("Blue it is.")]},
    [Agent("a2", "SUB paint", "painter", description="paint it")],
    {"match": "You paint.", "content": [TU("w1", "Write", file_path="/project/wall.txt", content="blue\n"), Bash("b1", "touch brush")]},
    {"match": "You paint.", "content": [T("Painted.")]},
    [T("The wall is blue.")],
]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        if name == "AskUserQuestion":
            return sdk.PermissionResultAllow(updated_input={**input, "answers": {"Red or blue?": "Blue"}})
        return "no brushes" if name == "Bash" else None
    agents = {"asker": sdk.AgentDefinition(description="Asks", prompt="You ask."), "painter": sdk.AgentDefinition(description="Paints", prompt="You paint.", permissionMode="acceptEdits", tools=["Write", "Bash"])}
    hooks = {}
    for e in ("PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop", "PermissionRequest"):
        hooks |= on(sdk, log, e)
    await converse(sdk, log, make_options(agents=agents, hooks=hooks, can_use_tool=permissions(sdk, log, decide)), "paint the wall")
