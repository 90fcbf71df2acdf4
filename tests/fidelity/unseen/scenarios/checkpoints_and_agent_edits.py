from _util import *
DOC = "file checkpoints: edits of the main thread and of an agent, rewound to the second prompt, then a turn that reads"
FILES = {"a.txt": "zero\n"}
MODEL = [
    [TU("r1", "Read", file_path="/project/a.txt")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="zero", new_string="one")], [T("One.")],
    [Agent("a1", "SUB edit", "editor")],
    {"match": "You edit.", "content": [TU("r2", "Read", file_path="/project/a.txt")]},
    {"match": "You edit.", "content": [TU("w1", "Write", file_path="/project/b.txt", content="b\n")]},
    {"match": "You edit.", "content": [T("Edited.")]},
    [T("The agent edited.")],
    [TU("r3", "Read", file_path="/project/a.txt")], [T("Read.")],
]
async def drive(sdk, make_options, log):
    u = lambda n: f"23232323-2323-4323-8323-23232323232{n}"
    options = make_options(enable_file_checkpointing=True, permission_mode="acceptEdits", extra_args={"replay-user-messages": None}, agents={"editor": sdk.AgentDefinition(description="Edits", prompt="You edit.")})
    async def rewind(c):
        return await c.rewind_files(u(2))
    async def rewind_nowhere(c):
        return await c.rewind_files(u(9))
    await converse(sdk, log, options, [user("one", uuid=u(1))], [user("two", uuid=u(2))], rewind, rewind_nowhere, [user("three", uuid=u(3))])
