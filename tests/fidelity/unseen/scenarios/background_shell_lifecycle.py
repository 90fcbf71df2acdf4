from _util import *
DOC = "a shell line in the background that ends by itself, and one that the model stops; a turn in between"
MODEL = [
    [Bash("b1", "sleep 0.8; echo first over", run_in_background=True)], [T("Started.")],
    [T("Its end was told.")],
    [Bash("b2", "echo quick")], [T("Quick one done.")], [T("spare")],
]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"], hooks=on(sdk, log, "Stop"))) as c:
        await c.query("start it")
        await until(c, log, results(2), 10)
        await c.query("a quick one")
        await listen(c, log)
    log("client_closed")
