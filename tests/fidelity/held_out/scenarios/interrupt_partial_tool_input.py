from _util import *
DOC = "interrupt while the model streams a tool call's input after a finished text block, partial messages; uuid prompt"
MODEL = [{"content": [T("I will run it."), {"type": "sleep", "seconds": 0.3}, Bash("b1", "echo " + "x" * 60), {"type": "sleep", "seconds": 8}, T("rest")]}, [T("After.")]]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(include_partial_messages=True, can_use_tool=permissions(sdk, log))) as c:
        await c.query(feed(user("go", uuid="99999999-9999-4999-8999-999999999991")))
        n = 0
        async for m in c.receive_response():
            log.message(m)
            if type(m).__name__ == "UserMessage" and n == 0:
                n = 1
                await asyncio.sleep(0.5)
                await attempt(log, "interrupt", c.interrupt())
        await c.query("after")
        await listen(c, log)
