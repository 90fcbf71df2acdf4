from _util import *
DOC = "partial messages: an interrupt in the middle of a text, set_model while idle, the next turn thinks and calls a tool"
MODEL = [
    [T("A first short answer.")],
    {"content": [{"type": "thinking", "thinking": "Let me think about the long story."}, T("Once upon a time there was a very long story.")], "chunk": 12, "chunk_delay": 3},
    [{"type": "thinking", "thinking": "Shorter."}, T("Let me look."), Bash("b1", "echo hello")],
    [T("Said hello.")],
]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(include_partial_messages=True)) as c:
        await c.query("hi")
        await listen(c, log)
        await c.query("tell me a long story")
        asked = False
        async for m in c.receive_response():
            log.message(m)
            if not asked and type(m).__name__ == "StreamEvent" and m.event.get("delta", {}).get("type") == "text_delta":
                asked = True
                await attempt(log, "interrupt", c.interrupt())
        await attempt(log, "set_model", c.set_model("claude-haiku-4-5"))
        await c.query("a shorter one")
        await listen(c, log)
    log("client_closed")
