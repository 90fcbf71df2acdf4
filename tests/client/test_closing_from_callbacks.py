"""A callback may end the very connection that it serves, and raise what it likes; nothing waits for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    create_sdk_mcp_server,
    query,
    tool,
)
from claude_code_sdk.protocol.engine import Exit

from .peers import Peer, asks, assistant, read, result
from .test_lifecycle import other_tasks, user

WAIT = 3.0

HOOK = asks("h1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"}, tool_use_id="t")
PERMISSION = asks("h1", "can_use_tool", tool_name="Bash", input={}, tool_use_id="t")
CALL = asks(
    "h1",
    "mcp_message",
    server_name="own",
    message={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "act", "arguments": {}}},
)

Act = Callable[[], Any]


def as_hook(act: Act) -> ClaudeCodeOptions:
    async def hook(*_: Any) -> dict[str, Any]:
        await act()
        return {}

    return ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[hook])]})


def as_permission(act: Act) -> ClaudeCodeOptions:
    async def can_use_tool(*_: Any) -> Any:
        await act()

    return ClaudeCodeOptions(can_use_tool=can_use_tool)


def as_tool(act: Act) -> ClaudeCodeOptions:
    @tool("act", "acts", {})
    async def run(args: dict[str, Any]) -> str:
        await act()
        return "done"

    return ClaudeCodeOptions(mcp_servers={"own": create_sdk_mcp_server("own", tools=[run])})


def as_tool_in_a_thread(act: Act) -> ClaudeCodeOptions:
    @tool("act", "acts", {})
    def run(args: dict[str, Any]) -> str:
        anyio.from_thread.run(act)
        return "done"

    return ClaudeCodeOptions(mcp_servers={"own": create_sdk_mcp_server("own", tools=[run])})


async def until_nothing_is_left(peer: Peer, before: int) -> None:
    while not peer.closed or other_tasks() > before:
        await checkpoint()


@pytest.mark.parametrize(
    ("options", "request_"),
    [(as_hook, HOOK), (as_permission, PERMISSION), (as_tool, CALL), (as_tool_in_a_thread, CALL)],
)
async def test_a_callback_may_disconnect_its_client(
    options: Callable[[Act], ClaudeCodeOptions], request_: dict[str, Any]
) -> None:
    peer = Peer(lambda frame: [request_])
    before = other_tasks()
    client = ClaudeSDKClient(options(lambda: client.disconnect()), transport=peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect("hi")
        messages, error = await read(client.receive_messages())
        await until_nothing_is_left(peer, before)
    assert error is None
    assert messages == []


async def test_a_callback_that_disconnects_leaves_the_cli_its_grace() -> None:
    ended = []

    class Slow(Peer):
        def receive_data(self, data: bytes) -> None:
            if not data:
                ended.append("asked to end")
            super().receive_data(data)

        def close(self) -> None:
            ended.append("closed")
            super().close()

    peer = Slow(lambda frame: [HOOK])
    client = ClaudeSDKClient(as_hook(lambda: client.disconnect()), transport=peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect("hi")
        await read(client.receive_messages())
    assert ended == ["asked to end", "closed"]
    assert peer.signals == []


async def test_a_task_of_a_callback_may_close_its_query() -> None:
    peer = Peer(lambda frame: [HOOK])
    before = other_tasks()

    async def act() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(messages.aclose)

    messages = query(prompt="hi", options=as_hook(act), transport=peer.transport)
    with anyio.fail_after(WAIT):
        assert await read(messages) == ([], None)
        await until_nothing_is_left(peer, before)


async def test_an_iterable_of_prompts_may_disconnect_its_client() -> None:
    peer = Peer()
    before = other_tasks()

    async def prompts() -> AsyncIterator[dict[str, Any]]:
        yield user("a")
        await client.disconnect()

    client = ClaudeSDKClient(transport=peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect(prompts())
        await until_nothing_is_left(peer, before)


async def test_a_callback_may_interrupt_and_ask() -> None:
    asked = []
    peer = Peer(lambda frame: [HOOK], on_answer=lambda frame: [result()], on_control={"interrupt": lambda r: {"a": 1}})

    async def act() -> None:
        asked.append(await client.interrupt())

    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(as_hook(act), transport=peer.transport) as client:
            await client.query("hi")
            await client.drain()
    assert asked == [{"a": 1}]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # on trio a cancellation cannot leave its scope
@pytest.mark.parametrize(("options", "request_"), [(as_hook, HOOK), (as_permission, PERMISSION), (as_tool, CALL)])
async def test_a_callback_that_awaits_what_was_cancelled_is_answered_with_an_error(
    options: Callable[[Act], ClaudeCodeOptions], request_: dict[str, Any]
) -> None:
    async def act() -> None:
        task = asyncio.get_running_loop().create_task(asyncio.sleep(9))
        task.cancel()
        await task

    peer = Peer(lambda frame: [request_], on_answer=lambda frame: [result()])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options(act), transport=peer.transport) as client:
            await client.query("hi")
            await client.drain()
    answer = peer.answer_to("h1")
    if options is as_tool:
        assert answer["response"]["mcp_response"]["result"]["isError"]
    else:
        assert answer["error"] == "it awaited something that was cancelled"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_callback_may_exit_the_program(kind: type[BaseException], backend: str) -> None:
    peer = Peer(lambda frame: [HOOK])

    async def act() -> None:
        raise kind

    async def main() -> None:
        async with ClaudeSDKClient(as_hook(act), transport=peer.transport) as client:
            await client.query("hi")
            await client.drain()

    with pytest.raises(kind):
        anyio.run(main, backend=backend)
    assert peer.closed


@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # trio cancels every await of a cancelled scope
async def test_a_clean_up_after_the_cancellation_is_not_cut_short_by_another() -> None:
    steps = []
    peer = Peer(lambda frame: [HOOK], exit_at_eof=None)  # so that closing takes a moment

    async def act() -> None:
        steps.append("begun")
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(0.4)
            steps.append("cleaned up")

    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(as_hook(act), transport=peer.transport) as client:
            await client.query("hi")
            while not steps:
                await checkpoint()
    assert steps == ["begun", "cleaned up"]


async def test_an_answer_nested_too_deep_for_json_is_an_error_answer() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}

    async def hook(*_: Any) -> Any:
        return deep

    options = ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[hook])]})
    peer = Peer(lambda frame: [HOOK], on_answer=lambda frame: [result()])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options, transport=peer.transport) as client:
            await client.query("hi")
            assert await client.drain() is not None
    assert "the answer cannot be written as JSON" in peer.answer_to("h1")["error"]
    while deep:  # not all at once: freeing it would go as deep
        deep = deep["a"]


async def test_a_callback_that_disconnects_after_the_cli_exited_waits_for_nothing() -> None:
    peer = Peer(lambda frame: [HOOK, assistant("x"), result(), Exit(0)])
    steps: list[str] = []

    async def act() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                await client.disconnect()
            steps.append("disconnected")

    client = ClaudeSDKClient(as_hook(act), transport=peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect("hi")
        await read(client.receive_messages())
        while not steps:
            await checkpoint()
