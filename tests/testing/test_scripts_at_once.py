"""Many scripted sessions at once: all end, and nothing is left.  `benchmarks` has the same with many more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient
from claude_code_sdk.testing import Script, ScriptTransport, write_executable
from tests.client.test_lifecycle import other_tasks
from tests.transports.conftest import Leftovers

LIMIT = 55.0


async def at_once(count: int, leftovers: Leftovers, arguments: Callable[[int], dict[str, Any]]) -> list[str]:
    """The results of sessions that are all connected before any of them asks."""
    leftovers.start()
    before = other_tasks()
    results: list[str] = []
    connected = 0
    all_connected = anyio.Event()

    async def session(number: int) -> None:
        nonlocal connected
        async with ClaudeSDKClient(**arguments(number)) as client:
            connected += 1
            if connected == count:
                all_connected.set()
            await all_connected.wait()
            await client.query(str(number))
            result = await client.drain()
            assert result is not None
            results.append(str(result.result))

    with anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for number in range(count):
                tasks.start_soon(session, number)
    assert other_tasks() == before
    leftovers.check()
    return results


async def test_two_hundred_in_process_each_on_a_script_of_its_own(nothing_left: Leftovers) -> None:
    def own(number: int) -> dict[str, Any]:
        return {"transport": ScriptTransport(Script().expects_prompt(str(number)).says(f"reply {number}"))}

    results = await at_once(200, nothing_left, own)
    assert sorted(results) == sorted(f"reply {number}" for number in range(200))


async def test_two_hundred_in_process_use_up_one_script(nothing_left: Leftovers) -> None:
    script = Script()
    for number in range(200):
        script.says(f"reply {number}")
    transport = ScriptTransport(script)
    results = await at_once(200, nothing_left, lambda number: {"transport": transport})
    assert sorted(results) == sorted(f"reply {number}" for number in range(200))
    transport.check()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
async def test_twenty_processes_use_up_one_script(tmp_path: Path, nothing_left: Leftovers) -> None:
    script = Script()
    for number in range(20):
        script.says(f"reply {number}")
    path = write_executable(tmp_path, script)
    results = await at_once(20, nothing_left, lambda number: {"options": ClaudeCodeOptions(cli_path=path)})
    assert sorted(results) == sorted(f"reply {number}" for number in range(20))
