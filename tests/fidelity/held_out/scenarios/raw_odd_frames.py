from _util import *
DOC = "by hand: a prompt without initialize, frames nobody knows, two initialize with hooks, answers to nothing, a prompt with blocks, keep_alive, then an interrupt without a turn and EOF in a turn"
MODEL = [[T("One.")], [Bash("b1", "echo two")], [T("Two.")], {"content": [T("slow " * 12)], "chunk": 5, "chunk_delay": 0.08}]
async def drive(sdk, make_options, log):
    async with ByHand(log) as c:
        await c.send({"type": "user", "message": {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "and more"}]}})
        await c.result()
        await c.send({"type": "mystery", "x": 1})
        await c.send({"type": "keep_alive"})
        await c.send({"type": "control_response", "response": {"subtype": "success", "request_id": "nobody", "response": {}}})
        await c.send({"type": "control_cancel_request", "request_id": "nobody"})
        await c.send(b"")
        await c.request("r1", "initialize", hooks={"PostToolUse": [{"matcher": "Bash", "hookCallbackIds": ["mine"]}]})
        await c.send({"type": "user", "message": {"role": "user", "content": "two"}, "parent_tool_use_id": None, "session_id": "x"})
        f = await c.until(lambda f: f.get("type") == "control_request")
        log("asked", input=f["request"]["input"]["tool_name"] if f else None)
        if f:
            await c.answer(f, {"systemMessage": "seen by hand"})
        await c.result()
        await c.request("r2", "interrupt")
        await c.send({"type": "user", "message": {"role": "user", "content": "three"}})
        await c.until(lambda f: f.get("type") == "system" and f.get("subtype") == "init")
        c.p.stdin.close()
        await c.result()
