from _util import *
DOC = "interrupt while a slow Stop hook is pending, then while a slow UserPromptSubmit hook is pending; a third turn"
MODEL = [[T("Answer one.")], [T("Answer two.")], [T("Answer three.")]]
async def drive(sdk, make_options, log):
    pending = asyncio.Event()
    async def slow(name, input, is_slow):
        log("hook", name=name, input=input)
        if is_slow:
            pending.set()
            await anyio.sleep(20)
        return {}
    stops = []
    async def stop(i, t, x):
        stops.append(i)
        return await slow("Stop", i, len(stops) == 1)
    async def prompt(i, t, x):
        return await slow("UserPromptSubmit", i, i["prompt"] == "two")
    hooks = {"Stop": [sdk.HookMatcher(hooks=[stop])], "UserPromptSubmit": [sdk.HookMatcher(hooks=[prompt])]}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=hooks)) as c:
        async def interrupt():
            await pending.wait()
            pending.clear()
            await asyncio.sleep(0.3)
            await attempt(log, "interrupt", c.interrupt())
        for p in ("one", "two", "three"):
            t = asyncio.ensure_future(interrupt()) if p != "three" else None
            await c.query(p)
            await listen(c, log)
            if t:
                await t
