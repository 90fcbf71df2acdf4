"""Servers built by hand with the `mcp` package, of either major version, spoken to in the JSON-RPC of the CLI."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import mcp.server
import mcp.types
import pytest
from mcp.server.lowlevel import Server as LowlevelServer

from claude_code_sdk import _mcp_run
from claude_code_sdk._mcp_bridge import Mcp1, Mcp2
from claude_code_sdk._mcp_server import McpEndpoint, close_endpoints, serve

from .endpoints import CANCELLED, ask

types: Any = mcp.types
Server: Any = LowlevelServer
IS_MCP_2 = hasattr(types, "jsonrpc_message_adapter")
DIALECT = Mcp2() if IS_MCP_2 else Mcp1()

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "claude-code", "version": "2.1.330"},
}

Tools = dict[str, Callable[[dict[str, Any]], Awaitable[str]]]


def server_of(tools: Tools) -> Any:
    """A lowlevel server with tools that return a text."""
    listed = [types.Tool(name=name, description=name, **{SCHEMA_FIELD: {"type": "object"}}) for name in tools]

    async def run(name: str, arguments: dict[str, Any]) -> Any:
        return [types.TextContent(type="text", text=await tools[name](arguments))]

    if IS_MCP_2:

        async def on_list_tools(ctx: Any, params: Any) -> Any:
            return types.ListToolsResult(tools=listed)

        async def on_call_tool(ctx: Any, params: Any) -> Any:
            return types.CallToolResult(content=await run(params.name, params.arguments or {}))

        return Server("hand", version="1.2", on_list_tools=on_list_tools, on_call_tool=on_call_tool)
    server = Server("hand", version="1.2")

    async def list_tools() -> Any:
        return listed

    server.list_tools()(list_tools)
    server.call_tool()(run)
    return server


SCHEMA_FIELD = "input_schema" if IS_MCP_2 else "inputSchema"


class ScriptedServer(Server):  # type: ignore[misc]  # a class of Any
    """A server whose run is a function of the test; it gets functions to receive and to send plain messages."""

    def __init__(self, *scripts: Callable[[Any, Any], Awaitable[None]]) -> None:
        super().__init__("scripted")
        self.scripts = list(scripts)

    async def run(self, reads: Any, writes: Any, *_: Any, **__: Any) -> None:
        async def receive() -> Any:
            return DIALECT.decode(await reads.receive())

        async def send(message: dict[str, Any]) -> None:
            await writes.send(DIALECT.encode({"jsonrpc": "2.0", **message}))

        await self.scripts.pop(0)(receive, send)


async def answer_all(receive: Any, send: Any) -> None:
    """A script: answer every request with its method, until the input ends."""
    try:
        while True:
            message = await receive()
            if "id" in message:
                await send({"id": message["id"], "result": {"method": message["method"]}})
    except anyio.EndOfStream:
        pass


async def echo(arguments: dict[str, Any]) -> str:
    return str(arguments["text"])


@asynccontextmanager
async def connected(instance: Any) -> AsyncIterator[McpEndpoint]:
    """An endpoint that is started, and closed in the end; the server's tasks have to be gone by then."""
    with anyio.fail_after(10):
        async with anyio.create_task_group() as task_group:
            endpoint = serve(instance)
            await endpoint.start(task_group)
            yield endpoint
            await endpoint.aclose()


async def tell(endpoint: McpEndpoint, method: str, **params: Any) -> Any:
    return await endpoint.handle({"jsonrpc": "2.0", "method": method, "params": params})


async def shake_hands(endpoint: McpEndpoint) -> Any:
    answer = await ask(endpoint, "initialize", HELLO, 0)
    assert await tell(endpoint, "notifications/initialized") == {"jsonrpc": "2.0", "result": {}}
    return answer


async def call(endpoint: McpEndpoint, name: str, request_id: Any = 2, **arguments: Any) -> Any:
    return await ask(endpoint, "tools/call", {"name": name, "arguments": arguments}, request_id)


def said(answer: Any) -> Any:
    """The text of a successful call."""
    assert answer["result"].get("isError") is False
    (block,) = answer["result"]["content"]
    return block["text"]


# --- the protocol is passed on ---


async def test_initialize_is_answered_by_the_server() -> None:
    async with connected(server_of({})) as endpoint:
        result = (await shake_hands(endpoint))["result"]
    assert result["serverInfo"] == {"name": "hand", "version": "1.2"}
    assert result["protocolVersion"] == "2025-06-18"
    assert "tools" in result["capabilities"]


@pytest.mark.requirement("mcp-1-and-2")
async def test_tools_are_listed_and_called() -> None:
    async with connected(server_of({"echo": echo})) as endpoint:
        await shake_hands(endpoint)
        listed = (await ask(endpoint, "tools/list"))["result"]["tools"]
        assert listed == [{"name": "echo", "description": "echo", "inputSchema": {"type": "object"}}]
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


# Of mcp 1.23 with a pydantic-settings newer than it.
@pytest.mark.filterwarnings("ignore:Field 'lifespan' has an incomplete definition")
@pytest.mark.requirement("mcp-1-and-2")
async def test_a_fastmcp_server_is_unwrapped() -> None:
    if IS_MCP_2:
        friendly: Any = mcp.server.MCPServer("friendly")
    else:
        friendly = mcp.server.FastMCP("friendly")  # type: ignore[attr-defined]

    def shout(text: str) -> str:
        return text.upper()

    friendly.tool()(shout)
    async with connected(friendly) as endpoint:
        assert (await shake_hands(endpoint))["result"]["serverInfo"]["name"] == "friendly"
        assert said(await call(endpoint, "shout", text="hi")) == "HI"


async def test_other_methods_of_the_server_work_too() -> None:
    async with connected(server_of({})) as endpoint:
        await shake_hands(endpoint)
        assert await ask(endpoint, "ping") == {"result": {}}


async def test_a_method_that_the_server_lacks_is_refused_by_it() -> None:
    async with connected(server_of({})) as endpoint:
        await shake_hands(endpoint)
        assert (await ask(endpoint, "resources/list"))["error"]["code"] == -32601


async def test_the_handshake_may_be_repeated() -> None:
    async with connected(server_of({"echo": echo})) as endpoint:
        first = await shake_hands(endpoint)
        assert await shake_hands(endpoint) == first
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


async def test_what_is_no_json_rpc_request_is_refused_by_us() -> None:
    async with connected(server_of({})) as endpoint:
        answer = await endpoint.handle({"id": 1, "method": "ping", "params": 7})
        assert answer is not None
        assert answer["error"]["code"] == -32600
        assert answer["error"]["message"].startswith("not a JSON-RPC request: ")


async def test_what_is_no_json_rpc_notification_is_logged_and_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    async with connected(server_of({})) as endpoint:
        assert await endpoint.handle({"method": 5}) == {"jsonrpc": "2.0", "result": {}}
    assert "MCP server 'hand' was not given a message that is not JSON-RPC" in caplog.text


async def test_calls_run_at_the_same_time() -> None:
    both = anyio.Event()
    arrived = []

    async def meet(arguments: dict[str, Any]) -> str:
        arrived.append(1)
        if len(arrived) == 2:
            both.set()
        await both.wait()
        return "met"

    async with connected(server_of({"meet": meet})) as endpoint:
        await shake_hands(endpoint)
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(call, endpoint, "meet", 2)
            assert said(await call(endpoint, "meet", 3)) == "met"


async def test_one_server_serves_two_sessions() -> None:
    server = server_of({"echo": echo})
    async with connected(server) as one, connected(server) as other:
        await shake_hands(one)
        await shake_hands(other)
        assert said(await call(one, "echo", text="one")) == "one"
        assert said(await call(other, "echo", text="other")) == "other"


async def test_an_id_in_flight_is_refused() -> None:
    stuck = Stuck()
    async with connected(server_of({"stuck": stuck})) as endpoint:
        await shake_hands(endpoint)
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(call, endpoint, "stuck", 5)
            await stuck.begun.wait()
            assert (await call(endpoint, "stuck", 5))["error"]["code"] == -32600
            await tell(endpoint, "notifications/cancelled", requestId=5)


# --- what the server asks of us ---


async def test_a_ping_of_the_server_is_answered() -> None:
    answers = []
    answered = anyio.Event()

    async def script(receive: Any, send: Any) -> None:
        await receive()
        await send({"id": 70, "method": "ping"})
        answers.append(await receive())
        answered.set()
        await answer_all(receive, send)

    async with connected(ScriptedServer(script)) as endpoint:
        await tell(endpoint, "notifications/initialized")
        await answered.wait()
    assert answers == [{"jsonrpc": "2.0", "id": 70, "result": {}}]


async def test_another_request_of_the_server_is_refused_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    answers = []
    answered = anyio.Event()

    async def script(receive: Any, send: Any) -> None:
        await receive()
        await send({"id": 70, "method": "sampling/createMessage", "params": {}})
        answers.append(await receive())
        answered.set()
        await answer_all(receive, send)

    async with connected(ScriptedServer(script)) as endpoint:
        await tell(endpoint, "notifications/initialized")
        await answered.wait()
    assert [(a["id"], a["error"]["code"]) for a in answers] == [(70, -32601)]
    assert "MCP server 'scripted' asks its client for sampling/createMessage" in caplog.text


async def test_a_notification_of_the_server_is_dropped() -> None:
    async def script(receive: Any, send: Any) -> None:
        await send({"method": "notifications/message", "params": {"level": "info", "data": "hi"}})
        await answer_all(receive, send)

    async with connected(ScriptedServer(script)) as endpoint:
        assert await ask(endpoint, "x/y") == {"result": {"method": "x/y"}}


# --- cancellation ---


class Stuck:
    """A tool that waits for ever, and tells how it fares."""

    def __init__(self, answers_anyway: bool = False) -> None:
        self.begun = anyio.Event()
        self.cancelled = anyio.Event()
        self._answers_anyway = answers_anyway

    async def __call__(self, arguments: dict[str, Any]) -> str:
        self.begun.set()
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            self.cancelled.set()
            if not self._answers_anyway:
                raise
        return "still here"


@pytest.mark.parametrize("answers_anyway", [False, True])
@pytest.mark.parametrize("request_id", [5, "five"])
@pytest.mark.requirement("mcp-1-and-2")
async def test_a_call_that_the_cli_cancels_is_cancelled_and_the_server_lives_on(
    request_id: Any, answers_anyway: bool
) -> None:
    stuck = Stuck(answers_anyway)
    answers = []

    async with connected(server_of({"stuck": stuck, "echo": echo})) as endpoint:
        await shake_hands(endpoint)

        async def run() -> None:
            answers.append(await call(endpoint, "stuck", request_id))

        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await stuck.begun.wait()
            await tell(endpoint, "notifications/cancelled", requestId=request_id, reason="interrupt")
            await stuck.cancelled.wait()
        assert answers == [CANCELLED]
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


async def test_a_call_cancelled_before_its_turn_never_runs() -> None:
    stuck = Stuck()
    answers = []
    async with connected(server_of({"stuck": stuck, "echo": echo})) as endpoint:
        await shake_hands(endpoint)

        async def run() -> None:
            answers.append(await call(endpoint, "stuck", 5))

        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            while not endpoint._run._waiting:  # type: ignore[attr-defined]  # until the request is on its way
                await anyio.lowlevel.checkpoint()
            await tell(endpoint, "notifications/cancelled", requestId=5)
        assert answers == [CANCELLED]
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


@pytest.mark.parametrize("params", [{}, {"requestId": 99}, {"requestId": []}], ids=repr)
async def test_cancelling_what_is_not_in_flight_has_no_effect(params: Any) -> None:
    async with connected(server_of({"echo": echo})) as endpoint:
        await shake_hands(endpoint)
        assert await tell(endpoint, "notifications/cancelled", **params) == {"jsonrpc": "2.0", "result": {}}
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


async def test_initialize_cannot_be_cancelled() -> None:
    received = anyio.Event()
    go_on = anyio.Event()
    answers = []

    async def script(receive: Any, send: Any) -> None:
        request = await receive()
        received.set()
        await go_on.wait()
        await send({"id": request["id"], "result": {}})
        await answer_all(receive, send)

    async with connected(ScriptedServer(script)) as endpoint:

        async def run() -> None:
            answers.append(await ask(endpoint, "initialize", HELLO, 0))

        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await received.wait()
            await tell(endpoint, "notifications/cancelled", requestId=0)
            go_on.set()
    assert answers == [{"result": {}}]


async def test_cancelling_the_surrounding_task_cancels_the_tool() -> None:
    stuck = Stuck()
    async with connected(server_of({"stuck": stuck, "echo": echo})) as endpoint:
        await shake_hands(endpoint)
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(call, endpoint, "stuck", 5)
            await stuck.begun.wait()
            task_group.cancel_scope.cancel()
        await stuck.cancelled.wait()
        assert said(await call(endpoint, "echo", text="hi")) == "hi"


# --- servers that stop ---


async def test_a_request_to_a_server_that_fails_is_told_why(caplog: pytest.LogCaptureFixture) -> None:
    async def script(receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError("out of order")

    with caplog.at_level(logging.ERROR, logger="claude_code_sdk.mcp"):
        async with connected(ScriptedServer(script)) as endpoint:
            stopped = {
                "error": {"code": -32000, "message": "MCP server 'scripted' stopped: RuntimeError: out of order"}
            }
            assert await ask(endpoint, "initialize", HELLO, 0) == stopped
            assert await ask(endpoint, "tools/list") == stopped
            assert await tell(endpoint, "notifications/initialized") == {"jsonrpc": "2.0", "result": {}}
    assert "MCP server 'scripted' stopped" in caplog.text
    assert "out of order" in caplog.text


async def test_a_lifespan_that_fails_is_the_cause() -> None:
    async def connect() -> None:
        raise RuntimeError("no database")

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        await connect()
        yield

    async with connected(Server("hand", lifespan=lifespan)) as endpoint:
        answer = await ask(endpoint, "initialize", HELLO, 0)
    assert answer["error"]["message"] == "MCP server 'hand' stopped: RuntimeError: no database"


async def test_every_request_in_flight_is_told_that_the_server_ended() -> None:
    async def script(receive: Any, send: Any) -> None:
        await receive()
        await receive()

    answers = []
    async with connected(ScriptedServer(script)) as endpoint:

        async def run(request_id: int) -> None:
            answers.append(await ask(endpoint, "x/y", None, request_id))

        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run, 1)
            task_group.start_soon(run, 2)
    ended = {"error": {"code": -32000, "message": "MCP server 'scripted' stopped: it ended by itself"}}
    assert answers == [ended, ended]


async def test_a_new_initialize_starts_a_stopped_server_again() -> None:
    async def fail(receive: Any, send: Any) -> None:
        raise RuntimeError("once")

    async with connected(ScriptedServer(fail, answer_all)) as endpoint:
        assert "error" in await ask(endpoint, "initialize", HELLO, 0)
        assert "error" in await ask(endpoint, "tools/list")
        assert await ask(endpoint, "initialize", HELLO, 0) == {"result": {"method": "initialize"}}
        assert await ask(endpoint, "tools/list") == {"result": {"method": "tools/list"}}


# --- closing ---


async def test_closing_cancels_what_is_in_flight() -> None:
    stuck = Stuck()
    answers = []
    async with connected(server_of({"stuck": stuck})) as endpoint:
        await shake_hands(endpoint)

        async def run() -> None:
            answers.append(await call(endpoint, "stuck"))

        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await stuck.begun.wait()
            await endpoint.aclose()
    assert stuck.cancelled.is_set()
    assert answers == [CANCELLED]


async def test_after_closing_nothing_is_started_any_more() -> None:
    closed = {"error": {"code": -32000, "message": "MCP server 'hand' stopped: its session is closed"}}
    async with connected(server_of({})) as endpoint:
        await shake_hands(endpoint)
        await endpoint.aclose()
        await endpoint.aclose()
        assert await ask(endpoint, "tools/list") == closed
        assert await ask(endpoint, "initialize", HELLO, 0) == closed


async def test_an_endpoint_that_was_never_used_closes_without_a_server() -> None:
    async with connected(ScriptedServer()) as endpoint:
        await endpoint.aclose()
        assert "its session is closed" in (await ask(endpoint, "initialize", HELLO, 0))["error"]["message"]


@pytest.mark.requirement("B29")
async def test_servers_that_do_not_stop_are_cancelled_after_one_deadline_for_all(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_mcp_run, "CLOSE_TIMEOUT", 0.2)

    async def ignore_the_end(receive: Any, send: Any) -> None:
        await anyio.sleep_forever()

    with anyio.fail_after(10):
        async with anyio.create_task_group() as task_group:
            endpoints = [serve(ScriptedServer(ignore_the_end)) for _ in range(5)]
            for endpoint in endpoints:
                await endpoint.start(task_group)
                await tell(endpoint, "notifications/initialized")
            began = anyio.current_time()
            await close_endpoints(endpoints)
            assert anyio.current_time() - began < 5 * 0.2
    assert caplog.text.count("MCP server 'scripted' did not stop within 0.2 s and is cancelled") == 5


async def test_closing_is_not_cut_short_by_cancellation() -> None:
    cleaned_up = anyio.Event()

    async def script(receive: Any, send: Any) -> None:
        with anyio.CancelScope(shield=True):
            await answer_all(receive, send)
            cleaned_up.set()

    with anyio.fail_after(10):
        async with anyio.create_task_group() as task_group:
            endpoint = serve(ScriptedServer(script))
            await endpoint.start(task_group)
            await ask(endpoint, "x/y")
            task_group.cancel_scope.cancel()
            await endpoint.aclose()
            assert cleaned_up.is_set()


# --- wrong use ---


async def test_an_endpoint_has_to_be_started() -> None:
    with pytest.raises(RuntimeError, match=r"handle\(\) was called before start\(\)"):
        await ask(serve(server_of({})), "ping")


def test_what_is_no_server_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r"is <object object .*>; it has to come from create_sdk_mcp_server\(\) or be a"
    ):
        serve(object())
