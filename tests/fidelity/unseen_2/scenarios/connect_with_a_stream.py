from _util import *
DOC = "a client connected with an async iterable, prompts with session ids and another after it, an image-less block list; a permission between; messages read across results"
MODEL = [[T("First of the stream.")], [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [T("Second, by query.")], [Bash("b1", "ls")], [TU("r1", "Read", file_path="/project/a.txt")], [T("Third.")]]
async def drive(sdk, make_options, log):
    gate = asyncio.Event()
    async def prompts():
        yield user("one", session_id="mine")
        await gate.wait()
    c = sdk.ClaudeSDKClient(options=make_options(can_use_tool=permissions(sdk, log), system_prompt="You count.", max_turns=5))
    await c.connect(prompts())
    await listen(c, log, part=1)
    await c.query("two", session_id="other")
    await listen(c, log, part=2)
    await attempt(log, "server_info", c.get_server_info())
    await c.query(feed(user([{"type": "text", "text": "three"}, {"type": "text", "text": "in two blocks"}])))
    await listen(c, log, part=3)
    gate.set()
    await c.disconnect()
    log("client_closed")
