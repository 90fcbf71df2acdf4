from _util import *
DOC = "what shell lines print: nothing, errors with an exit code, 45000 characters, unicode, no newline at the end, a carriage return, sixty lines; hooks see it"
MODEL = [
    [Bash("b1", "true")], [Bash("b2", "false")], [Bash("b3", "ls missing-file")],
    [Bash("b4", "printf 'x%.0s' $(seq 1 45000)")],
    [Bash("b5", "printf 'é漢🙂 no newline'")], [Bash("b6", "printf 'a\\rb\\n\\n\\n'")], [Bash("b7", "printf 'line %s\\n' $(seq 1 60)")],
    [Bash("b8", "echo out; echo err >&2; exit 3")],
    [T("Printed.")],
]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "PostToolUse"), **on(sdk, log, "PostToolUseFailure")}
    await converse(sdk, log, make_options(allowed_tools=["Bash"], hooks=hooks), "print")
