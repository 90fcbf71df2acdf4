"""Nothing that the CLI started outlives a run that was ended by force, nor a clean one (known-defects B6)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ControlTimeoutError,
    IdleTimeoutError,
    ResultMessage,
    UnreadLimitError,
    query,
)
from tests.transports.conftest import Leftovers
from tests.transports.processes import ended, is_running

from .processes import STAYS, fake_cli

WAIT = 15.0

pytestmark = pytest.mark.usefixtures("short_graces")

TELL = "open({told!r}, 'w').write(str(grandchild()))"
"""Starts a process, and says which."""


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where the CLI writes the id of the process that it started."""
    return tmp_path / "grandchild"


def grandchild(told: Path) -> int:
    """Its process id."""
    return int(told.read_text())


@pytest.mark.requirement("B6", "group-killed")
async def test_a_cancelled_query_takes_the_whole_group_with_it(
    tmp_path: Path, told: Path, nothing_left: Leftovers
) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, f"def turn(frame): {TELL.format(told=str(told))}; say(HELLO)", end=STAYS)
    with anyio.fail_after(WAIT), anyio.CancelScope() as scope:
        async for _ in query(prompt="go", options=ClaudeCodeOptions(cli_path=cli)):
            scope.cancel()
    assert scope.cancelled_caught
    await ended(grandchild(told))
    nothing_left.check()


@pytest.mark.requirement("B6", "group-killed", "timeouts-are-options")
async def test_an_initialize_timeout_takes_the_whole_group_with_it(tmp_path: Path, told: Path) -> None:
    cli = fake_cli(tmp_path, f"def control(frame): {TELL.format(told=str(told))}")
    options = ClaudeCodeOptions(cli_path=cli, initialize_timeout=0.5)
    with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError):
        await ClaudeSDKClient(options).connect()
    await ended(grandchild(told))


@pytest.mark.parametrize(
    ("limit", "error"),
    [({"idle_timeout": 0.2}, IdleTimeoutError), ({"max_unread_bytes": 100}, UnreadLimitError)],
)
@pytest.mark.requirement("B6", "group-killed")
async def test_an_error_takes_the_whole_group_with_it(
    tmp_path: Path, told: Path, limit: dict[str, Any], error: type[Exception]
) -> None:
    cli = fake_cli(tmp_path, f"def turn(frame): {TELL.format(told=str(told))}; say(HELLO)", end=STAYS)
    with anyio.fail_after(WAIT), pytest.raises(error):
        async for _ in query(prompt="go", options=ClaudeCodeOptions(cli_path=cli, **limit)):
            pass
    await ended(grandchild(told))


@pytest.mark.requirement("B6", "group-killed", "timeouts-are-options")
async def test_a_disconnect_past_its_grace_takes_the_whole_group_with_it(tmp_path: Path, told: Path) -> None:
    stubborn = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); {TELL.format(told=str(told))}"
    cli = fake_cli(tmp_path, stubborn, end=STAYS)
    client = ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli, close_timeout=0.1, keep_background=True))
    with anyio.fail_after(WAIT):
        await client.connect()
        pid = client.pid
        await client.disconnect()
    assert pid is not None
    assert not is_running(pid)
    await ended(grandchild(told))


@pytest.mark.requirement("B6", "group-killed")
async def test_a_clean_exit_takes_the_whole_group_with_it(tmp_path: Path, told: Path) -> None:
    cli = fake_cli(tmp_path, TELL.format(told=str(told)))
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli)):
            assert is_running(grandchild(told))
    await ended(grandchild(told))


@pytest.mark.requirement("background-on-request")
async def test_a_clean_exit_leaves_the_background_alone_on_request(tmp_path: Path, told: Path) -> None:
    cli = fake_cli(tmp_path, TELL.format(told=str(told)))
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli, keep_background=True)):
            pass
    try:
        with anyio.move_on_after(0.3) as while_it_could_have_died:
            await ended(grandchild(told))
        assert while_it_could_have_died.cancelled_caught
    finally:
        os.kill(grandchild(told), signal.SIGKILL)
        await ended(grandchild(told))


@pytest.mark.requirement("reading-ends")
async def test_reading_ends_a_second_after_the_exit_although_a_grandchild_holds_the_pipe(
    tmp_path: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the real grace, not the short one
    cli = fake_cli(tmp_path, TELL.format(told=str(told)))
    with anyio.fail_after(WAIT):
        async for message in query(prompt="go", options=ClaudeCodeOptions(cli_path=cli)):
            if isinstance(message, ResultMessage):
                since = time.monotonic()
    assert 0.9 < time.monotonic() - since < 5
    await ended(grandchild(told))
