"""Several tasks use one conversation at once, or cancel what is not theirs."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    CLIConnectionError,
    Message,
    ResultMessage,
    query,
)
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.in_process import InProcessTransport, MemoryChannel

from .peers import Peer, assistant, read, result
from .processes import fake_cli
from .test_lifecycle import other_tasks

WAIT = 3.0

SILENT: dict[str, Any] = {"initialize": lambda request: None}


async def attempt(awaitable: Any, outcomes: list[Any]) -> None:
    try:
        outcomes.append(await awaitable)
    except (Exception, StopAsyncIteration) as error:
        outcomes.append(error)


async def test_two_tasks_that_ask_a_query_for_its_first_message_start_one_run() -> None:
    peer = Peer()
    outcomes: list[Any] = []
    messages = query(prompt="hi", transport=peer.transport)
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attempt, anext(messages), outcomes)
            tasks.start_soon(attempt, anext(messages), outcomes)
        assert [m async for m in messages if isinstance(m, ResultMessage)]
    assert len(peer.commands) == 1
    assert {type(outcome) for outcome in outcomes} == {AssistantMessage, RuntimeError}


async def test_two_tasks_that_read_share_the_messages_and_both_meet_the_end() -> None:
    peer = Peer(lambda frame: [*(assistant(str(n)) for n in range(1000)), result()])
    got: list[list[Message]] = [[], []]

    async def consume(mine: list[Message]) -> None:
        async for message in client.receive_messages():
            mine.append(message)
            await checkpoint()

    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            client = ClaudeSDKClient(transport=peer.transport)
            await client.connect("hi")
            for mine in got:
                tasks.start_soon(consume, mine)
            while len(got[0]) + len(got[1]) < 1001:
                await checkpoint()
            await client.disconnect()
    assert all(got)
    assert len({id(message) for message in got[0] + got[1]}) == 1001


async def test_closing_a_query_that_starts_in_another_task_ends_both() -> None:
    peer = Peer(on_control=SILENT)
    before = other_tasks()
    outcomes: list[Any] = []
    messages = query(prompt="hi", transport=peer.transport)
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attempt, anext(messages), outcomes)
            while not peer.received:
                await checkpoint()
            await messages.aclose()
            assert peer.closed
        assert other_tasks() <= before
    assert [type(outcome) for outcome in outcomes] == [StopAsyncIteration]


class SlowToOpen:
    """Takes a few turns of the event loop to open its peer."""

    def __init__(self, peer: Peer) -> None:
        self.opening = False
        self._peer = peer

    async def open(self, command: Command, *, on_stderr: Any = None) -> MemoryChannel:
        self.opening = True
        for _ in range(10):
            await checkpoint()
        return await self._peer.transport.open(command)


@pytest.mark.parametrize("when", ["opening", "handshake"])
async def test_disconnecting_a_client_that_connects_in_another_task_ends_both(when: str) -> None:
    peer = Peer(on_control=SILENT)
    slow = SlowToOpen(peer)
    before = other_tasks()
    outcomes: list[Any] = []
    client = ClaudeSDKClient(transport=slow if when == "opening" else peer.transport)
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attempt, client.connect(), outcomes)
            while not peer.received and not slow.opening:
                await checkpoint()
            await client.disconnect()
            assert peer.closed
        assert other_tasks() <= before
    assert [type(outcome) for outcome in outcomes] == [CLIConnectionError]
    assert "closed" in str(outcomes[0])
    client._transport = Peer().transport
    with anyio.fail_after(WAIT):
        async with client:
            await client.query("and again")
            assert await client.drain() is not None


async def test_disconnecting_ends_a_prompt_that_waits_for_a_full_pipe(tmp_path: Path) -> None:
    cli = fake_cli(tmp_path, "import time\ndef turn(frame): time.sleep(60)")
    outcomes: list[Any] = []
    client = ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli, close_timeout=0.1))
    with anyio.fail_after(10):
        await client.connect("busy from now on")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attempt, client.query("x" * 5_000_000), outcomes)
            await anyio.wait_all_tasks_blocked()
            await client.disconnect()
    assert [type(outcome) for outcome in outcomes] == [CLIConnectionError]


def test_cancelling_every_task_before_the_host_has_run_at_all_leaves_nothing() -> None:
    peer = Peer(on_control=SILENT)

    async def main() -> None:
        connecting = asyncio.create_task(ClaudeSDKClient(transport=peer.transport).connect())

        def cancel_all() -> None:
            for task in asyncio.all_tasks() - {me}:
                task.cancel()

        me = asyncio.current_task()
        asyncio.get_running_loop().call_soon(cancel_all)  # after the first step of connect(), before that of the host
        await asyncio.wait([connecting], timeout=WAIT)
        assert connecting.cancelled()

    asyncio.run(main())
    assert peer.closed


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_who_reads_learns_that_the_host_was_cancelled_by_somebody() -> None:
    peer = Peer(lambda frame: [assistant("one")])
    client = ClaudeSDKClient(transport=peer.transport)
    tasks = asyncio.all_tasks()
    await client.connect("hi")
    (host,) = asyncio.all_tasks() - tasks
    messages = client.receive_messages()
    await anext(messages)
    host.cancel()
    with anyio.fail_after(WAIT):
        _, error = await read(messages)
    assert isinstance(error, CLIConnectionError)
    assert "cancelled from outside" in str(error)
    assert peer.closed


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_raw_cancellation_inside_the_block_of_a_client_ends_it_by_force() -> None:
    peer = Peer(exit_at_eof=None)
    inside = asyncio.Event()

    async def use() -> None:
        async with ClaudeSDKClient(transport=InProcessTransport(lambda command: peer, close_timeout=60)):
            inside.set()
            await asyncio.sleep(60)

    using = asyncio.create_task(use())
    await inside.wait()
    using.cancel()
    begun = time.monotonic()
    await asyncio.wait([using], timeout=WAIT)
    assert using.cancelled()
    assert peer.closed
    assert time.monotonic() - begun < WAIT
