"""Rounds and rounds of runs leave no descriptor, process, task, thread or file."""

from __future__ import annotations

import threading

import anyio
import pytest

from claude_code_sdk.errors import CLIConnectionError
from claude_code_sdk.protocol.command import FILE_TOKEN, Command
from claude_code_sdk.transports.subprocess import SubprocessTransport

from .conftest import Leftovers

ROUNDS = 200


@pytest.mark.requirement("nothing-left")
async def test_rounds_of_runs_leave_nothing(nothing_left: Leftovers) -> None:
    transport = SubprocessTransport()
    command = Command(("/bin/cat",))
    nothing_left.start()
    threads = threading.active_count()
    for _ in range(ROUNDS):
        channel = await transport.open(command)
        await channel.send(b"line\n")
        assert await channel.receive() == b"line\n"
        await channel.aclose()
    nothing_left.check()
    assert threading.active_count() <= threads  # idle threads of other tests may have ended meanwhile


async def test_rounds_of_killed_runs_leave_nothing(nothing_left: Leftovers) -> None:
    transport = SubprocessTransport()
    nothing_left.start()
    for _ in range(ROUNDS // 4):
        channel = await transport.open(Command(("/bin/cat", FILE_TOKEN + "file"), files={"file": b"content\n"}))
        assert await channel.receive() == b"content\n"
        channel.kill()
        await channel.aclose()
    nothing_left.check()


async def test_rounds_of_failing_starts_leave_nothing(nothing_left: Leftovers) -> None:
    transport = SubprocessTransport()
    command = Command(("/nowhere/claude", FILE_TOKEN + "file"), files={"file": b""})
    nothing_left.start()
    for _ in range(ROUNDS // 4):
        with pytest.raises(CLIConnectionError):
            await transport.open(command)
    nothing_left.check()


async def test_many_runs_at_once_leave_nothing(nothing_left: Leftovers) -> None:
    transport = SubprocessTransport()
    nothing_left.start()
    answers: list[bytes] = []

    async def one(number: int) -> None:
        channel = await transport.open(Command(("/bin/cat",)))
        await channel.send(b"%d\n" % number)
        answers.append(await channel.receive())
        await channel.aclose()

    async with anyio.create_task_group() as tasks:
        for number in range(50):
            tasks.start_soon(one, number)
    assert sorted(answers) == sorted(b"%d\n" % number for number in range(50))
    nothing_left.check()
