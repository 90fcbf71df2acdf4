from _util import *
DOC = "interrupt while can_use_tool is pending, with a PermissionRequest hook pending too and a uuid prompt queued behind; the queued prompt runs"
MODEL = [[Bash("b1", "touch one")], [T("The queued one.")]]
async def drive(sdk, make_options, log):
    asked = asyncio.Event()
    async def wait():
        asked.set()
        await asyncio.sleep(20)
    options = make_options(can_use_tool=permissions(sdk, log, lambda n, i, c: wait()), hooks=on(sdk, log, "Stop"))
    async with sdk.ClaudeSDKClient(options=options) as c:
        await c.query("first")
        await asked.wait()
        await c.query(feed(user("queued", uuid="77777777-7777-4777-8777-777777777771")))
        await asyncio.sleep(0.3)
        await attempt(log, "interrupt", c.interrupt())
        await until(c, log, results(2))
