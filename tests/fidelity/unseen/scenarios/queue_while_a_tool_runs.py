from _util import *
DOC = "while a shell line runs a prompt is sent and the mode changed to plan; the next turn shows it"
MODEL = [
    [Bash("b1", "sleep 0.9; echo slept")],
    [T("Slept, and read your note.")],
    [T("A spare answer.")],
    [T("Another spare.")],
]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"])) as c:
        await c.query("sleep a little")
        async for m in c.receive_messages():
            log.message(m)
            if type(m).__name__ == "AssistantMessage":
                break
        await c.query("also say you read this")
        await attempt(log, "set_permission_mode", c.set_permission_mode("plan"))
        await until(c, log, results(1))
        await until_quiet(c, log, 1.5)
        await c.query("which mode?")
        await listen(c, log)
    log("client_closed")
