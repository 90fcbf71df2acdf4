"""Programs with the weak spots that `claude_faults` finds, and one without."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import Any

import anyio

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ClaudeSDKError,
    HookMatcher,
    ResultMessage,
    query,
)
from claude_code_sdk.testing import Script

PATIENT = ClaudeCodeOptions(idle_timeout=120.0)
"""Options of programs that wait for two minutes, and no longer, for a CLI that says nothing."""


async def allow(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
    return {}


WITH_HOOK = ClaudeCodeOptions(idle_timeout=120.0, hooks={"PreToolUse": [HookMatcher(hooks=[allow])]})


def one_turn() -> Script:
    return Script().says("Hello")


def two_turns() -> Script:
    """A tool with a hook, then a second prompt."""
    return Script().calls("Bash", command="ls").returns("a.txt").says("There is a.txt.").says("Bye")


async def careful() -> list[str | None]:
    """Two turns, with a hook; whatever goes wrong ends it with an error of the SDK."""
    results = []
    async with ClaudeSDKClient(WITH_HOOK) as client:
        for prompt in ("What is here?", "Thanks"):
            await client.query(prompt)
            result = await client.drain()
            results.append(None if result is None else result.result)
    return results


async def asks(options: ClaudeCodeOptions = PATIENT) -> str | None:
    """One turn; returns the result."""
    result = None
    async for message in query(prompt="Hi", options=options):
        if isinstance(message, ResultMessage):
            result = message.result
    return result


async def waits_for_ever() -> None:
    """Its options say nothing about a CLI that falls silent."""
    async with ClaudeSDKClient() as client:
        await client.query("Hi")
        await client.drain()  # for ever


async def swallows_every_error() -> str | None:
    """What went wrong looks like an answer that is empty."""
    try:
        return await asks()
    except Exception:
        return ""


async def tries_twice() -> str | None:
    """The second time needs a reply more than the script has."""
    try:
        return await asks()
    except ClaudeSDKError:
        return await asks()


async def tries_twice_and_swallows() -> str | None:
    try:
        return await tries_twice()
    except BaseException:
        return None


async def believes_in_results() -> str:
    """There is always a result with a text, it thinks."""
    results: list[ResultMessage] = []
    try:
        async for message in query(prompt="Hi", options=PATIENT):
            if isinstance(message, ResultMessage):
                results.append(message)
    except ClaudeSDKError:
        pass
    return str(results[0].result)


async def leaks_a_task() -> None:
    """On errors it forgets to end what it has begun."""
    start_in_background(anyio.sleep_forever)
    await asks()
    await stop_background()


async def leaks_a_descriptor() -> None:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    await asks()
    os.close(descriptor)


async def leaks_a_file() -> None:
    descriptor, path = tempfile.mkstemp(prefix="notes-")
    os.close(descriptor)
    await asks()
    os.unlink(path)


CHILDREN: list[subprocess.Popen[bytes]] = []


async def leaks_a_process() -> None:
    child = subprocess.Popen(["sleep", "600"])  # noqa: ASYNC220  # it takes no time
    CHILDREN.append(child)
    await asks()
    child.kill()
    child.wait()


async def asks_in_a_task_that_nobody_awaits() -> None:
    """asyncio only."""
    import asyncio

    task = asyncio.create_task(asks())
    await asyncio.wait({task})


async def ignores_its_cancellation() -> None:
    """asyncio only: after an error it goes on and on, whoever cancels it."""
    import asyncio

    try:
        await asks()
    except ClaudeSDKError:
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue


async def sleeps_in_its_event_loop() -> None:
    """After an error it lets the event loop turn now and then only, for 0.8 seconds."""
    try:
        await asks()
    except ClaudeSDKError:
        for _ in range(8):
            time.sleep(0.1)  # noqa: ASYNC251 - that is what it is about
            await anyio.lowlevel.checkpoint()


async def spins() -> None:
    """After an error it looks again and again, and never waits."""
    try:
        await asks()
    except ClaudeSDKError:
        while True:
            await anyio.lowlevel.checkpoint()


_background: list[Any] = []


def start_in_background(function: Any) -> None:
    _background.clear()
    if "trio" in sys.modules and sys.modules["trio"].lowlevel.in_trio_run():
        import trio

        scope = trio.CancelScope()

        async def run() -> None:
            with scope:
                await function()

        trio.lowlevel.spawn_system_task(run)
        _background.append(scope)
    else:
        import asyncio

        _background.append(asyncio.create_task(function()))


async def stop_background() -> None:
    _background.pop().cancel()
    await anyio.lowlevel.checkpoint()
