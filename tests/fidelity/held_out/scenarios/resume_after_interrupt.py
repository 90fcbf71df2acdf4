from _util import *
DOC = "a turn interrupted in the stream, the process closed; resumed in a second one, where a tool runs; resumed in a third after an API error"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "0"}
MODEL = [{"content": [T("Begun."), {"type": "sleep", "seconds": 20}, T("Unsaid.")]}, [Bash("b1", "echo again")], [T("Went on.")], {"error": {"status": 529, "type": "overloaded_error", "message": "busy"}}, [T("And on.")]]
async def drive(sdk, make_options, log):
    session = None
    async with sdk.ClaudeSDKClient(options=make_options()) as c:
        await c.query("talk")
        r = None
        async for m in c.receive_response():
            log.message(m)
            r = m
            if type(m).__name__ == "AssistantMessage":
                await asyncio.sleep(0.3)
                await attempt(log, "interrupt", c.interrupt())
        session = r.session_id
    await ask(sdk, log, "go on", make_options(resume=session))
    await ask(sdk, log, "fails", make_options(resume=session))
    await ask(sdk, log, "once more", make_options(resume=session))
