"""Timeouts are options, in seconds, and can be shortened and lengthened (known-defects B3, B34)."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ControlTimeoutError, PermissionResultAllow

from .peers import Peer

WAIT = 10.0

# Variables by which the older SDKs are told, or mistold, about timeouts; "abc" makes them fail and leak a process.
OLD_VARIABLES = ("CLAUDE_CODE_STREAM_CLOSE_TIMEOUT", "CLAUDE_CODE_PRINT_BG_WAIT_CEILING_MS")


@pytest.mark.parametrize("variable", OLD_VARIABLES)
@pytest.mark.requirement("B3")
async def test_a_variable_that_is_no_number_harms_nobody(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def allow(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        return PermissionResultAllow()  # with a callback, the end of the run depends on such a variable

    monkeypatch.setenv(variable, "abc")
    peer = Peer()
    options = ClaudeCodeOptions(env={variable: "abc"}, can_use_tool=allow)
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options, peer.transport) as client:
            await client.query("hi")
            assert await client.drain() is not None
    assert peer.closed


@pytest.mark.requirement("B34", "timeouts-are-options")
async def test_the_old_variable_does_not_lengthen_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CODE_STREAM_CLOSE_TIMEOUT", "120000")
    peer = Peer(on_control={"initialize": lambda request: None})
    with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError, match=r"within 0\.1 s"):
        await ClaudeSDKClient(ClaudeCodeOptions(initialize_timeout=0.1), peer.transport).connect()


@pytest.mark.parametrize(("option", "timeout"), [(60.0, 0.1), (0.1, 0.3)])
@pytest.mark.requirement("B34", "timeouts-are-options")
async def test_a_single_control_call_may_have_its_own(option: float, timeout: float) -> None:
    peer = Peer(on_control={"mcp_reconnect": lambda request: None})
    async with ClaudeSDKClient(ClaudeCodeOptions(control_timeout=option), peer.transport) as client:
        with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError, match=f"within {timeout:g} s"):
            await client.control("mcp_reconnect", timeout=timeout, serverName="slow")
