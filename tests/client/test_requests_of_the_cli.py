"""Requests of the CLI that are odd: ids used again, answered twice, withdrawn, unknown."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, HookMatcher, ResultMessage, UnknownMessage
from claude_code_sdk._callbacks import Callbacks
from claude_code_sdk._dispatcher import Dispatcher
from claude_code_sdk._inbox import Inbox
from claude_code_sdk._run_end import RunEnd
from claude_code_sdk._tasks import Cancellable
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.in_process import MemoryChannel

from .peers import Peer, asks, result, withdraws

WAIT = 3.0

HOOK = asks("h1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"}, tool_use_id="t")


who: ContextVar[str] = ContextVar("who")


def hooked(hook: Callable[..., Any]) -> ClaudeCodeOptions:
    return ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[hook])]})


async def say(peer: Peer, client: ClaudeSDKClient, *items: Any) -> None:
    """Have the CLI say something unasked."""
    peer.say(*items)
    assert client._host is not None
    assert isinstance(client._host._channel, MemoryChannel)
    client._host._channel._stirred.wake()


async def test_the_late_answer_of_a_withdrawn_request_is_not_taken_for_that_of_another_with_its_id() -> None:
    calls: list[Any] = []
    first_ended, second_runs = anyio.Event(), anyio.Event()

    async def hook(*_: Any) -> dict[str, Any]:
        calls.append(None)
        if len(calls) == 1:
            try:
                await anyio.sleep_forever()
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await second_runs.wait()
                first_ended.set()
                return {"reason": "of the first"}
        second_runs.set()
        await first_ended.wait()
        for _turn in range(5):  # time for an answer of the first
            await checkpoint()
        return {"reason": "of the second"}

    peer = Peer(lambda frame: [HOOK])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(hooked(hook), transport=peer.transport) as client:
            await client.query("hi")
            while not calls:
                await checkpoint()
            await say(peer, client, withdraws("h1"), HOOK)
            while not peer.of_type("control_response"):
                await checkpoint()
    assert peer.answer_to("h1")["response"] == {"reason": "of the second"}


async def test_a_request_whose_id_is_that_of_an_open_one_is_an_unknown_message() -> None:
    go = anyio.Event()

    async def hook(*_: Any) -> dict[str, Any]:
        await go.wait()
        return {}

    peer = Peer(lambda frame: [HOOK, HOOK], on_answer=lambda frame: [result()])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(hooked(hook), transport=peer.transport) as client:
            await client.query("hi")
            await anyio.wait_all_tasks_blocked()
            go.set()
            messages = [message async for message in client.receive_response()]
            assert await client.interrupt() == {}
    assert [type(message) for message in messages] == [UnknownMessage, ResultMessage]
    assert peer.answer_to("h1")["subtype"] == "success"


async def test_a_request_that_is_withdrawn_in_the_read_that_brought_it_gets_no_answer() -> None:
    calls: list[Any] = []

    async def hook(*_: Any) -> dict[str, Any]:
        calls.append(None)
        return {}

    lines = b"".join(json.dumps(frame).encode() + b"\n" for frame in (HOOK, withdraws("h1"), result()))
    peer = Peer(lambda frame: [lines])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(hooked(hook), transport=peer.transport) as client:
            await client.query("hi")
            assert await client.drain() is not None
            assert await client.interrupt() == {}
    assert len(calls) == 1
    assert peer.of_type("control_response") == []


async def test_a_withdrawal_of_nothing_and_a_second_answer_are_unknown_messages() -> None:
    again = {"type": "control_response", "response": {"subtype": "success", "request_id": "req_2", "response": {}}}
    peer = Peer(lambda frame: [withdraws("nothing"), again, result()])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(transport=peer.transport) as client:
            assert await client.interrupt() == {}
            await client.query("hi")
            messages = [message async for message in client.receive_response()]
    assert [type(message) for message in messages[:2]] == [UnknownMessage, UnknownMessage]
    assert [message.raw["type"] for message in messages[:2]] == ["control_cancel_request", "control_response"]


async def test_a_callback_sees_the_context_variables_of_connect() -> None:
    seen = []

    async def hook(*_: Any) -> dict[str, Any]:
        seen.append(who.get())
        return {}

    peer = Peer(lambda frame: [HOOK], on_answer=lambda frame: [result()])
    who.set("connected")
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(hooked(hook), transport=peer.transport) as client:
            who.set("asks")
            await client.query("hi")
            await client.drain()
    assert seen == ["connected"]


class EagerTasks:
    """Runs each task up to its first await before `start_soon` returns, as `asyncio.eager_task_factory` does."""

    def start_soon(
        self, function: Callable[..., Coroutine[Any, Any, None]], *args: Any, name: object = None
    ) -> Cancellable:
        with pytest.raises(StopIteration):
            function(*args).send(None)
        return anyio.CancelScope()

    def cancel(self) -> None: ...

    async def __aenter__(self) -> EagerTasks:
        return self

    async def __aexit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_an_eager_task_may_answer_before_its_start_returns() -> None:
    async def hook(*_: Any) -> dict[str, Any]:
        return {"reason": "at once"}

    peer = Peer()
    peer.open(Command(("claude",)))
    dispatcher = Dispatcher(
        MemoryChannel(peer),
        inbox=Inbox(1000),
        callbacks=Callbacks(hooks={"hook_0": hook}),
        run_end=RunEnd(needs=True),
        control_timeout=WAIT,
        max_frame_size=1000,
    )
    peer.say(HOOK)
    with anyio.move_on_after(0.2):
        await dispatcher.run(EagerTasks())
    assert peer.answer_to("h1")["response"] == {"reason": "at once"}
    assert not dispatcher._serving.busy
