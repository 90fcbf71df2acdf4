from _util import *
DOC = "files written without being read, changed by others between Read and Edit, edited with replace_all, an ambiguous edit, a no-op edit; a callback counts, the next turn writes over"
FILES = {"a.txt": "one\none\ntwo\n", "b.txt": "b\n", "c.txt": "c\n"}
MODEL = [
    [TU("w1", "Write", file_path="/project/b.txt", content="B\n"), TU("e0", "Edit", file_path="/project/c.txt", old_string="c", new_string="d")],
    [TU("r1", "Read", file_path="/project/a.txt")], [TU("r2", "Read", file_path="/project/b.txt")],
    [TU("e1", "Edit", file_path="/project/a.txt", old_string="one", new_string="1")],
    [TU("e2", "Edit", file_path="/project/a.txt", old_string="one", new_string="1", replace_all=True)],
    [TU("e3", "Edit", file_path="/project/a.txt", old_string="two", new_string="two")],
    [TU("e4", "Edit", file_path="/project/b.txt", old_string="b", new_string="x")],
    [T("Some were refused.")],
    [TU("w2", "Write", file_path="/project/a.txt", content="whole new\n")], [TU("w3", "Write", file_path="/project/deep/er/new.txt", content="")], [T("Over.")],
]
async def drive(sdk, make_options, log):
    def spoil(i):
        if i["tool_input"].get("old_string") == "two":
            open("/project/b.txt", "w").write("b by somebody else\n")
            os.utime("/project/b.txt", (2000000000, 2000000000))
        return {}
    hooks = on(sdk, log, "PreToolUse", spoil, "Edit")
    await converse(sdk, log, make_options(hooks=hooks, can_use_tool=permissions(sdk, log)), "change the files", "now write over")
