from _util import *
DOC = "two prompts with ids queued behind a running tool, then an interrupt: what is still queued, what runs; hooks on prompt and stop; then an idle interrupt and a plain turn"
MODEL = [[T("Working."), Bash("b1", "sleep 8; echo slept")], [T("Answer to the queued.")], [T("Answer to the second, or plain.")], [T("Plain.")]]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "UserPromptSubmit"), **on(sdk, log, "Stop"), **on(sdk, log, "PostToolUseFailure")}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=hooks, extra_args={"replay-user-messages": None}, allowed_tools=["Bash"])) as c:
        await c.query(feed(user("work", uuid="10000000-0000-4000-8000-000000000001")))
        async for m in c.receive_messages():
            log.message(m)
            if type(m).__name__ == "AssistantMessage" and any(type(b).__name__ == "ToolUseBlock" for b in m.content):
                await asyncio.sleep(0.7)
                await c.query(feed(user("queued one", uuid="10000000-0000-4000-8000-000000000002")))
                await asyncio.sleep(0.3)
                await attempt(log, "interrupt", c.interrupt())
                break
        await until(c, log, results(2), 10)
        await attempt(log, "interrupt idle", c.interrupt())
        await c.query("plain")
        await listen(c, log)
    log("client_closed")
