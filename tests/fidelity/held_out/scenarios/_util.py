"""What the held-out scenarios share: model blocks, recording callbacks, a small stdio MCP server, and the CLI driven by hand."""
import asyncio, json, os

import anyio


def T(text):
    return {"type": "text", "text": text}


def TU(id, name, /, **input):
    return {"type": "tool_use", "id": "toolu_" + id, "name": name, "input": input}


def Bash(id, command, description="run", **more):
    return TU(id, "Bash", command=command, description=description, **more)


def Agent(id, prompt, subagent_type, background=False, description="delegate"):
    return TU(id, "Agent", description=description, prompt=prompt, subagent_type=subagent_type, run_in_background=background)


def user(content, **more):
    """A user frame as query() takes it from an async iterable."""
    return {"type": "user", "message": {"role": "user", "content": content}, "parent_tool_use_id": None, **more}


async def feed(*frames):
    for f in frames:
        yield f


async def listen(client, log, **extra):
    """Log every message up to the next result and return that."""
    last = None
    async for m in client.receive_response():
        log.message(m, **extra)
        last = m
    return last


async def converse(sdk, log, options, *prompts):
    """One client; a prompt is a text, a list of user frames, or a coroutine function of the client (a control call)."""
    try:
        async with sdk.ClaudeSDKClient(options=options) as c:
            await settle(options)
            for p in prompts:
                if callable(p):
                    await attempt(log, p.__name__, p(c))
                    continue
                log("send", prompt=p)
                await c.query(p if isinstance(p, str) else feed(*p))
                await listen(c, log)
    except Exception as e:
        log.error("client", e)
    log("client_closed")


async def settle(options):
    """Let the handshake with in-process MCP servers end: the first prompt races with its last notification."""
    if any(isinstance(s, dict) and s.get("type") == "sdk" for s in getattr(options, "mcp_servers", {}).values()):
        await asyncio.sleep(0.6)


async def later(prompt, options):
    await settle(options)
    yield user(prompt)


async def ask(sdk, log, prompt, options):
    """query(), every message logged; returns the last one."""
    last = None
    if getattr(options, "mcp_servers", None) and isinstance(prompt, str):
        prompt = later(prompt, options)
    try:
        async for m in sdk.query(prompt=prompt, options=options):
            log.message(m)
            last = m
    except Exception as e:
        log.error("query", e)
    log("query_end")
    return last


async def attempt(log, name, awaitable):
    try:
        v = await awaitable
        log("returned", call=name, value=v)
        return v
    except Exception as e:
        log.error(name, e)


async def until_quiet(client, log, seconds):
    """Log messages until none came for so long."""
    it = client.receive_messages().__aiter__()
    while True:
        try:
            async with asyncio.timeout(seconds):
                m = await it.__anext__()
        except (TimeoutError, StopAsyncIteration):
            log("quiet")
            return
        log.message(m)


async def until(client, log, done, seconds=15):
    """Log messages until done(messages so far) or the time is over."""
    seen = []
    try:
        async with asyncio.timeout(seconds):
            async for m in client.receive_messages():
                log.message(m)
                seen.append(m)
                if done(seen):
                    return seen
    except TimeoutError:
        log("quiet")
    return seen


def results(n):
    return lambda seen: sum(type(m).__name__ == "ResultMessage" for m in seen) >= n


def permissions(sdk, log, decide=None):
    """can_use_tool that logs what it is asked; decide(name, input, context) -> None for allow, a text for deny, or a permission result."""
    async def can_use_tool(name, input, context):
        log("can_use_tool", name=name, input=input, context=context)
        d = decide(name, input, context) if decide else None
        if asyncio.iscoroutine(d):
            d = await d
        if d is None:
            return sdk.PermissionResultAllow()
        return sdk.PermissionResultDeny(message=d) if isinstance(d, str) else d
    return can_use_tool


def hook(log, answer=None, name="hook", delay=0):
    """A hook callback that logs its input; answer is the output or a function of the input."""
    async def callback(input_data, tool_use_id, context):
        log("hook", name=name, input=input_data, tool_use_id=tool_use_id)
        if delay:
            await anyio.sleep(delay)
        return answer(input_data) if callable(answer) else (answer or {})
    return callback


def on(sdk, log, event, answer=None, matcher=None, **more):
    """hooks option for one callback of one event"""
    return {event: [sdk.HookMatcher(matcher=matcher, hooks=[hook(log, answer, event)], **more)]}


def specific(event, **fields):
    return {"hookSpecificOutput": {"hookEventName": event, **fields}}


# A stdio MCP server: tools echo (s), fail, add (a, b).
STDIO_SERVER = r'''
import json, sys
TOOLS = [
    {"name": "echo", "description": "Says it again", "inputSchema": {"type": "object", "properties": {"s": {"type": "string"}}, "required": ["s"]}},
    {"name": "fail", "description": "Fails", "inputSchema": {"type": "object"}},
    {"name": "add", "description": "Adds", "inputSchema": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}},
]
for line in sys.stdin:
    m = json.loads(line)
    if "id" not in m:
        continue
    error = result = None
    if m["method"] == "initialize":
        result = {"protocolVersion": m["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "local", "version": "2.0"}}
    elif m["method"] == "tools/list":
        result = {"tools": TOOLS}
    elif m["method"] == "tools/call":
        a = m["params"].get("arguments") or {}
        if m["params"]["name"] == "echo":
            result = {"content": [{"type": "text", "text": a["s"]}]}
        elif m["params"]["name"] == "add":
            result = {"content": [{"type": "text", "text": str(a["a"] + a["b"])}]}
        else:
            result = {"content": [{"type": "text", "text": "it failed"}], "isError": True}
    else:
        error = {"code": -32601, "message": "no such method"}
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], **({"error": error} if error else {"result": result})}), flush=True)
'''


class ByHand:
    """The CLI without an SDK: frames out, frames in."""

    def __init__(self, log, *args, env=None):
        self.log = log
        self.args = args or ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json")
        self.env = {**os.environ, "CLAUDE_CODE_ENTRYPOINT": "sdk-py", "CLAUDE_CODE_SDK_READS_SESSION_STATE": "1", **(env or {})}

    async def __aenter__(self):
        self.p = await asyncio.create_subprocess_exec(self.log.cli, *self.args, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                                                      stderr=asyncio.subprocess.DEVNULL, env=self.env, limit=1 << 26)
        return self

    async def send(self, frame):
        self.p.stdin.write((frame if isinstance(frame, bytes) else json.dumps(frame).encode()) + b"\n")
        await self.p.stdin.drain()

    async def until(self, test, seconds=8):
        try:
            async with asyncio.timeout(seconds):
                while line := await self.p.stdout.readline():
                    f = json.loads(line)
                    if test(f):
                        return f
                self.log("end_of_output")
        except TimeoutError:
            self.log("quiet")

    async def request(self, id, subtype, **fields):
        await self.send({"type": "control_request", "request_id": id, "request": {"subtype": subtype, **fields}})
        f = await self.until(lambda f: f.get("type") == "control_response" and f["response"].get("request_id") == id)
        r = (f or {}).get("response") or {}
        self.log("answer", to=subtype, subtype=r.get("subtype"), error=r.get("error"), keys=sorted(r.get("response") or {}))
        return r

    async def answer(self, frame, payload):
        await self.send({"type": "control_response", "response": {"subtype": "success", "request_id": frame["request_id"], "response": payload}})

    async def result(self, seconds=8):
        f = await self.until(lambda f: f.get("type") == "result", seconds)
        self.log("result", subtype=(f or {}).get("subtype"), num_turns=(f or {}).get("num_turns"))
        return f

    async def __aexit__(self, *a):
        if not self.p.stdin.is_closing():
            self.p.stdin.close()
        try:
            await asyncio.wait_for(self.p.wait(), 6)
        except asyncio.TimeoutError:
            self.p.terminate()
            await self.p.wait()
        self.log("exit", code=self.p.returncode)
