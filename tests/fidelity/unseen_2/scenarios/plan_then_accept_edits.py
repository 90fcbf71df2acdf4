from _util import *
DOC = "plan mode with an agent that may look only; the plan refused with a word, then allowed with setMode acceptEdits; writes pass; back to plan by control with partial messages on"
FILES = {"a.txt": "alpha\n"}
MODEL = [
    [Agent("a1", "SUB look", "looker")],
    {"match": "You look.", "content": [TU("r1", "Read", file_path="/project/a.txt"), TU("w0", "Write", file_path="/project/bad.txt", content="x")]},
    {"match": "You look.", "content": [T("Alpha.")]},
    [T("My plan."), TU("x1", "ExitPlanMode", plan="1. Write b.")],
    [TU("x2", "ExitPlanMode", plan="1. Write b.\n2. Test.")],
    [TU("w1", "Write", file_path="/project/b.txt", content="b\n"), Bash("b1", "mkdir d && touch d/x")],
    [T("Done.")],
    [TU("w2", "Write", file_path="/project/c.txt", content="c\n")],
    [T("Only planned.")],
]
async def drive(sdk, make_options, log):
    seen = []
    def decide(name, input, context):
        if name == "ExitPlanMode":
            seen.append(1)
            if len(seen) == 1:
                return "test it as well"
            return sdk.PermissionResultAllow(updated_permissions=[sdk.PermissionUpdate(type="setMode", mode="acceptEdits", destination="session")])
        return "not in this mode" if name == "Write" else None
    async def set_permission_mode(c):
        return await c.set_permission_mode("plan")
    agents = {"looker": sdk.AgentDefinition(description="Looks", prompt="You look.", tools=["Read", "Write"])}
    await converse(sdk, log, make_options(permission_mode="plan", agents=agents, include_partial_messages=True, can_use_tool=permissions(sdk, log, decide)), "plan it", set_permission_mode, "and c")
