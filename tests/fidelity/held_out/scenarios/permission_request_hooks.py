from _util import *
DOC = "PermissionRequest hook: denies with a message, allows with a changed input, stays silent; can_use_tool beside it is slow; PermissionDenied and Notification hooks listen"
MODEL = [[Bash("b1", "touch denied")], [Bash("b2", "touch allowed")], [Bash("b3", "touch silent")], [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [T("Requested.")]]
async def drive(sdk, make_options, log):
    def answer(i):
        c = i["tool_input"].get("command", "")
        d = lambda **k: specific("PermissionRequest", decision=k)
        return d(behavior="deny", message="hook denies") if "denied" in c else d(behavior="allow", updatedInput={"command": "touch changed", "description": "run"}) if "allowed" in c else {}
    async def slow():
        await asyncio.sleep(0.7)
    h = {**on(sdk, log, "PermissionRequest", answer), **on(sdk, log, "PermissionDenied"), **on(sdk, log, "Notification")}
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, lambda n, i, c: slow()), hooks=h), "request")
