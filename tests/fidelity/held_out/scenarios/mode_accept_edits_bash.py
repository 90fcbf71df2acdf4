from _util import *
DOC = "acceptEdits without a callback: Write, Edit, NotebookEdit, mkdir, touch, rm, mv, cp, sed -i, a redirect, Write outside, WebFetch"
FILES = {"a.txt": "one\n", "b.txt": "two\n"}
MODEL = [[TU("w1", "Write", file_path="/project/new.txt", content="x\n")], [Bash("b1", "mkdir d")], [Bash("b2", "touch d/t")], [Bash("b3", "cp a.txt d/c.txt && mv d/c.txt d/m.txt")], [Bash("b4", "rm d/m.txt")], [Bash("b5", "sed -i s/two/2/ b.txt")], [Bash("b6", "echo x > e.txt")],
         [Bash("b7", "touch /tmp/outside-file")], [Bash("b8", "python3 -c 'print(1)'")], [TU("w2", "Write", file_path="/tmp/zz/o.txt", content="x\n")], [TU("w3", "Write", file_path="/project/.git/hooks/x", content="x\n")], [TU("w4", "Write", file_path="/project/.claude/settings.json", content="{}\n")], [T("Accepted.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="acceptEdits"), "go")
