from _util import *
DOC = "the callback allows with setMode plan, then acceptEdits comes by control in the middle of the turn, then dontAsk by a suggestion: what is asked each time"
MODEL = [[TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")], [TU("w3", "Write", file_path="/project/c.txt", content="c\n")], [Bash("b1", "npm test")], [TU("w4", "Write", file_path="/home/user/no/d.txt", content="d\n")], [T("Modes changed.")]]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        path = input.get("file_path") or input.get("command")
        U = sdk.PermissionUpdate
        if path == "/project/a.txt":
            return sdk.PermissionResultAllow(updated_permissions=[U(type="setMode", mode="plan", destination="session")])
        if path == "/project/b.txt":
            return sdk.PermissionResultAllow(updated_permissions=[U(type="setMode", mode="acceptEdits", destination="session")])
        if path == "npm test":
            return sdk.PermissionResultDeny(message="no tests")
        return None
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide)), "change")
