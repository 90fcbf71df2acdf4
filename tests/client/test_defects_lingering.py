"""A CLI that closes its output and lives on does not keep anybody waiting (known-defects B20)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ProcessError, ResultMessage, query
from claude_code_sdk._dispatcher import LINGER, Dispatcher
from tests.transports.conftest import Leftovers
from tests.transports.processes import is_running

from .peers import read
from .processes import fake_cli

WAIT = 15.0

pytestmark = [pytest.mark.requirement("B20"), pytest.mark.usefixtures("short_graces", "short_linger")]


@pytest.fixture
def short_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults: Any = Dispatcher.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "linger", 0.2)


STAYS = "os.close(1); signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    while True: signal.pause()"


def test_the_real_grace_is_a_few_seconds() -> None:
    assert 1 <= LINGER <= 10


async def test_the_messages_end_and_the_process_is_killed(
    tmp_path: Path, nothing_left: Leftovers, caplog: pytest.LogCaptureFixture
) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, f"def turn(frame):\n    say(HELLO, RESULT); {STAYS}")
    with anyio.fail_after(WAIT):
        messages, error = await read(query(prompt="go", options=ClaudeCodeOptions(cli_path=cli, close_timeout=60)))
    assert isinstance(error, ProcessError)
    assert error.exit_code == -9
    assert isinstance(messages[-1], ResultMessage)
    assert "closed its output but did not exit within 0.2 s; it is killed" in caplog.text
    nothing_left.check()


async def test_a_control_call_that_waits_ends_with_it(tmp_path: Path) -> None:
    source = f"""
def control(frame):
    if frame["request"]["subtype"] == "initialize":
        return answer(frame, INFO)
    {STAYS}
"""
    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source), close_timeout=60)
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options) as client:
            pid = client.pid
            with pytest.raises(ProcessError) as caught:
                await client.interrupt()
    assert caught.value.exit_code == -9
    assert pid is not None
    assert not is_running(pid)
