from _util import *
DOC = "the shell's folder over calls: cd inside, cd outside, a line that is timed out, one with stdin, an exit code with both outputs, functions and variables that do not last; hooks see cwd"
ENV = {"IS_SANDBOX": "1"}
FILES = {"sub/x.txt": "x\n"}
MODEL = [
    [Bash("b1", "cd sub && pwd")], [Bash("b2", "pwd; ls")], [Bash("b3", "cd /tmp && pwd")], [Bash("b4", "pwd")],
    [TU("b5", "Bash", command="echo begun; sleep 30", timeout=900, description="Too long")],
    [Bash("b6", "cat"), Bash("b7", "X=1; f() { echo f; }; f; echo out; echo err >&2; exit 3")], [Bash("b8", "echo \"x=$X\"; f")],
    [T("All run.")],
    [TU("r1", "Read", file_path="sub/x.txt")], [Bash("b9", "ls -1 sub | wc -l")], [T("One file.")],
]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions", hooks={**on(sdk, log, "PostToolUse"), **on(sdk, log, "PostToolUseFailure")}), "run them", "count")
