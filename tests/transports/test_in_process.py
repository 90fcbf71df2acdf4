"""The in-process driver: an engine gets what its contract promises, and its verdicts reach the task that caused them.

The contract of every transport is checked in test_checks.py; here is what only this one has.
"""

from __future__ import annotations

import logging
import signal
from collections import deque
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from claude_code_sdk.errors import CLIConnectionError
from claude_code_sdk.protocol.command import Command, ExitStatus
from claude_code_sdk.protocol.engine import Call, Exit, NeedData, Write, WriteErr
from claude_code_sdk.transports import in_process
from claude_code_sdk.transports.in_process import InProcessTransport, MemoryChannel

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action

COMMAND = Command(("claude", "--verbose"))


class Verdict(AssertionError):
    """What an engine raises when the host does not do what it should."""


class Engine:
    """Does its actions one after the other, then waits; exits with the input's end unless `exits` is false."""

    def __init__(self, *actions: Action, exits: bool = True) -> None:
        self.actions: deque[Action] = deque(actions)
        self.log: list[Any] = []
        self.waits_for: int | None = None
        self.exits = exits

    def open(self, command: Command) -> None:
        self.log.append(("open", command))

    def receive_data(self, data: bytes) -> None:
        self.log.append(data)
        if not data and self.exits:
            self.actions.append(Exit(0))

    def receive_signal(self, number: int) -> None:
        self.log.append(("signal", number))

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        self.log.append((call_id, value, error))
        self.waits_for = None

    def next_action(self, now: float) -> Action:
        if self.waits_for is not None or not self.actions:
            return NeedData()
        action = self.actions.popleft()
        if isinstance(action, Call):
            self.waits_for = action.call_id
        return action

    def close(self) -> None:
        self.log.append("close")


async def opened(engine: Any, **options: Any) -> MemoryChannel:
    return await InProcessTransport(lambda command: engine, close_timeout=0.05).open(COMMAND, **options)


# Opening


async def test_each_run_gets_an_engine_made_for_its_command() -> None:
    made: list[Command] = []

    def make(command: Command) -> Engine:
        made.append(command)
        return Engine(Write(b"hi\n"))

    transport = InProcessTransport(make)
    with anyio.fail_after(5):
        for _ in range(2):
            channel = await transport.open(COMMAND)
            assert await channel.receive() == b"hi\n"
            await channel.aclose()
    assert made == [COMMAND, COMMAND]


async def test_an_engine_that_does_not_accept_the_command_refuses_at_open() -> None:
    class Picky(Engine):
        def open(self, command: Command) -> None:
            raise Verdict(f"not this: {command.argv}")

    with pytest.raises(Verdict, match="not this"):
        await opened(Picky())


async def test_the_engine_is_told_of_the_command_first() -> None:
    engine = Engine()
    channel = await opened(engine)
    await channel.aclose()
    assert engine.log == [("open", COMMAND), b"", "close"]


# Reading


async def test_writes_are_gathered_up_to_the_size_of_a_read() -> None:
    piece = b"x" * 40_000
    channel = await opened(Engine(Write(b"a\n"), Write(b"b\n"), Write(piece), Write(piece), Write(b"c\n"), Exit(0)))
    with anyio.fail_after(5):
        assert await channel.receive() == b"a\nb\n" + piece + piece
        assert await channel.receive() == b"c\n"
        assert await channel.receive() == b""
    await channel.aclose()


async def test_a_single_write_is_never_split() -> None:
    large = b"x" * (3 * in_process.READ_SIZE)
    channel = await opened(Engine(Write(large)))
    with anyio.fail_after(5):
        assert await channel.receive() == large
    await channel.aclose()


async def test_the_engine_does_nothing_before_the_host_receives() -> None:
    engine = Engine(Write(b"a\n"))
    channel = await opened(engine)
    await channel.send(b"hello\n")
    assert len(engine.actions) == 1
    await channel.aclose()


async def test_an_engine_that_waits_for_a_time_goes_on_at_that_time() -> None:
    class Delayed(Engine):
        def next_action(self, now: float) -> Action:
            self.log.append(now)
            return NeedData(until=start + 0.02) if now < start + 0.02 else super().next_action(now)

    start = anyio.current_time()
    channel = await opened(Delayed(Write(b"late\n")))
    with anyio.fail_after(5):
        assert await channel.receive() == b"late\n"
    assert anyio.current_time() >= start + 0.02
    await channel.aclose()


async def test_data_wakes_an_engine_that_waits_for_a_far_off_time() -> None:
    class Patient(Engine):
        def next_action(self, now: float) -> Action:
            action = super().next_action(now)
            return NeedData(until=now + 3600) if isinstance(action, NeedData) else action

        def receive_data(self, data: bytes) -> None:
            super().receive_data(data)
            self.actions.append(Write(data))

    channel = await opened(Patient())
    received: list[bytes] = []

    async def receive() -> None:
        received.append(await channel.receive())

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(receive)
            await anyio.wait_all_tasks_blocked()
            await channel.send(b"wake up\n")
    assert received == [b"wake up\n"]
    await channel.aclose()


# Calls


async def double(value: int) -> int:
    await anyio.lowlevel.checkpoint()
    return 2 * value


@pytest.mark.parametrize("function", [double, lambda value: 2 * value])
async def test_a_call_is_made_and_awaited_and_its_value_reported(function: Any) -> None:
    engine = Engine(Call(7, function, (21,)), Write(b"after\n"))
    channel = await opened(engine)
    with anyio.fail_after(5):
        assert await channel.receive() == b"after\n"
    assert (7, 42, None) in engine.log
    await channel.aclose()


async def test_an_error_of_a_call_is_the_engines_to_judge() -> None:
    error = ValueError("no")

    def fail() -> None:
        raise error

    engine = Engine(Call(1, fail), Write(b"after\n"))
    channel = await opened(engine)
    with anyio.fail_after(5):
        assert await channel.receive() == b"after\n"
    assert (1, None, error) in engine.log
    await channel.aclose()


async def test_a_call_that_is_cancelled_with_its_receive_is_reported_so_that_the_run_can_end() -> None:
    engine = Engine(Call(1, anyio.sleep_forever))
    channel = await opened(engine)
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(channel.receive)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        await channel.aclose()
        assert await channel.wait() == ExitStatus(0)  # by itself, not by force
    call_id, value, error = engine.log[1]
    assert (call_id, value) == (1, None)
    assert isinstance(error, anyio.get_cancelled_exc_class())


async def test_an_engine_that_was_closed_is_told_of_no_result() -> None:
    engine = Engine(Call(1, anyio.sleep_forever))
    channel = await opened(engine)
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(channel.receive)
            await anyio.wait_all_tasks_blocked()
            channel.kill()
            tasks.cancel_scope.cancel()
    assert engine.log == [("open", COMMAND), "close"]


# Verdicts


class Strict(Engine):
    """Refuses one kind of input."""

    def __init__(self, refuses: str) -> None:
        super().__init__()
        self.refuses = refuses

    def receive_data(self, data: bytes) -> None:
        super().receive_data(data)
        if self.refuses == ("data" if data else "end"):
            raise Verdict(self.refuses)

    def receive_signal(self, number: int) -> None:
        if self.refuses == "signal":
            raise Verdict("signal")

    def next_action(self, now: float) -> Action:
        if self.refuses == "wait":
            raise Verdict("wait")
        return super().next_action(now)

    def close(self) -> None:
        super().close()
        if self.refuses == "close":
            raise Verdict("close")


@pytest.mark.parametrize(
    ("refuses", "act"),
    [
        ("data", lambda channel: channel.send(b"{}\n")),
        ("end", lambda channel: channel.send_eof()),
        ("signal", lambda channel: channel.send_signal(signal.SIGINT)),
        ("wait", lambda channel: channel.receive()),
        ("end", lambda channel: channel.aclose()),
        ("close", lambda channel: channel.aclose()),
    ],
)
async def test_a_verdict_of_the_engine_surfaces_where_the_host_acted(refuses: str, act: Any) -> None:
    channel = await opened(Strict(refuses))
    with anyio.fail_after(5):
        with pytest.raises(Verdict, match=refuses):
            await act(channel)
        channel.kill()
        assert await channel.receive() == b""


async def test_a_verdict_at_the_end_leaves_a_closed_run() -> None:
    engine = Strict("end")
    channel = await opened(engine)
    with anyio.fail_after(5):
        with pytest.raises(Verdict):
            await channel.aclose()
        await channel.aclose()
        assert await channel.wait() == ExitStatus(-signal.SIGKILL)
    assert engine.log[-1] == "close"


async def test_killing_never_raises(caplog: pytest.LogCaptureFixture) -> None:
    channel = await opened(Strict("close"))
    channel.kill()
    assert caplog.messages == ["the engine raised when its run was killed"]
    assert await channel.wait() == ExitStatus(-signal.SIGKILL)


# stderr


async def test_stderr_goes_to_the_callback_and_to_the_exit_status() -> None:
    lines: list[str] = []
    channel = await opened(Engine(WriteErr("one"), WriteErr("two"), Exit(1)), on_stderr=lines.append)
    with anyio.fail_after(5):
        assert await channel.receive() == b""
        assert await channel.wait() == ExitStatus(1, "one\ntwo")
    assert lines == ["one", "two"]
    await channel.aclose()


async def test_a_stderr_callback_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def callback(line: str) -> None:
        raise RuntimeError(line)

    channel = await opened(Engine(WriteErr("one"), Write(b"on\n")), on_stderr=callback)
    with anyio.fail_after(5), caplog.at_level(logging.ERROR):
        assert await channel.receive() == b"on\n"
    assert caplog.messages == ["the stderr callback raised for the line 'one'; the run goes on"]
    await channel.aclose()


# Ending


async def test_a_send_to_an_ended_run_says_how_it_ended() -> None:
    channel = await opened(Engine(Exit(4)))
    with anyio.fail_after(5):
        await channel.receive()
        with pytest.raises(CLIConnectionError, match=r"the run's input is closed \(exit code: 4\)"):
            await channel.send(b"{}\n")
    await channel.aclose()


async def test_closing_reads_what_is_left_to_the_end() -> None:
    engine = Engine(Write(b"x" * in_process.READ_SIZE), Write(b"y\n"), WriteErr("bye"))
    channel = await opened(engine)
    with anyio.fail_after(5):
        await channel.aclose()
        assert await channel.wait() == ExitStatus(0, "bye")
        assert await channel.receive() == b""


async def test_an_engine_that_does_not_end_gets_a_signal_and_then_is_killed() -> None:
    engine = Engine(exits=False)
    channel = await opened(engine)
    with anyio.fail_after(5):
        await channel.aclose()
        assert await channel.wait() == ExitStatus(-signal.SIGKILL)
    assert engine.log == [("open", COMMAND), b"", ("signal", signal.SIGTERM), "close"]


async def test_an_engine_that_never_stops_acting_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "CLOSE_STEPS", 100)

    class Chatty(Engine):
        def next_action(self, now: float) -> Action:
            return Write(b"x" * in_process.READ_SIZE)

    channel = await opened(Chatty())
    with anyio.fail_after(5):
        await channel.aclose()
        assert await channel.wait() == ExitStatus(-signal.SIGKILL)


async def test_closing_while_a_call_runs_waits_for_it() -> None:
    go_on = anyio.Event()
    engine = Engine(Call(1, go_on.wait))
    channel = await InProcessTransport(lambda command: engine, close_timeout=5).open(COMMAND)
    with anyio.fail_after(4):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(channel.receive)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(channel.aclose)
            await anyio.wait_all_tasks_blocked()
            go_on.set()
        assert await channel.wait() == ExitStatus(0)


async def test_a_call_after_a_write_is_made_by_the_next_receive() -> None:
    engine = Engine(Write(b"a\n"), Call(1, lambda: "done"), Write(b"b\n"))
    channel = await opened(engine)
    with anyio.fail_after(5):
        assert await channel.receive() == b"a\n"
        assert (1, "done", None) not in engine.log
        assert await channel.receive() == b"b\n"
        assert (1, "done", None) in engine.log
        await channel.aclose()


async def test_what_was_written_before_a_call_is_received_before_the_call_is_made() -> None:
    channel = await opened(Engine(Write(b"a\n"), Call(1, anyio.sleep_forever)))
    with anyio.fail_after(5):
        assert await channel.receive() == b"a\n"
        channel.kill()
        assert await channel.receive() == b""
