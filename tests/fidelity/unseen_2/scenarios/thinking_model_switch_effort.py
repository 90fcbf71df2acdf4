from _util import *
DOC = "adaptive thinking and effort; thinking before text and between two tools in partial messages; set_model to one that is not there, then to another; thinking switched off by a second client that continues"
TH = lambda s: {"type": "thinking", "thinking": s}
MODEL = [
    [TH("Let me consider the order of things."), T("I look."), Bash("b1", "echo one"), TH("Another."), Bash("b2", "sleep 0.9; echo two")],
    [TH("Now the end."), T("Ends.")],
    [TH("As another model."), T("Other.")],
    [T("Without thinking.")],
]
async def drive(sdk, make_options, log):
    async def set_model(c):
        await attempt(log, "set_model other", c.set_model("claude-haiku-4-5"))
        await attempt(log, "set_model default", c.set_model(None))
    await converse(sdk, log, make_options(model="claude-opus-4-5", thinking={"type": "adaptive"}, effort="high", include_partial_messages=True), "think", set_model, "again")
    await converse(sdk, log, make_options(continue_conversation=True, thinking={"type": "disabled"}, model="claude-sonnet-4-5", max_turns=1), "plainly")
