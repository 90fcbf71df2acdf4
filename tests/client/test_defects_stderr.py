"""The CLI's own words are always kept and stand in every error that ends a run (known-defects B7, B12)."""

from __future__ import annotations

import logging
from pathlib import Path

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ControlTimeoutError,
    ProcessError,
    TurnIncompleteError,
    query,
)

from .processes import fake_cli

pytestmark = pytest.mark.requirement("B7", "errors-have-context")

WAIT = 15.0

DIES = """
def turn(frame):
    say(HELLO)
    sys.stderr.write("loading\\nthe disk is full")
    sys.stderr.flush()
    os._exit(7)
"""
"""Writes two lines, the last without its end, and is gone at once."""


@pytest.mark.parametrize("with_callback", [False, True])
async def test_a_failure_carries_the_tail_of_stderr_with_and_without_a_callback(
    tmp_path: Path, with_callback: bool
) -> None:
    lines: list[str] = []
    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, DIES), stderr=lines.append if with_callback else None)
    with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
        async for _ in query(prompt="go", options=options):
            pass
    assert (caught.value.exit_code, caught.value.stderr) == (7, "loading\nthe disk is full")
    assert str(caught.value).endswith("(exit code: 7)\nError output: loading\nthe disk is full")
    assert lines == (["loading", "the disk is full"] if with_callback else [])


async def test_a_stderr_callback_that_raises_costs_the_error_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def callback(line: str) -> None:
        raise LookupError("no such log")

    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, DIES), stderr=callback)
    with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
        async for _ in query(prompt="go", options=options):
            pass
    assert caught.value.stderr == "loading\nthe disk is full"
    assert [record.exc_info is not None for record in caplog.records if record.levelno == logging.ERROR] == [True] * 2


@pytest.mark.requirement("B2")
async def test_a_cli_that_dies_in_the_handshake_says_why(tmp_path: Path) -> None:
    source = "def control(frame): sys.stderr.write('Invalid API key'); sys.exit(1)"
    cli = fake_cli(tmp_path, source)
    with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
        await ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli)).connect()
    assert (caught.value.exit_code, caught.value.stderr, caught.value.cli_path) == (1, "Invalid API key", cli)


async def test_a_handshake_that_times_out_tells_what_the_cli_said_meanwhile(tmp_path: Path) -> None:
    source = "def control(frame): sys.stderr.write('waiting for the proxy\\n'); sys.stderr.flush()"
    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source), initialize_timeout=0.5)
    with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError) as caught:
        await ClaudeSDKClient(options).connect()
    assert str(caught.value).endswith("within 0.5 s\nError output: waiting for the proxy")
    assert caught.value.stderr == "waiting for the proxy"


async def test_only_the_end_of_a_flood_on_stderr_is_kept(tmp_path: Path) -> None:
    source = "def turn(frame): sys.stderr.write('x' * 79 + '\\n' + ('y' * 79 + '\\n') * 200_000); sys.exit(3)"
    with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
        async for _ in query(prompt="go", options=ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))):
            pass
    assert caught.value.stderr is not None
    assert "y" * 79 in caught.value.stderr
    assert "x" not in caught.value.stderr
    assert len(caught.value.stderr) < 100_000


@pytest.mark.requirement("B12", "exit-0-in-a-turn")
async def test_an_exit_with_status_0_inside_a_turn_is_an_error_with_the_words_of_the_cli(tmp_path: Path) -> None:
    source = "def turn(frame): say(HELLO); sys.stderr.write('interrupted by the system'); sys.exit(0)"
    with anyio.fail_after(WAIT), pytest.raises(TurnIncompleteError) as caught:
        async for _ in query(prompt="go", options=ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))):
            pass
    assert (caught.value.exit_code, caught.value.stderr) == (0, "interrupted by the system")
