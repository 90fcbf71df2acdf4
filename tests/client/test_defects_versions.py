"""An old CLI is told apart by its answer to the handshake (known-defects B33)."""

from __future__ import annotations

import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient

from .peers import INFO, Peer

pytestmark = pytest.mark.requirement("B33")

OLD = "Claude Code {} is older than 2.0.0, the oldest that this SDK works with: update it"


async def warnings_for(version: object, caplog: pytest.LogCaptureFixture, **options: bool) -> list[str]:
    """What is logged when a CLI of that version connects."""
    peer = Peer(on_control={"initialize": lambda request: {**INFO, "claude_code_version": version}})
    async with ClaudeSDKClient(ClaudeCodeOptions(**options), peer.transport):  # type: ignore[arg-type]
        pass
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.parametrize("version", ["1.0.128", "0.9.9", "1.99.100-beta.1"])
async def test_an_old_cli_is_warned_of_when_it_connects(version: str, caplog: pytest.LogCaptureFixture) -> None:
    assert await warnings_for(version, caplog) == [OLD.format(version)]


@pytest.mark.parametrize("version", ["2.0.0", "2.1.330", "10.0.0", "", None, 7, "unknown"])
async def test_a_newer_one_or_one_that_does_not_say_is_not(version: object, caplog: pytest.LogCaptureFixture) -> None:
    assert await warnings_for(version, caplog) == []


@pytest.mark.parametrize(("version", "warned"), [("2.1.99", True), ("2.1.248", False)])
async def test_an_option_that_needs_a_newer_cli_is_warned_of(
    version: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    expected = f"verbatim_prompts needs Claude Code 2.1.248 or newer; this is {version}, which ignores it"
    assert await warnings_for(version, caplog, verbatim_prompts=True) == ([expected] if warned else [])


async def test_the_check_can_be_switched_off(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_AGENT_SDK_SKIP_VERSION_CHECK", "1")
    assert await warnings_for("1.0.128", caplog) == []
