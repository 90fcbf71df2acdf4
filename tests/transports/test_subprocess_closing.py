"""How a process is ended: politely, by force, after a cancellation, and when nobody closes it at all."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest

from claude_code_sdk.protocol.command import FILE_TOKEN
from claude_code_sdk.transports import _process_channel
from claude_code_sdk.transports._child import ChildProcess
from claude_code_sdk.transports.subprocess import SubprocessTransport

from .conftest import Leftovers
from .processes import ended, first_line, is_running, python_cli

STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: os.write(2, b'SIGTERM\\n'))
print('ready', flush=True)
while True:
    signal.pause()
"""
"""Ignores the end of its input and tells of a SIGTERM instead of ending."""

TWO = """
import os, signal, sys
child = os.fork()
if not child:
    for fd in (0, 1, 2):
        os.close(fd)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pause()
    os._exit(0)
print(child, flush=True)
sys.stdin.read()
"""
"""Starts a process, says its id, and ends at the end of its input."""


@pytest.mark.usefixtures("nothing_left")
class TestSteps:
    @pytest.fixture(autouse=True)
    def _short(self, short_graces: None) -> None: ...

    async def test_a_process_that_ends_with_its_input_gets_no_signal(self) -> None:
        source = "import sys; print('ready', flush=True); sys.stdin.read(); sys.exit(3)"
        channel = await SubprocessTransport().open(python_cli(source))
        await first_line(channel)
        await channel.aclose()
        assert (await channel.wait()).code == 3

    async def test_a_process_that_ignores_the_end_of_input_gets_sigterm(self) -> None:
        source = "import signal; print('ready', flush=True); signal.pause()"
        channel = await SubprocessTransport(close_timeout=0.05).open(python_cli(source))
        await first_line(channel)
        await channel.aclose()
        assert (await channel.wait()).code == -signal.SIGTERM

    async def test_a_process_that_ignores_sigterm_too_is_killed(self) -> None:
        channel = await SubprocessTransport(close_timeout=0.05).open(python_cli(STUBBORN))
        await first_line(channel)
        await channel.aclose()
        status = await channel.wait()
        assert (status.code, status.stderr_tail) == (-signal.SIGKILL, "SIGTERM")

    async def test_what_was_sent_is_written_before_the_input_ends(self) -> None:
        source = "import sys; print('ready', flush=True); print(len(sys.stdin.read()), file=sys.stderr)"
        channel = await SubprocessTransport().open(python_cli(source))
        await first_line(channel)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(channel.send, b"x" * 999_999 + b"\n")
            await anyio.wait_all_tasks_blocked()
            await channel.aclose()
        assert channel.stderr_tail == "1000000"

    @pytest.mark.requirement("B6", "group-killed")
    async def test_what_the_process_started_dies_with_it(self) -> None:
        channel = await SubprocessTransport().open(python_cli(TWO))
        grandchild = int(await first_line(channel))
        await channel.aclose()
        assert (await channel.wait()).code == 0
        await ended(grandchild)

    @pytest.mark.requirement("background-on-request")
    async def test_what_the_process_started_lives_on_when_that_was_asked_for(self) -> None:
        channel = await SubprocessTransport(keep_background=True).open(python_cli(TWO))
        grandchild = int(await first_line(channel))
        await channel.aclose()
        assert is_running(grandchild)
        os.kill(grandchild, signal.SIGKILL)
        await ended(grandchild)

    @pytest.mark.requirement("B6", "group-killed")
    async def test_kill_takes_what_the_process_started_with_it(self) -> None:
        channel = await SubprocessTransport(keep_background=True).open(python_cli(TWO))
        grandchild = int(await first_line(channel))
        channel.kill()
        await ended(grandchild)
        await channel.aclose()

    async def test_kill_works_from_another_thread(self) -> None:
        channel = await SubprocessTransport().open(python_cli(STUBBORN))
        await first_line(channel)
        thread = threading.Thread(target=channel.kill)
        thread.start()
        with anyio.fail_after(5):
            assert (await channel.wait()).code == -signal.SIGKILL
        thread.join()
        await channel.aclose()

    async def test_a_group_is_left_alone_once_its_leader_is_reaped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        channel = await SubprocessTransport().open(python_cli(""))
        await channel.aclose()
        monkeypatch.setattr(os, "killpg", lambda *_: pytest.fail("a group id that may be somebody else's by now"))
        channel.kill()
        await channel.send_signal(signal.SIGINT)

    async def test_the_group_outlives_its_leader_until_the_channel_is_closed(self) -> None:
        channel = await SubprocessTransport().open(python_cli(TWO))
        grandchild = int(await first_line(channel))
        await channel.send_eof()
        await channel.wait()
        assert is_running(grandchild)
        await channel.aclose()
        await ended(grandchild)

    async def test_a_process_that_cannot_be_killed_is_given_up(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(_process_channel, "KILL_GRACE", 0.1)
        channel = await SubprocessTransport(close_timeout=0.05).open(python_cli(STUBBORN))
        await first_line(channel)
        with monkeypatch.context() as stuck:
            stuck.setattr(ChildProcess, "kill_group", lambda self: None)
            with anyio.fail_after(5):
                await channel.aclose()
        assert f"process {channel.pid} has not ended 0.1 s after SIGKILL; it is left to itself" in caplog.text
        os.kill(channel.pid, signal.SIGKILL)
        channel._child._popen.wait()


class TestCancelledClosing:
    """A raw asyncio cancellation is not stopped by a shield."""

    pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio"])

    async def start(self) -> tuple[_process_channel.ProcessChannel, asyncio.Task[None]]:
        command = python_cli(STUBBORN, FILE_TOKEN + "settings")
        command.files = {"settings": b"{}"}
        channel = await SubprocessTransport(close_timeout=0.05).open(command)
        await first_line(channel)
        closing = asyncio.create_task(channel.aclose())
        await anyio.wait_all_tasks_blocked()
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        return channel, closing

    async def test_kill_and_another_closing_complete_it(self, nothing_left: Leftovers) -> None:
        nothing_left.start()
        channel, _ = await self.start()
        channel.kill()
        with anyio.fail_after(5):
            await channel.aclose()
        nothing_left.check()

    async def test_it_completes_on_its_own(self, nothing_left: Leftovers, short_graces: None) -> None:
        nothing_left.start()
        channel, _ = await self.start()
        with anyio.fail_after(5):
            await channel._until(lambda: channel._closed)
        nothing_left.check()

    @pytest.mark.requirement("B5")
    async def test_even_cancelled_again_and_again(self, nothing_left: Leftovers, short_graces: None) -> None:
        nothing_left.start()
        channel, _ = await self.start()
        for _ in range(3):
            closing = asyncio.create_task(channel.aclose())
            await anyio.wait_all_tasks_blocked()
            closing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await closing
        with anyio.fail_after(5):
            await channel.aclose()
        nothing_left.check()


def test_a_channel_can_be_closed_after_its_asyncio_loop(nothing_left: Leftovers) -> None:
    async def start() -> _process_channel.ProcessChannel:
        channel = await SubprocessTransport().open(python_cli(STUBBORN))
        await first_line(channel)
        return channel

    channel = asyncio.run(start())
    asyncio.run(channel.aclose())
    assert not is_running(channel.pid)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_channel_can_be_closed_when_the_run_is_at_its_end(
    backend: str, nothing_left: Leftovers, short_graces: None
) -> None:
    kept: list[AsyncGenerator[None, None]] = []  # outlives the run: the loop finalizes it last
    closed: list[int] = []

    async def iterate() -> AsyncGenerator[None, None]:
        channel = await SubprocessTransport(close_timeout=0).open(python_cli(STUBBORN))
        await first_line(channel)
        try:
            yield
        finally:
            await channel.aclose()
            closed.append(channel.pid)

    async def main() -> None:
        kept.append(iterate())
        await anext(kept[0])

    anyio.run(main, backend=backend)
    assert [is_running(pid) for pid in closed] == [False]


def run(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program that uses the SDK."""
    return subprocess.run(
        [sys.executable, "-c", source, *arguments], capture_output=True, text=True, timeout=30, check=False
    )


NEVER_CLOSED = """
import sys, tempfile, anyio
from claude_code_sdk.protocol.command import Command, FILE_TOKEN
from claude_code_sdk.transports.subprocess import SubprocessTransport

tempfile.tempdir = sys.argv[3]
STUBBORN = sys.argv[1]

async def main():
    global channel
    command = Command((sys.executable, "-SEI", "-c", STUBBORN, FILE_TOKEN + "x"), files={"x": b"x"})
    channel = await SubprocessTransport().open(command)
    await channel.receive()
    print(channel.pid)

anyio.run(main, backend=sys.argv[2])
"""


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_channel_that_is_never_closed_ends_with_the_program(backend: str, tmp_path: Path) -> None:
    program = run(NEVER_CLOSED, STUBBORN, backend, str(tmp_path))
    assert program.returncode == 0, program.stderr
    assert not is_running(int(program.stdout))
    assert "was never closed; the process and its group are killed" in program.stderr
    assert os.listdir(tmp_path) == []


FORKED = """
import os, sys, anyio
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.subprocess import SubprocessTransport

async def main():
    channel = await SubprocessTransport().open(Command(("/bin/cat",)))
    pid = os.fork()
    if not pid:
        channel.kill()
        sys.exit(0)  # atexit functions run
    os.waitpid(pid, 0)
    await channel.send(b"still here\\n")
    print((await channel.receive()).decode(), end="")
    await channel.aclose()

anyio.run(main)
"""


def test_a_forked_copy_of_the_program_does_not_kill_what_is_not_its_own() -> None:
    program = run(FORKED)
    assert program.stdout == "still here\n", program.stderr
