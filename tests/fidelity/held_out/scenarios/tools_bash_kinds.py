from _util import *
DOC = "bypassPermissions: Bash with stderr, a signal, no output, a timeout, a failing pipe, many lines, cd; Bash calls in one message"
ENV = {"IS_SANDBOX": "1"}
MODEL = [[Bash("b1", "echo out; echo err >&2")], [Bash("b2", "true")], [Bash("b3", "echo bad >&2; exit 2")], [Bash("b4", "sleep 20", timeout=1000)],
         [Bash("b5", "seq 1 5")], [Bash("b6", "mkdir -p inner && cd inner && pwd")], [Bash("b7", "pwd")], [Bash("b8", "kill -9 $$")], [Bash("b9", "no_such_command_here")], [T("Ran.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions"), "run")
