"""Control traffic never waits for the consumer, and every waiter is resolved (B1, B2, B8, B14, B17, B18)."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    CLIConnectionError,
    ControlRequestError,
    ControlTimeoutError,
    HookMatcher,
    IdleTimeoutError,
    PermissionResultAllow,
    ProcessError,
    ResultError,
    ResultMessage,
    TurnIncompleteError,
    UnknownMessage,
    UnreadLimitError,
    query,
)
from claude_code_sdk.protocol.engine import Call, Exit, NeedData, WriteErr

from .peers import Peer, asks, assistant, result

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action

WAIT = 5.0


async def allow(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
    return PermissionResultAllow()


@pytest.mark.requirement("B1", "control-never-waits")
async def test_a_permission_callback_runs_while_a_thousand_messages_lie_unread() -> None:
    asked = anyio.Event()

    async def can_use_tool(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        asked.set()
        return PermissionResultAllow()

    flood = [assistant(f"text {n}") for n in range(1000)]
    ask = asks("c1", "can_use_tool", tool_name="Bash", input={"command": "ls"}, tool_use_id="t1")
    peer = Peer(lambda frame: [*flood, ask], on_answer=lambda answer: [result()])
    async with ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=can_use_tool), peer.transport) as client:
        await client.query("go")
        with anyio.fail_after(WAIT):
            await asked.wait()
            assert len([m async for m in client.receive_response()]) == 1001
    assert peer.answer_to("c1")["response"] == {"behavior": "allow", "updatedInput": {"command": "ls"}}


@pytest.mark.requirement("B1", "control-never-waits", "interrupt-receipt", "B27")
async def test_interrupt_is_answered_while_a_thousand_messages_lie_unread() -> None:
    peer = Peer(
        lambda frame: [assistant(f"text {n}") for n in range(1000)],
        on_control={"interrupt": lambda request: {"still_queued": ["u1"]}},
    )
    async with ClaudeSDKClient(transport=peer.transport) as client:
        await client.query("go")
        with anyio.fail_after(WAIT):
            assert await client.interrupt() == {"still_queued": ["u1"]}


@pytest.mark.requirement("unread-is-bounded")
async def test_messages_beyond_the_unread_limit_are_an_error_after_those_that_were_kept() -> None:
    peer = Peer(lambda frame: [assistant("x" * 1000) for _ in range(100)])
    options = ClaudeCodeOptions(max_unread_bytes=20_000)
    client = ClaudeSDKClient(options, peer.transport)
    await client.connect()
    await client.query("go")
    with anyio.fail_after(WAIT):
        while not peer.closed:
            await anyio.lowlevel.checkpoint()
    kept = []
    with pytest.raises(UnreadLimitError, match=r"lie unread, more than max_unread_bytes=20000: read the messages"):
        async for message in client.receive_messages():
            kept.append(message)
    assert 10 < len(kept) < 100  # the limit, and what one read brought
    await client.disconnect()


@pytest.mark.requirement("B2", "waiters-resolved", "nothing-left")
async def test_an_exit_with_status_0_during_the_handshake_fails_connect_at_once() -> None:
    peer = Peer(on_control={"initialize": lambda request: Exit(0)})
    with (
        anyio.fail_after(WAIT),
        pytest.raises(ProcessError, match="The CLI exited before it answered 'initialize'") as caught,
    ):
        await ClaudeSDKClient(transport=peer.transport).connect()
    assert caught.value.exit_code == 0
    assert caught.value.cli_path == "claude"


@pytest.mark.requirement("B2", "waiters-resolved")
async def test_an_exit_resolves_a_control_call_that_waits() -> None:
    peer = Peer(on_control={"interrupt": lambda request: Exit(3)})
    async with ClaudeSDKClient(transport=peer.transport) as client:
        with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
            await client.interrupt()
    assert caught.value.exit_code == 3


@pytest.mark.requirement("B8", "errors-have-context")
async def test_a_refused_control_call_is_a_typed_error_with_its_context() -> None:
    peer = Peer(on_control={"set_model": lambda request: ValueError("Model 'x' not found")})
    async with ClaudeSDKClient(transport=peer.transport) as client:
        with pytest.raises(ControlRequestError, match="Model 'x' not found") as caught:
            await client.set_model("x")
    assert (caught.value.subtype, caught.value.request_id) == ("set_model", "req_2")


@pytest.mark.requirement("B8", "B34", "errors-have-context", "timeouts-are-options")
async def test_a_control_call_without_an_answer_times_out_and_says_which() -> None:
    peer = Peer(on_control={"mcp_status": lambda request: None})
    options = ClaudeCodeOptions(control_timeout=0.05)
    async with ClaudeSDKClient(options, peer.transport) as client:
        with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError, match=r"mcp_status.* within 0.05 s") as caught:
            await client.get_mcp_status()
        assert isinstance(caught.value, TimeoutError)
        assert caught.value.subtype == "mcp_status"


@pytest.mark.requirement("B34", "timeouts-are-options")
async def test_the_handshake_has_a_timeout_of_its_own() -> None:
    peer = Peer(on_control={"initialize": lambda request: None})
    options = ClaudeCodeOptions(initialize_timeout=0.05)
    with anyio.fail_after(WAIT), pytest.raises(ControlTimeoutError, match="initialize"):
        await ClaudeSDKClient(options, peer.transport).connect()
    assert peer.closed


@pytest.mark.requirement("B14")
async def test_a_late_answer_after_a_timeout_becomes_an_unknown_message() -> None:
    peer = Peer(on_control={"mcp_status": lambda request: None})
    async with ClaudeSDKClient(ClaudeCodeOptions(control_timeout=0.05), peer.transport) as client:
        with pytest.raises(ControlTimeoutError):
            await client.get_mcp_status()
        late = {"type": "control_response", "response": {"subtype": "success", "request_id": "req_2", "response": {}}}
        peer.say(late)
        await client.query("go")
        with anyio.fail_after(WAIT):
            first = await anext(client.receive_messages())
    assert isinstance(first, UnknownMessage)
    assert first.raw == late


@pytest.mark.requirement("B14")
async def test_a_cancelled_control_call_is_forgotten() -> None:
    peer = Peer(on_control={"interrupt": lambda request: None})
    async with ClaudeSDKClient(transport=peer.transport) as client:
        with anyio.move_on_after(0.05) as scope:
            await client.interrupt()
        assert scope.cancelled_caught
        assert client._dispatcher._requests.open == []
        assert client._dispatcher._connection.open_requests == {}


@pytest.mark.requirement("B12", "exit-0-in-a-turn")
async def test_an_exit_with_status_0_inside_a_turn_is_an_error() -> None:
    peer = Peer(lambda frame: [assistant("half"), Exit(0)])
    seen = []
    with anyio.fail_after(WAIT), pytest.raises(TurnIncompleteError, match="before the turn had a result") as caught:
        async for message in query(prompt="go", transport=peer.transport):
            seen.append(message)
    assert len(seen) == 1
    assert caught.value.exit_code == 0


@pytest.mark.requirement("B17", "errors-have-context")
async def test_an_error_result_and_a_failure_exit_are_one_typed_error_whatever_frame_stands_between() -> None:
    failed = result(is_error=True, result="API Error: 529 overloaded", api_error_status=529)
    peer = Peer(lambda frame: [failed, {"type": "keep_alive"}, Exit(1)])
    seen = []
    with anyio.fail_after(WAIT), pytest.raises(ResultError, match="API Error: 529 overloaded") as caught:
        async for message in query(prompt="go", transport=peer.transport):
            seen.append(message)
    assert [type(m) for m in seen] == [ResultMessage, UnknownMessage]
    assert (caught.value.api_error_status, caught.value.exit_code) == (529, 1)
    assert isinstance(caught.value.__cause__, ProcessError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.data) == (str(caught.value), caught.value.data)


@pytest.mark.requirement("B7", "errors-have-context")
async def test_a_failure_exit_carries_the_tail_of_stderr() -> None:
    peer = Peer(lambda frame: [WriteErr("the disk is full"), Exit(7)])
    with anyio.fail_after(WAIT), pytest.raises(ProcessError) as caught:
        async for _ in query(prompt="go", transport=peer.transport):
            pass
    assert str(caught.value) == "Command failed with exit code 7 (exit code: 7)\nError output: the disk is full"
    assert caught.value.stderr == "the disk is full"


@pytest.mark.parametrize("kind", ["end", "error"])
@pytest.mark.requirement("B10", "B18", "lossless")
async def test_a_frame_named_like_a_sentinel_is_only_a_frame(kind: str) -> None:
    frame = {"type": kind, "error": "nothing of ours"}
    peer = Peer(lambda user: [frame, result()])
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="go", transport=peer.transport)]
    assert isinstance(messages[0], UnknownMessage)
    assert messages[0].raw == frame
    assert isinstance(messages[1], ResultMessage)


@pytest.mark.requirement("timeouts-are-options")
async def test_silence_inside_a_turn_ends_in_an_idle_timeout() -> None:
    peer = Peer(lambda frame: [assistant("half")], exit_at_eof=None)
    options = ClaudeCodeOptions(idle_timeout=0.05)
    seen = []
    with anyio.fail_after(WAIT), pytest.raises(IdleTimeoutError, match=r"for 0.05 s \(idle_timeout\) while a turn"):
        async for message in query(prompt="go", options=options, transport=peer.transport):
            seen.append(message)
    assert len(seen) == 1


async def test_silence_while_a_callback_runs_is_not_idle() -> None:
    async def slow(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        await anyio.sleep(0.2)
        return PermissionResultAllow()

    peer = Peer(
        lambda frame: [asks("c1", "can_use_tool", tool_name="Bash", input={})], on_answer=lambda answer: [result()]
    )
    options = ClaudeCodeOptions(idle_timeout=0.05, can_use_tool=slow)
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="go", options=options, transport=peer.transport)]
    assert [type(m) for m in messages] == [ResultMessage]


@pytest.mark.requirement("B19", "odd-lines")
class WorksInBetween(Peer):
    """Makes a call that takes a while after its first turn, and then another turn."""

    outcome: Any = None

    def next_action(self, now: float) -> Action:
        action = super().next_action(now)
        if isinstance(action, NeedData) and self.of_type("user") and self.outcome is None:
            self.outcome = "called"
            return Call(1, self.work)
        return action

    async def work(self) -> str:
        await anyio.sleep(0.2)
        return "worked"

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        self.outcome = error or value
        self.say(result())


async def test_an_idle_timeout_leaves_the_far_end_alone_between_turns() -> None:
    peer = WorksInBetween(lambda frame: [result()])
    options = ClaudeCodeOptions(idle_timeout=0.05)
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options, transport=peer.transport) as client:
            await client.query("hi")
            await client.drain()
            await client.drain()
    assert peer.outcome == "worked"


async def test_idle_time_counts_from_the_prompt() -> None:
    peer = Peer(lambda frame: [])
    options = ClaudeCodeOptions(idle_timeout=0.2)
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options, transport=peer.transport) as client:
            await anyio.sleep(0.3)
            begun = anyio.current_time()
            await client.query("hi")
            with pytest.raises(IdleTimeoutError):
                await client.drain()
            assert anyio.current_time() - begun >= 0.2


async def test_what_is_not_json_is_delivered_and_the_session_goes_on() -> None:
    peer = Peer(lambda frame: [b"Welcome to the CLI\n", b'{"type": "user", \xff\n', assistant("hello"), result()])
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="go", transport=peer.transport)]
    assert [type(m).__name__ for m in messages] == [
        "UnknownMessage",
        "UnknownMessage",
        "AssistantMessage",
        "ResultMessage",
    ]
    assert messages[0].raw["line"] == "Welcome to the CLI"


@pytest.mark.requirement("B32")
async def test_a_line_over_the_frame_limit_is_reported_and_skipped() -> None:
    peer = Peer(lambda frame: [assistant("x" * 5000), result()])
    options = ClaudeCodeOptions(max_frame_size=2000)
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="go", options=options, transport=peer.transport)]
    assert [type(m).__name__ for m in messages] == ["UnknownMessage", "ResultMessage"]
    assert messages[0].raw["reason"] == "longer than the limit of 2000 bytes"


async def test_a_torn_last_line_is_reported() -> None:
    peer = Peer(lambda frame: [result(), b'{"type": "assistant", "mess', Exit(0)])
    with anyio.fail_after(WAIT):
        messages = [m async for m in query(prompt="go", transport=peer.transport)]
    assert isinstance(messages[1], UnknownMessage)
    assert messages[1].raw["reason"] == "the stream ended inside this line"


async def test_every_method_but_connect_and_disconnect_needs_a_connection() -> None:
    client = ClaudeSDKClient(transport=Peer().transport)
    await client.disconnect()
    with pytest.raises(CLIConnectionError, match="Not connected"):
        await client.query("hi")
    with pytest.raises(CLIConnectionError, match="Not connected"):
        await client.interrupt()
    with pytest.raises(CLIConnectionError, match="Not connected"):
        client.receive_messages()
    with pytest.raises(CLIConnectionError, match="Not connected"):
        await client.get_server_info()


async def test_hooks_run_concurrently_and_answer_in_any_order() -> None:
    first_may_end = anyio.Event()

    async def first(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
        await first_may_end.wait()
        return {"reason": "first"}

    async def second(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
        first_may_end.set()
        return {"reason": "second"}

    both = [
        asks(f"c{n}", "hook_callback", callback_id=f"hook_{n}", input={"hook_event_name": "Stop"}, tool_use_id="x")
        for n in (0, 1)
    ]
    answers: list[str] = []

    def on_answer(answer: dict[str, Any]) -> list[Any]:
        answers.append(answer["request_id"])
        return [result()] if len(answers) == 2 else []

    peer = Peer(lambda frame: both, on_answer=on_answer)
    options = ClaudeCodeOptions(hooks={"Stop": [HookMatcher(hooks=[first, second])]})
    with anyio.fail_after(WAIT):
        async for _ in query(prompt="go", options=options, transport=peer.transport):
            pass
    assert answers == ["c1", "c0"]
