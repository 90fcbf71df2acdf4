from _util import *
DOC = "what built-in tools refuse by themselves: wrong inputs, missing files, an edit that does not match, a directory read"
ENV = {"IS_SANDBOX": "1"}
FILES = {"a.txt": "one\none\n", "d/x.txt": "x\n", "empty.txt": ""}
MODEL = [[TU("r1", "Read")], [TU("r2", "Read", file_path="/project/d")], [TU("r3", "Read", file_path="/project/empty.txt")],
         [TU("w1", "Write", file_path="/project/a.txt", content="unread\n")],
         [TU("r4", "Read", file_path="/project/a.txt")],
         [TU("e1", "Edit", file_path="/project/a.txt", old_string="absent", new_string="y")],
         [TU("e2", "Edit", file_path="/project/a.txt", old_string="one", new_string="two")],
         [TU("e3", "Edit", file_path="/project/a.txt", old_string="one", new_string="one")],
         [TU("e4", "Edit", file_path="/project/gone.txt", old_string="a", new_string="b")],
         [TU("e5", "Edit", file_path="/project/a.txt", old_string="one", new_string="two", replace_all=True)],
         [TU("b1", "Bash", cmd="ls")], [TU("b2", "Bash", command=7)],
         [TU("r5", "Read", file_path="/project/a.txt", offset=99)],
         [TU("n1", "NotebookEdit", notebook_path="/project/a.txt", new_source="x")],
         [T("Refused enough.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions"), "try")
