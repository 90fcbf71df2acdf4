from _util import *
DOC = "dontAsk with rules and an added folder: an agent in it, a file outside, a write inside; the mode changed to bypass is refused"
FILES = {"a.txt": "alpha\n", "~/extra/x.txt": "extra\n"}
MODEL = [
    [TU("r1", "Read", file_path="/home/user/extra/x.txt"), TU("r2", "Read", file_path="/etc/hostname"), TU("w1", "Write", file_path="/project/b.txt", content="b\n")],
    [Agent("a1", "SUB try", "trier")],
    {"match": "You try.", "content": [Bash("b1", "touch t.txt")]},
    {"match": "You try.", "content": [T("Refused.")]},
    [T("As far as allowed.")],
    [TU("w2", "Write", file_path="/home/user/extra/y.txt", content="y\n")], [T("Written outside.")],
]
async def drive(sdk, make_options, log):
    async def bypass(c):
        return await c.set_permission_mode("bypassPermissions")
    async def accept_edits(c):
        return await c.set_permission_mode("acceptEdits")
    options = make_options(permission_mode="dontAsk", add_dirs=["/home/user/extra"], agents={"trier": sdk.AgentDefinition(description="Tries", prompt="You try.")}, can_use_tool=permissions(sdk, log))
    await converse(sdk, log, options, "try", bypass, accept_edits, "again")
