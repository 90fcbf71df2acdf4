"""Ctrl-C reaches the CLI and still does in the program what it did before."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import anyio
import pytest

from claude_code_sdk.transports import _interrupt
from claude_code_sdk.transports.subprocess import SubprocessTransport

from .processes import first_line, is_running, python_cli, receive_all

CLI = """
import os, select, signal
interrupts, wakeup = os.pipe()
os.set_blocking(wakeup, False)
signal.set_wakeup_fd(wakeup)  # a signal just before a read would be seen only after it
signal.signal(signal.SIGINT, lambda *_: None)
os.write(1, b'ready\\n')
while True:
    found = select.select([0, interrupts], [], [])[0]
    if interrupts in found:
        os.read(interrupts, 1)
        os.write(1, b'interrupted\\n')
    elif not os.read(0, 4096):
        break
"""
"""Says when it gets SIGINT, and goes on to the end of its input."""

PROGRAM = """
import asyncio, os, signal, sys, anyio
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.subprocess import SubprocessTransport

backend, cli = sys.argv[1:]

async def main():
    channel = await SubprocessTransport().open(Command((sys.executable, "-SEI", "-c", cli)))
    heard = await channel.receive()
    try:
        print(channel.pid, heard.decode(), end="", flush=True)
        while True:  # the interrupt may come before or after the words of the CLI
            heard += await channel.receive()
    finally:
        with anyio.CancelScope(shield=True):
            while b"interrupted" not in heard:
                heard += await channel.receive()
            await channel.aclose()
        print(heard.decode(), end="")

before = signal.getsignal(signal.SIGINT)
try:
    if backend == "trio":
        import trio
        trio.run(main)
    else:
        asyncio.run(main())
except KeyboardInterrupt:
    print("KeyboardInterrupt", signal.getsignal(signal.SIGINT) is before)
"""


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.requirement("ctrl-c")
def test_the_cli_gets_the_interrupt_and_the_program_its_keyboardinterrupt(backend: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, backend, CLI], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    pid, ready = program.stdout.readline().split()
    assert ready == "ready"
    program.send_signal(signal.SIGINT)
    output, errors = program.communicate(timeout=30)
    assert output == "ready\ninterrupted\nKeyboardInterrupt True\n", errors
    assert not is_running(int(pid))


@pytest.fixture
def calls() -> Iterator[list[tuple[int, bool]]]:
    """The interrupts that reach this program's own function: the number, and whether there was a frame."""
    found: list[tuple[int, bool]] = []

    def own(number: int, frame: FrameType | None) -> None:
        found.append((number, frame is not None))

    before = signal.signal(signal.SIGINT, own)
    yield found
    assert signal.getsignal(signal.SIGINT) is own
    signal.signal(signal.SIGINT, before)


async def test_every_open_run_gets_it_and_then_whoever_had_it_before(calls: list[tuple[int, bool]]) -> None:
    first = await SubprocessTransport().open(python_cli(CLI))
    second = await SubprocessTransport().open(python_cli(CLI))
    await first_line(first)
    await first_line(second)
    signal.raise_signal(signal.SIGINT)
    with anyio.fail_after(5):
        assert await first_line(first) == b"interrupted"
        assert await first_line(second) == b"interrupted"
    await first.aclose()
    await second.aclose()
    signal.raise_signal(signal.SIGINT)
    assert calls == [(signal.SIGINT, True), (signal.SIGINT, True)]


async def test_a_transport_can_be_told_not_to(calls: list[tuple[int, bool]]) -> None:
    channel = await SubprocessTransport(forward_interrupt=False).open(python_cli(CLI))
    await first_line(channel)
    signal.raise_signal(signal.SIGINT)
    await channel.send_eof()
    assert await receive_all(channel) == b""
    await channel.aclose()
    assert calls == [(signal.SIGINT, True)]


async def test_a_disposition_that_was_set_meanwhile_is_kept(calls: list[tuple[int, bool]]) -> None:
    channel = await SubprocessTransport().open(python_cli(CLI))
    later: list[int] = []

    def later_function(number: int, frame: FrameType | None) -> None:
        later.append(number)

    ours = signal.signal(signal.SIGINT, later_function)
    await channel.aclose()
    assert signal.getsignal(signal.SIGINT) is later_function
    signal.signal(signal.SIGINT, ours)
    _interrupt.forwarding.discard(channel._child)  # ours again, and nobody is left: it goes


async def test_an_ignored_interrupt_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        channel = await SubprocessTransport().open(python_cli(CLI))
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        await channel.aclose()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_run_outside_the_main_thread_leaves_the_disposition_alone(calls: list[tuple[int, bool]]) -> None:
    own = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    async def run() -> None:
        channel = await SubprocessTransport().open(python_cli(CLI))
        seen.append(signal.getsignal(signal.SIGINT))
        await channel.aclose()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    thread.join()
    assert seen == [own]


DEFAULT = """
import signal, sys, anyio
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.subprocess import SubprocessTransport

async def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    channel = await SubprocessTransport().open(Command(("/bin/cat",)))
    signal.raise_signal(signal.SIGINT)

anyio.run(main)
"""


def test_the_default_disposition_still_ends_the_program() -> None:
    program = subprocess.run([sys.executable, "-c", DEFAULT], capture_output=True, timeout=10, check=False)
    assert program.returncode == -signal.SIGINT
