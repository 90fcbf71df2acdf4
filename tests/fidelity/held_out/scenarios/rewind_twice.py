from _util import *
DOC = "file checkpointing over two turns with Write and Edit; rewound to the second prompt, then to the first; a new file goes away"
FILES = {"note.txt": "v1\n"}
MODEL = [[TU("r1", "Read", file_path="/project/note.txt")], [TU("e1", "Edit", file_path="/project/note.txt", old_string="v1", new_string="v2")], [T("v2.")], [TU("w1", "Write", file_path="/project/new.txt", content="n\n"), TU("e2", "Edit", file_path="/project/note.txt", old_string="v2", new_string="v3")], [T("v3.")], [T("After.")]]
async def drive(sdk, make_options, log):
    u = lambda n: f"44444444-4444-4444-8444-44444444444{n}"
    def rewind(n):
        async def f(c):
            await c.rewind_files(u(n))
            log("files", note=open("/project/note.txt").read(), new=os.path.exists("/project/new.txt"))
        f.__name__ = f"rewind_{n}"
        return f
    await converse(sdk, log, make_options(permission_mode="acceptEdits", enable_file_checkpointing=True, extra_args={"replay-user-messages": None}), [user("one", uuid=u(1))], [user("two", uuid=u(2))], rewind(2), rewind(1), rewind(3), "after")
