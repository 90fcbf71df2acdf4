"""Shutting down survives every cancellation, raw ones of asyncio too (known-defects B5)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, query
from claude_code_sdk._query import QueryMessages
from tests.transports.conftest import Leftovers
from tests.transports.processes import is_running

from .processes import STAYS, fake_cli

pytestmark = pytest.mark.requirement("B5", "nothing-left")

WAIT = 15.0

STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
"""With `STAYS`, a CLI that only SIGKILL ends."""


@pytest.fixture
def stubborn(tmp_path: Path) -> ClaudeCodeOptions:
    """Options for a CLI that does not end by itself, and a grace that no test waits for."""
    cli = fake_cli(tmp_path, STUBBORN + "\ndef turn(frame): say(HELLO)", end=STAYS)
    return ClaudeCodeOptions(cli_path=cli, close_timeout=600)


async def ended_cancelled(task: asyncio.Task[None]) -> None:
    """Wait, but not for ever, until a task has ended because it was cancelled."""
    await asyncio.wait([task], timeout=WAIT)
    assert task.done()
    assert task.cancelled()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("times", [1, 2, 5])
async def test_raw_cancellations_while_disconnecting_kill_the_process_and_leave_nothing(
    stubborn: ClaudeCodeOptions, nothing_left: Leftovers, times: int
) -> None:
    nothing_left.start()
    client = ClaudeSDKClient(stubborn)
    await client.connect()
    pid = client.pid
    closing = asyncio.create_task(client.disconnect())
    for _ in range(times):
        await anyio.wait_all_tasks_blocked()
        closing.cancel()
    await ended_cancelled(closing)
    assert pid is not None
    assert not is_running(pid)
    nothing_left.check()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("times", [1, 2, 5])
async def test_raw_cancellations_of_a_query_kill_the_process_and_leave_nothing(
    stubborn: ClaudeCodeOptions, nothing_left: Leftovers, times: int
) -> None:
    nothing_left.start()
    begun = asyncio.Event()

    async def ask() -> None:
        async for _ in query(prompt="go", options=stubborn):
            begun.set()

    asking = asyncio.create_task(ask())
    with anyio.fail_after(WAIT):
        await begun.wait()
        for _ in range(times):
            asking.cancel()
            await asyncio.sleep(0)
    await ended_cancelled(asking)
    nothing_left.check()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_raw_cancellations_while_connecting_leave_nothing(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, STUBBORN + "\ndef control(frame): pass", end=STAYS)
    connecting = asyncio.create_task(ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli)).connect())
    for _ in range(3):
        await anyio.wait_all_tasks_blocked()
        connecting.cancel()
    await ended_cancelled(connecting)
    nothing_left.check()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_every_task_of_the_loop_may_be_cancelled_at_once(
    stubborn: ClaudeCodeOptions, nothing_left: Leftovers
) -> None:
    """As `asyncio.run()` does at its end, and frameworks that shut down; here three times over."""
    nothing_left.start()
    not_ours = asyncio.all_tasks()
    client = ClaudeSDKClient(stubborn)
    await client.connect("go")
    for _ in range(3):
        for task in asyncio.all_tasks() - not_ours:
            task.cancel()
        await asyncio.sleep(0)
    with anyio.fail_after(WAIT):
        await client.disconnect()
    nothing_left.check()


async def test_a_cancel_scope_around_disconnect_makes_the_end_a_forced_one(
    stubborn: ClaudeCodeOptions, nothing_left: Leftovers
) -> None:
    nothing_left.start()
    client = ClaudeSDKClient(stubborn)
    await client.connect()
    with anyio.fail_after(WAIT):
        with anyio.move_on_after(0.1) as scope:
            await client.disconnect()
    assert scope.cancelled_caught
    nothing_left.check()


async def test_two_tasks_may_disconnect_at_once(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    client = ClaudeSDKClient(ClaudeCodeOptions(cli_path=fake_cli(tmp_path)))
    await client.connect()
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.disconnect)
            tasks.start_soon(client.disconnect)
    nothing_left.check()


async def test_closing_messages_while_another_task_reads_them_ends_the_reading(
    stubborn: ClaudeCodeOptions, nothing_left: Leftovers
) -> None:
    nothing_left.start()
    stubborn.close_timeout = 0.1
    messages = query(prompt="go", options=stubborn)
    assert isinstance(messages, QueryMessages)
    ended = anyio.Event()

    async def read() -> None:
        async for _ in messages:
            begun.set()
        ended.set()

    begun = anyio.Event()
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            await begun.wait()
            await messages.aclose()
            await ended.wait()
    nothing_left.check()
