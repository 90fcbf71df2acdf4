"""MCP servers that do not stop cost one deadline together, and are awaited (known-defects B29)."""

from __future__ import annotations

import time
from typing import Any

import anyio
import pytest
from mcp.server.lowlevel import Server

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, _mcp_run, create_sdk_mcp_server, tool

from .peers import Peer, asks
from .test_lifecycle import other_tasks

LowlevelServer: Any = Server  # typed against neither major version of mcp

pytestmark = pytest.mark.requirement("B29")

WAIT = 15.0
DEADLINE = 0.4


class StuckServer(LowlevelServer):  # type: ignore[misc]  # a class of Any
    """A server that ends only when it is cancelled."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.ran, self.ended = anyio.Event(), anyio.Event()  # shared with the copies that are made of a server

    async def run(self, *args: Any, **kwargs: Any) -> None:
        self.ran.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.ended.set()


def mcp(request_id: str, server: str, message: dict[str, Any]) -> dict[str, Any]:
    """A message of the CLI to one of the program's MCP servers."""
    return asks(request_id, "mcp_message", server_name=server, message={"jsonrpc": "2.0", **message})


def client_with(servers: dict[str, Any]) -> ClaudeSDKClient:
    """A client with hand-built servers, whose CLI greets each of them."""
    greetings = [mcp(f"c{name}", name, {"method": "notifications/initialized"}) for name in servers]
    configs: dict[str, Any] = {
        name: {"type": "sdk", "name": name, "instance": server} for name, server in servers.items()
    }
    return ClaudeSDKClient(ClaudeCodeOptions(mcp_servers=configs), Peer(lambda frame: greetings).transport)


async def test_five_stuck_servers_take_one_deadline_and_leave_no_task(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_mcp_run, "CLOSE_TIMEOUT", DEADLINE)
    servers = {f"stuck{number}": StuckServer(f"stuck{number}") for number in range(5)}
    before = other_tasks()
    client = client_with(servers)
    with anyio.fail_after(WAIT):
        await client.connect("go")
        for server in servers.values():
            await server.ran.wait()
        since = time.monotonic()
        await client.disconnect()
    assert time.monotonic() - since < 2.5 * DEADLINE
    assert [server.ended.is_set() for server in servers.values()] == [True] * 5
    assert other_tasks() == before
    assert [record.exc_info for record in caplog.records] == [None] * 5
    assert caplog.text.count("did not stop within 0.4 s and is cancelled") == 5


class TidyServer(LowlevelServer):  # type: ignore[misc]  # a class of Any
    """A server that, as those of the `mcp` package do, ends with its input, and then cleans up, which takes a while."""

    def __init__(self) -> None:
        super().__init__("tidy")
        self.ran, self.tidied = anyio.Event(), anyio.Event()

    async def run(self, reads: Any, *args: Any, **kwargs: Any) -> None:
        self.ran.set()
        async for _ in reads:
            pass
        await anyio.sleep(0.01)
        self.tidied.set()


async def test_a_server_gets_time_for_its_own_clean_up() -> None:
    server = TidyServer()
    client = client_with({"tidy": server})
    with anyio.fail_after(WAIT):
        await client.connect("go")
        await server.ran.wait()
        await client.disconnect()
    assert server.tidied.is_set()


async def test_a_tool_that_runs_while_the_client_disconnects_is_cancelled_and_awaited() -> None:
    began = anyio.Event()
    ended: list[str] = []

    @tool("wait", "Waits", {})
    async def wait(given: dict[str, Any]) -> str:
        began.set()
        try:
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.lowlevel.checkpoint()
            ended.append("cleaned up")
        return "never"

    call = {"id": 1, "method": "tools/call", "params": {"name": "wait", "arguments": {}}}
    options = ClaudeCodeOptions(mcp_servers={"t": create_sdk_mcp_server("t", tools=[wait])})
    before = other_tasks()
    client = ClaudeSDKClient(options, Peer(lambda frame: [mcp("c1", "t", call)]).transport)
    with anyio.fail_after(WAIT):
        await client.connect("go")
        await began.wait()
        await client.disconnect()
    assert ended == ["cleaned up"]
    assert other_tasks() == before
