"""How a whole program ends: interrupted from the keyboard, or without having closed anything (known-defects B5, B6)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.transports.processes import is_running

from .processes import STAYS, fake_cli, run_program

CLI = """
open({told!r}, "w").write(f"{{os.getpid()}} {{grandchild()}}")

def interrupted(*_):
    os.write(1, json.dumps(RESULT).encode() + b"\\n")  # print may be under way already
    os._exit(0)

signal.signal(signal.SIGINT, interrupted)

def turn(frame):
    say(HELLO)
"""
"""Says which processes there are, begins a turn, and ends it, and itself, when it is interrupted."""

PROGRAM = """
import sys, tempfile
from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, query

backend, cli, tempfile.tempdir = sys.argv[1:]
options = ClaudeCodeOptions(cli_path=cli, system_prompt="x" * 40_000, close_timeout=0.2)

def run(main):
    if backend == "asyncio":
        import asyncio
        asyncio.run(main())
    else:
        import trio
        trio.run(main)
"""
"""The beginning of each program; the system prompt makes a temporary file."""

OPEN_CLIENT = """
client = ClaudeSDKClient(options)

async def main():
    await client.connect("go")
    async for message in client.receive_messages():
        print(type(message).__name__, flush=True)
        {then}

run(main)
print("over")
"""

OPEN_QUERY = """
messages = query(prompt="go", options=options)

async def main():
    async for message in messages:
        print(type(message).__name__, flush=True)
        {then}

run(main)
print("over")
"""


class Setting:
    """A CLI that tells of itself, and what is left of a program that used it."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "told"
        self._temporary = folder / "temporary"
        self._temporary.mkdir()
        self.cli = fake_cli(folder, CLI.format(told=str(self._told)), end=STAYS)

    def arguments(self, backend: str) -> list[str]:
        return [backend, self.cli, str(self._temporary)]

    def check(self) -> None:
        """Nothing that the program started is left."""
        assert [is_running(int(pid)) for pid in self._told.read_text().split()] == [False, False]
        assert os.listdir(self._temporary) == []


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


@pytest.fixture(params=["asyncio", "trio"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("program", [OPEN_CLIENT, OPEN_QUERY], ids=["client", "query"])
@pytest.mark.requirement("B5", "B6", "nothing-left")
def test_the_event_loop_may_end_while_a_session_is_open(setting: Setting, backend: str, program: str) -> None:
    done = run_program(PROGRAM + program.format(then="return"), *setting.arguments(backend))
    assert (done.returncode, done.stdout, done.stderr) == (0, "AssistantMessage\nover\n", "")
    setting.check()


@pytest.mark.parametrize("program", [OPEN_CLIENT, OPEN_QUERY], ids=["client", "query"])
def test_an_exception_may_end_the_event_loop_while_a_session_is_open(
    setting: Setting, backend: str, program: str
) -> None:
    done = run_program(PROGRAM + program.format(then="raise LookupError('mine')"), *setting.arguments(backend))
    assert (done.returncode, done.stdout) == (1, "AssistantMessage\n")
    assert done.stderr.endswith("LookupError: mine\n")
    assert "never" not in done.stderr
    setting.check()


@pytest.mark.parametrize("program", [OPEN_CLIENT, OPEN_QUERY], ids=["client", "query"])
def test_a_program_may_exit_in_the_middle(setting: Setting, backend: str, program: str) -> None:
    done = run_program(PROGRAM + program.format(then="sys.exit(5)"), *setting.arguments(backend))
    assert (done.returncode, done.stdout, done.stderr) == (5, "AssistantMessage\n", "")
    setting.check()


OWN_WAY = """
import os, signal
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"Ctrl-C\\n"))

async def main():
    async for message in query(prompt="go", options=options):
        print(type(message).__name__, flush=True)

run(main)
print("over")
"""
"""Has its own way with Ctrl-C, and goes on to the end."""


def press_ctrl_c(setting: Setting, backend: str, program: str) -> tuple[int, str, str]:
    """Run a program and interrupt it in a turn, as a terminal does: its exit code, and what it said afterwards."""
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM + program.format(then="pass"), *setting.arguments(backend)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "AssistantMessage\n"
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=20)
    finally:
        running.kill()
    return running.returncode, out, err


@pytest.mark.requirement("ctrl-c")
def test_ctrl_c_reaches_the_cli_too(setting: Setting, backend: str) -> None:
    code, out, err = press_ctrl_c(setting, backend, OWN_WAY)
    assert (code, out, err) == (0, "Ctrl-C\nResultMessage\nover\n", "")
    setting.check()


@pytest.mark.requirement("ctrl-c", "nothing-left")
@pytest.mark.parametrize("program", [OPEN_CLIENT, OPEN_QUERY], ids=["client", "query"])
def test_ctrl_c_ends_the_program_and_leaves_nothing(setting: Setting, backend: str, program: str) -> None:
    code, out, err = press_ctrl_c(setting, backend, program)
    assert code in (1, -signal.SIGINT)
    assert "over" not in out
    assert err.rstrip().endswith("KeyboardInterrupt")
    setting.check()
