"""However a conversation ends, nothing is left (known-defects B3, B4, B5, B15, B16, B28, B31, B36)."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    CLIConnectionError,
    HookMatcher,
    ResultMessage,
    query,
)
from claude_code_sdk.protocol.engine import WriteErr

from .peers import Peer, asks, assistant, result

WAIT = 5.0


def user(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "user", "message": {"role": "user", "content": text}, "parent_tool_use_id": None, **more}


def other_tasks() -> int:
    """Tasks of the running event loop besides this test's own."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        return trio.lowlevel.current_statistics().tasks_living
    return len(asyncio.all_tasks(loop))


@pytest.mark.requirement("any-task")
async def test_connect_use_and_disconnect_may_happen_in_different_tasks() -> None:
    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    messages: list[Any] = []

    async def use() -> None:
        await client.query("hi")
        messages.extend([m async for m in client.receive_response()])

    before = other_tasks()
    for step in (client.connect, use, client.disconnect):
        with anyio.fail_after(WAIT):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(step)
    assert [type(m) for m in messages] == [AssistantMessage, ResultMessage]
    assert peer.closed
    assert other_tasks() == before


@pytest.mark.requirement("B4", "nothing-left")
async def test_a_second_connect_is_refused_and_leaves_the_first_connection_alone() -> None:
    peer = Peer()
    async with ClaudeSDKClient(transport=peer.transport) as client:
        with pytest.raises(CLIConnectionError, match="Already connected"):
            await client.connect()
        await client.query("hi")
        assert len([m async for m in client.receive_response()]) == 2
    assert len(peer.commands) == 1


@pytest.mark.requirement("B4", "nothing-left")
async def test_two_connects_at_once_start_one_run() -> None:
    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    refused: list[CLIConnectionError] = []

    async def connect() -> None:
        try:
            await client.connect()
        except CLIConnectionError as error:
            refused.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(connect)
        tasks.start_soon(connect)
    await client.disconnect()
    assert len(peer.commands) == 1
    assert len(refused) == 1


async def test_a_client_can_connect_again_after_it_disconnected() -> None:
    peer = Peer()
    again = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    await client.connect()
    await client.disconnect()
    client._transport = again.transport
    await client.connect("hi")
    assert len([m async for m in client.receive_response()]) == 2
    await client.disconnect()
    assert again.closed


async def test_disconnect_is_idempotent() -> None:
    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    await client.connect()
    await client.disconnect()
    await client.disconnect()
    assert peer.closed


@pytest.mark.parametrize("how", ["aclose", "drop"])
@pytest.mark.requirement("nothing-left")
async def test_leaving_a_query_early_ends_the_run(how: str) -> None:
    peer = Peer(lambda frame: [assistant("one"), assistant("two")], exit_at_eof=0)
    before = other_tasks()
    messages = query(prompt="hi", transport=peer.transport)
    async for message in messages:
        assert isinstance(message, AssistantMessage)
        break
    if how == "aclose":
        await messages.aclose()
    else:
        del messages
        gc.collect()
    with anyio.fail_after(WAIT):
        while not peer.closed or other_tasks() > before:
            await checkpoint()


async def test_a_query_does_nothing_before_it_is_iterated() -> None:
    peer = Peer()
    messages = query(prompt="hi", transport=peer.transport)
    await checkpoint()
    assert peer.commands == []
    await messages.aclose()


@pytest.mark.requirement("nothing-left")
async def test_cancelling_a_consumer_that_waits_ends_a_query_without_a_rest() -> None:
    peer = Peer(lambda frame: [], exit_at_eof=None)
    before = other_tasks()
    with anyio.fail_after(WAIT):
        with anyio.move_on_after(0.05):
            async for _ in query(prompt="hi", transport=peer.transport):
                pass
        assert peer.closed
        while other_tasks() > before:
            await checkpoint()


@pytest.mark.requirement("nothing-left")
async def test_cancelling_connect_during_the_handshake_leaves_nothing() -> None:
    peer = Peer(on_control={"initialize": lambda request: None}, exit_at_eof=None)
    before = other_tasks()
    client = ClaudeSDKClient(transport=peer.transport)
    with anyio.fail_after(WAIT):
        with anyio.move_on_after(0.05):
            await client.connect()
        assert peer.closed
        while other_tasks() > before:
            await checkpoint()
    with pytest.raises(CLIConnectionError, match="Not connected"):
        await client.interrupt()


async def test_cancelling_disconnect_ends_a_stubborn_run_by_force() -> None:
    peer = Peer(exit_at_eof=None)
    transport = peer.transport
    transport._close_timeout = 60.0
    client = ClaudeSDKClient(transport=transport)
    await client.connect()
    with anyio.fail_after(WAIT):
        with anyio.move_on_after(0.05) as scope:
            await client.disconnect()
        assert scope.cancelled_caught
        while not peer.closed:
            await checkpoint()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.requirement("B5", "nothing-left")
async def test_raw_asyncio_cancellations_during_disconnect_do_not_cut_it_short() -> None:
    peer = Peer(exit_at_eof=None)
    transport = peer.transport
    transport._close_timeout = 60.0
    client = ClaudeSDKClient(transport=transport)
    await client.connect()
    closing = asyncio.ensure_future(client.disconnect())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.sleep(0)
    closing.cancel()
    with anyio.fail_after(WAIT), pytest.raises(asyncio.CancelledError):
        await closing
    assert peer.closed


def test_asyncio_run_may_end_with_an_open_client() -> None:
    peer = Peer()

    async def main() -> ClaudeSDKClient:
        client = ClaudeSDKClient(transport=peer.transport)
        await client.connect()
        return client

    client = asyncio.run(main())
    assert peer.closed
    del client


@pytest.mark.requirement("B3")
async def test_options_that_cannot_be_fail_before_anything_is_started() -> None:
    peer = Peer()
    options = ClaudeCodeOptions(mcp_servers={"broken": {"type": "sdk", "name": "broken"}})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="broken"):
        await ClaudeSDKClient(options, peer.transport).connect()
    assert peer.commands == []


@pytest.mark.parametrize("prompt", [None, 7, {"type": "user"}, b"bytes"])
@pytest.mark.requirement("B15")
async def test_what_cannot_be_a_prompt_is_refused_at_once(prompt: Any) -> None:
    with pytest.raises(TypeError, match="prompt must be a string"):
        query(prompt=prompt, transport=Peer().transport)


@pytest.mark.requirement("B15")
async def test_a_list_of_content_blocks_is_one_prompt() -> None:
    peer = Peer()
    blocks: list[dict[str, Any]] = [
        {"type": "text", "text": "look"},
        {"type": "image", "source": {"type": "base64", "data": ""}},
    ]
    async for _ in query(prompt=blocks, transport=peer.transport):
        pass
    assert [frame["message"]["content"] for frame in peer.of_type("user")] == [blocks]


@pytest.mark.requirement("B15")
async def test_a_list_of_message_dicts_is_a_stream_of_prompts() -> None:
    peer = Peer()
    async for _ in query(prompt=[user("one"), user("two")], transport=peer.transport):
        pass
    assert [frame["message"]["content"] for frame in peer.of_type("user")] == ["one", "two"]


@pytest.mark.requirement("B36")
async def test_connect_with_a_string_sends_it_and_keeps_the_input_open() -> None:
    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    await client.connect("first")
    assert len([m async for m in client.receive_response()]) == 2
    await client.query("second")
    assert len([m async for m in client.receive_response()]) == 2
    await client.disconnect()
    assert [frame["session_id"] for frame in peer.of_type("user")] == ["default", "default"]


@pytest.mark.requirement("B16")
async def test_the_input_stays_open_after_an_iterable_given_to_connect_ends() -> None:
    async def prompts() -> AsyncIterator[dict[str, Any]]:
        yield user("streamed")

    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    with anyio.fail_after(WAIT):
        await client.connect(prompts())
        assert len([m async for m in client.receive_response()]) == 2
        await client.query("follow up")
        assert len([m async for m in client.receive_response()]) == 2
        await client.disconnect()


@pytest.mark.requirement("B31")
async def test_the_dicts_of_a_program_are_not_changed() -> None:
    given = user("hi")
    before = dict(given)
    peer = Peer()
    async with ClaudeSDKClient(ClaudeCodeOptions(verbatim_prompts=True), peer.transport) as client:
        await client.query([given], session_id="mine")
        await client.drain()
    assert given == before
    assert peer.of_type("user") == [{**before, "session_id": "mine", "client_composed": True}]


async def test_an_iterable_that_raises_ends_the_input_and_is_raised_after_the_last_message() -> None:
    async def prompts() -> AsyncIterator[dict[str, Any]]:
        yield user("one")
        raise LookupError("the queue is gone")

    seen = []
    with anyio.fail_after(WAIT), pytest.raises(LookupError, match="the queue is gone"):
        async for message in query(prompt=prompts(), transport=Peer().transport):
            seen.append(message)
    assert [type(m) for m in seen] == [AssistantMessage, ResultMessage]


@pytest.mark.requirement("no-uuid-unasked")
async def test_no_uuid_is_stamped_unasked() -> None:
    peer = Peer()
    async with ClaudeSDKClient(transport=peer.transport) as client:
        await client.query("hi")
        await client.drain()
    assert "uuid" not in peer.of_type("user")[0]


@pytest.mark.requirement("B26", "response-handle")
async def test_a_response_handle_ends_with_the_result_of_its_own_prompt() -> None:
    def turn(frame: dict[str, Any]) -> list[Any]:
        injected = result(origin={"kind": "task-notification"}, result="not yours")
        return [injected, assistant("yours"), result(user_message_uuids=[frame["uuid"]], result="yours")]

    async with ClaudeSDKClient(transport=Peer(turn).transport) as client:
        response = await client.prompt("go")
        with anyio.fail_after(WAIT):
            answered = await response.result()
        assert answered.result == "yours"
        assert await response.result() is answered


@pytest.mark.requirement("B27")
async def test_drain_takes_the_rest_of_an_aborted_turn_away() -> None:
    peer = Peer(lambda frame: [assistant("half")])

    def interrupted(request: dict[str, Any]) -> dict[str, Any]:
        peer.say(result(subtype="error_during_execution", is_error=True))
        return {"still_queued": []}

    peer._on_control["interrupt"] = interrupted
    async with ClaudeSDKClient(transport=peer.transport) as client:
        await client.query("go")
        await client.interrupt()
        with anyio.fail_after(WAIT):
            drained = await client.drain()
        assert drained is not None
        assert drained.subtype == "error_during_execution"


@pytest.mark.requirement("B28")
async def test_a_failing_answer_to_a_gone_cli_is_logged_not_lost(caplog: pytest.LogCaptureFixture) -> None:
    gone = anyio.Event()

    async def hook(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
        await gone.wait()
        return {}

    ask = asks("c1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "Stop"}, tool_use_id=None)
    peer = Peer(lambda frame: [ask, assistant("bye")])
    options = ClaudeCodeOptions(hooks={"Stop": [HookMatcher(hooks=[hook])]})
    async with ClaudeSDKClient(options, peer.transport) as client:
        await client.query("go")
        await anext(client.receive_messages())
        client._connected._channel._input_closed = True  # type: ignore[union-attr]
        gone.set()
        with anyio.fail_after(WAIT):
            while "could not be sent" not in caplog.text:
                await checkpoint()


async def test_without_needs_the_input_closes_right_after_a_string_prompt() -> None:
    peer = Peer(lambda frame: [], exit_at_eof=None)
    peer._turn = lambda frame: []
    closed = anyio.Event()
    receive = peer.receive_data

    def watch(data: bytes) -> None:
        if not data:
            closed.set()
            peer.say(assistant("late"), result())
            peer._exit_at_eof = 0
        receive(data)

    peer.receive_data = watch  # type: ignore[method-assign]
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="hi", transport=peer.transport)]
    assert closed.is_set()
    assert len(messages) == 2


async def test_with_a_hook_the_input_stays_open_until_the_result() -> None:
    async def hook(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
        return {}

    ask = asks("c1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "Stop"}, tool_use_id=None)
    peer = Peer(lambda frame: [assistant("one"), ask], on_answer=lambda answer: [result()])
    options = ClaudeCodeOptions(hooks={"Stop": [HookMatcher(hooks=[hook])]})
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="hi", options=options, transport=peer.transport)]
    assert [type(m) for m in messages] == [AssistantMessage, ResultMessage]
    assert peer.answer_to("c1") == {"subtype": "success", "request_id": "c1", "response": {}}


async def test_debug_output_that_was_asked_for_goes_to_the_debug_file() -> None:
    file = io.StringIO()
    peer = Peer(lambda frame: [WriteErr("[DEBUG] one"), result()])
    options = ClaudeCodeOptions(extra_args={"debug-to-stderr": None}, debug_stderr=file)
    async for _ in query(prompt="hi", options=options, transport=peer.transport):
        pass
    assert file.getvalue() == "[DEBUG] one\n"


async def test_the_debug_file_stays_empty_unless_debug_output_was_asked_for() -> None:
    file = io.StringIO()
    peer = Peer(lambda frame: [WriteErr("[DEBUG] one"), result()])
    options = ClaudeCodeOptions(debug_stderr=file)
    async for _ in query(prompt="hi", options=options, transport=peer.transport):
        pass
    assert file.getvalue() == ""


def test_asyncio_run_does_not_wait_for_a_cli_that_stays() -> None:
    peer = Peer(exit_at_eof=None)
    transport = peer.transport
    transport._close_timeout = 60.0

    async def main() -> ClaudeSDKClient:
        client = ClaudeSDKClient(transport=transport)
        await client.connect()
        return client

    client = asyncio.run(asyncio.wait_for(main(), WAIT))
    assert peer.closed
    del client
