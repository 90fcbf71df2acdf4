"""A callback learns that its answer is no longer wanted, whatever the reason (known-defects B35)."""

from __future__ import annotations

import time
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    CancelSignal,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultAllow,
)
from claude_code_sdk.protocol.engine import Exit

from .peers import Peer, asks, assistant, result, withdraws

pytestmark = pytest.mark.requirement("B35")

WAIT = 5.0
PATIENCE = 1.0


class Callback:
    """A callback that never answers by itself, and a task of its own that waits for the signal."""

    def __init__(self) -> None:
        self.began = anyio.Event()
        self.told = anyio.Event()
        self.reasons: list[str | None] = []

    async def run(self, signal: CancelSignal) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch, signal)
            self.began.set()
            await anyio.sleep_forever()

    async def _watch(self, signal: CancelSignal) -> None:
        # The callback is cancelled too; this task wants to know why.
        with anyio.move_on_after(PATIENCE, shield=True):
            await signal.wait()
            self.reasons.append(signal.reason)
            self.told.set()
            assert signal.cancelled

    def options(self, kind: str) -> ClaudeCodeOptions:
        """Options with this callback, as a hook or as the permission callback."""

        async def hook(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
            await self.run(context["signal"])
            return {}

        async def can_use_tool(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
            await self.run(context.signal)
            return PermissionResultAllow()

        if kind == "hook":
            return ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[hook])]})
        return ClaudeCodeOptions(can_use_tool=can_use_tool)


def question(kind: str) -> dict[str, Any]:
    if kind == "hook":
        given = {"hook_event_name": "PreToolUse"}
        return asks("c1", "hook_callback", callback_id="hook_0", input=given, tool_use_id="t1")
    return asks("c1", "can_use_tool", tool_name="Bash", input={}, tool_use_id="t1")


@pytest.fixture(params=["hook", "permission"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_when_the_cli_withdraws_the_request(kind: str) -> None:
    callback = Callback()
    peer = Peer(lambda frame: [question(kind)])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(callback.options(kind), peer.transport) as client:
            await client.query("go")
            await callback.began.wait()
            peer.say(withdraws("c1"), result())
            client._connected._channel._stirred.wake()  # type: ignore[union-attr]
            await callback.told.wait()
            await client.drain()
    assert callback.reasons == ["the CLI withdrew the request"]
    assert peer.of_type("control_response") == []


async def test_when_an_interrupt_makes_the_cli_withdraw_it(kind: str) -> None:
    callback = Callback()

    def interrupted(request: dict[str, Any]) -> dict[str, Any]:
        peer.say(withdraws("c1"), result(subtype="error_during_execution", is_error=True))
        return {"still_queued": []}

    peer = Peer(lambda frame: [question(kind)], on_control={"interrupt": interrupted})
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(callback.options(kind), peer.transport) as client:
            await client.query("go")
            await callback.began.wait()
            await client.interrupt()
            await callback.told.wait()
            await client.drain()
    assert callback.reasons == ["the CLI withdrew the request"]


async def test_when_the_client_disconnects(kind: str) -> None:
    callback = Callback()
    client = ClaudeSDKClient(callback.options(kind), Peer(lambda frame: [question(kind)]).transport)
    with anyio.fail_after(WAIT):
        await client.connect("go")
        await callback.began.wait()
        await client.disconnect()
        await callback.told.wait()
    assert callback.reasons == ["the connection ended"]


async def test_when_the_cli_exits(kind: str) -> None:
    callback = Callback()
    peer = Peer(lambda frame: [assistant("half"), question(kind)])
    client = ClaudeSDKClient(callback.options(kind), peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect("go")
        await callback.began.wait()
        peer.say(Exit(1))
        client._connected._channel._stirred.wake()  # type: ignore[union-attr]
        await callback.told.wait()
        await client.disconnect()
    assert callback.reasons == ["the connection ended"]


async def test_a_thread_may_poll_it() -> None:
    """As a callback does that hands its work to a thread."""
    began, ended = anyio.Event(), anyio.Event()
    seen: list[bool] = []

    def work(signal: CancelSignal) -> None:
        anyio.from_thread.run_sync(began.set)
        until = time.monotonic() + PATIENCE
        while not signal.cancelled and time.monotonic() < until:
            time.sleep(0.001)
        seen.append(signal.cancelled)
        anyio.from_thread.run_sync(ended.set)

    async def can_use_tool(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        await anyio.to_thread.run_sync(work, context.signal)
        return PermissionResultAllow()

    peer = Peer(lambda frame: [question("permission")])
    client = ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=can_use_tool), peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect("go")
        await began.wait()
        await client.disconnect()
        await ended.wait()
    assert seen == [True]
