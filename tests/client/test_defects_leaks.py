"""Session after session, however each is left, nothing stays: no task, process, descriptor or file."""

from __future__ import annotations

import gc
import random
from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import AssistantMessage, ClaudeCodeOptions, ClaudeSDKClient, query
from claude_code_sdk.testing.executable import STAND_IN
from tests.transports.conftest import Leftovers

from .processes import STAYS, fake_cli, shell_cli
from .test_lifecycle import other_tasks

pytestmark = pytest.mark.requirement("nothing-left")

WAIT = 50.0

SESSIONS = 100

LARGE = "x" * 40_000  # travels in a file


@pytest.fixture
def options(tmp_path: Path) -> ClaudeCodeOptions:
    """Options for a fast CLI, with a temporary file for each run."""
    return ClaudeCodeOptions(cli_path=shell_cli(tmp_path), system_prompt=LARGE)


async def settled(tasks_before: int, leftovers: Leftovers) -> None:
    """Wait until what ends in the background has ended, then check."""
    with anyio.move_on_after(5):
        while other_tasks() > tasks_before:
            await checkpoint()
    assert other_tasks() == tasks_before
    leftovers.check()


async def test_a_hundred_queries(options: ClaudeCodeOptions, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    with anyio.fail_after(WAIT):
        for _ in range(SESSIONS):
            assert len([message async for message in query(prompt="go", options=options)]) == 2
    await settled(before, nothing_left)


async def test_a_hundred_clients(options: ClaudeCodeOptions, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    with anyio.fail_after(WAIT):
        for _ in range(SESSIONS):
            async with ClaudeSDKClient(options) as client:
                await client.query("go")
                assert await client.drain() is not None
    await settled(before, nothing_left)


async def test_a_hundred_queries_left_early(options: ClaudeCodeOptions, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    with anyio.fail_after(WAIT):
        for number in range(SESSIONS):
            messages = query(prompt="go", options=options)
            async for message in messages:
                assert isinstance(message, AssistantMessage)
                break
            if number % 2:
                await messages.aclose()
            del messages
            gc.collect(0)
        await until_closed(nothing_left)
    await settled(before, nothing_left)


async def test_queries_dropped_in_the_middle_of_a_turn_that_never_ends(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    cli = fake_cli(tmp_path, "def turn(frame): say(HELLO)", end=STAYS)
    options = ClaudeCodeOptions(cli_path=cli, system_prompt=LARGE, close_timeout=0.1)
    with anyio.fail_after(WAIT):
        for _ in range(3):
            async for message in query(prompt="go", options=options):
                assert isinstance(message, AssistantMessage)
                break
        gc.collect()
        await until_closed(nothing_left)
    await settled(before, nothing_left)


async def until_closed(leftovers: Leftovers) -> None:
    """Runs that were dropped are closed in the background: wait for the last of them."""
    while True:
        try:
            leftovers.check()
        except AssertionError:
            await anyio.sleep(0.01)
        else:
            return


async def test_a_hundred_failing_starts(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    cli = tmp_path / "claude"
    cli.write_text(f"#!/bin/sh\n{STAND_IN}\nexit 3\n")
    cli.chmod(0o755)
    options = ClaudeCodeOptions(cli_path=cli, system_prompt=LARGE)
    with anyio.fail_after(WAIT):
        for _ in range(SESSIONS):
            with pytest.raises(Exception, match="exit code: 3"):
                await ClaudeSDKClient(options).connect()
    await settled(before, nothing_left)


@pytest.mark.parametrize("entry", ["query", "client"])
async def test_cancelled_after_any_number_of_steps(
    options: ClaudeCodeOptions, nothing_left: Leftovers, entry: str
) -> None:
    """Cancelled after 0, 1, 2 … turns of the event loop, through all that a session does."""

    async def session() -> None:
        if entry == "query":
            async for _ in query(prompt="go", options=options):
                pass
        else:
            async with ClaudeSDKClient(options) as client:
                await client.query("go")
                await client.drain()

    nothing_left.start()
    before = other_tasks()
    with anyio.fail_after(WAIT):
        for steps in range(60):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(session)
                for _ in range(steps):
                    await checkpoint()
                tasks.cancel_scope.cancel()
            await settled(before, nothing_left)


@pytest.mark.parametrize("entry", ["query", "client"])
async def test_cancelled_at_random_times(options: ClaudeCodeOptions, nothing_left: Leftovers, entry: str) -> None:
    """At times up to half again of what a session takes, drawn from a fixed seed."""

    async def session() -> None:
        if entry == "query":
            async for _ in query(prompt="go", options=options):
                pass
        else:
            async with ClaudeSDKClient(options) as client:
                await client.query("go")
                await client.drain()

    since = anyio.current_time()
    await session()
    duration = anyio.current_time() - since
    nothing_left.start()
    before = other_tasks()
    drawn = random.Random(1)
    with anyio.fail_after(WAIT):
        for _ in range(50):
            with anyio.move_on_after(drawn.uniform(0, 1.5 * duration)):
                await session()
            await settled(before, nothing_left)


async def test_twenty_sessions_at_once_cancelled_together(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    before = other_tasks()
    cli = fake_cli(tmp_path, "def turn(frame): say(HELLO)", end=STAYS)
    options = ClaudeCodeOptions(cli_path=cli, system_prompt=LARGE)
    begun = [anyio.Event() for _ in range(20)]

    async def session(number: int) -> None:
        async for _ in query(prompt="go", options=options):
            begun[number].set()

    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(session, number)
            for event in begun:
                await event.wait()
            tasks.cancel_scope.cancel()
    await settled(before, nothing_left)
