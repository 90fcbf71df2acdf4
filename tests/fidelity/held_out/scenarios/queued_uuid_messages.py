from _util import *
DOC = "three messages with uuids while a Bash runs: folded into the running turn or queued; replayed"
MODEL = [[Bash("b1", "sleep 1; echo slept")], [T("Slept, and read the rest.")], [T("Spare one.")], [T("Spare two.")]]
async def drive(sdk, make_options, log):
    u = lambda n: f"88888888-8888-4888-8888-88888888888{n}"
    async with sdk.ClaudeSDKClient(options=make_options(allowed_tools=["Bash"], extra_args={"replay-user-messages": None})) as c:
        await c.query(feed(user("sleep", uuid=u(1))))
        async for m in c.receive_messages():
            log.message(m)
            if type(m).__name__ == "AssistantMessage":
                break
        await c.query(feed(user("also this", uuid=u(2)), user("and that", uuid=u(3))))
        await until_quiet(c, log, 2)
