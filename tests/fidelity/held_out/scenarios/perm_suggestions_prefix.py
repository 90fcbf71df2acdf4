from _util import *
DOC = "how a Bash suggestion is cut: words with digits, dashes, dots, capitals, paths, flags, quotes, long chains; denied with different messages, one with an empty message"
CMDS = ["touch a1", "touch 1a", "touch a-b", "touch A", "touch a b c", "mkdir -p x", "npm", "python3 script.py", "touch 'quoted'", "a=1 touch x", "touch one && touch two && mkdir three", "sudo ls"]
MODEL = [[Bash(f"b{i}", c)] for i, c in enumerate(CMDS)] + [[T("No.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, lambda n, i, c: sdk.PermissionResultDeny(message="" if i["command"] == "npm" else "no"))), "go")
