"""Dict-style transports of the older SDKs, as programs wrote them, seen through the channel that we make of them."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from anyio.abc import TaskGroup

from claude_code_sdk.errors import CLIConnectionError, CLINotFoundError, ProcessError
from claude_code_sdk.protocol.codec import FrameDecoder
from claude_code_sdk.protocol.command import Command, ExitStatus
from claude_code_sdk.transports import _legacy_channel
from claude_code_sdk.transports.legacy import LegacyTransport, Transport

ANY = Command(("claude",))


class Echo(Transport):
    """Gives back each line that is written; ends with its input, or as it is told.  Notes every call in `calls`."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.written: list[str] = []
        self.frames: deque[Any] = deque()  # dicts to yield, exceptions to raise, None to end
        self.more = anyio.Event()

    def tell(self, *items: Any) -> None:
        self.frames.extend(items)
        self.more.set()

    async def connect(self) -> None:
        self.calls.append("connect")
        self.frames.clear()

    async def write(self, data: str) -> None:
        self.written.append(data)
        self.tell(*(json.loads(line) for line in data.splitlines()))

    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:  # as programs write it
        self.calls.append("read_messages")
        while True:
            while not self.frames:
                self.more = anyio.Event()
                await self.more.wait()
            item = self.frames.popleft()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    async def end_input(self) -> None:
        self.calls.append("end_input")
        self.tell(None)

    async def close(self) -> None:
        self.calls.append("close")

    def is_ready(self) -> bool:
        return "connect" in self.calls and "close" not in self.calls


class OldProcessError(Exception):
    """Of another SDK: it has the attributes, not the class."""

    def __init__(self, exit_code: int | None, stderr: str | None) -> None:
        super().__init__("Command failed")
        self.exit_code = exit_code
        self.stderr = stderr


async def receive_frames(channel: Any) -> list[Any]:
    decoder = FrameDecoder()
    frames: list[Any] = []
    with anyio.fail_after(5):
        while data := await channel.receive():
            for event in decoder.feed(data):
                assert isinstance(event, dict)
                frames.append(event)
    assert decoder.close() is None
    return frames


# What crosses


async def test_lines_are_written_as_text_and_dicts_come_back_as_lines() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        await channel.send('{"type":"user","text":"é"}\n'.encode())
        await channel.send(b'{"n":1}\n{"n":2}\n')
        await channel.send_eof()
        assert await receive_frames(channel) == [{"type": "user", "text": "é"}, {"n": 1}, {"n": 2}]
        await channel.aclose()
    assert echo.written == ['{"type":"user","text":"é"}\n', '{"n":1}\n{"n":2}\n']


async def test_the_end_of_read_messages_is_exit_status_zero() -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(Echo()).open(ANY)
        await channel.send_eof()
        assert await channel.receive() == b""
        assert await channel.receive() == b""
        assert await channel.wait() == ExitStatus(0)
        await channel.aclose()


async def test_the_calls_come_in_the_order_that_the_old_sdks_guarantee() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        await channel.send_eof()
        await channel.send_eof()
        await channel.receive()
        await channel.aclose()
        await channel.aclose()
    assert echo.calls == ["connect", "read_messages", "end_input", "close"]


async def test_the_other_facts_of_a_process_are_absent() -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(Echo()).open(ANY)
        assert channel.pid is None
        assert channel.stderr_tail == ""
        await channel.send_signal(signal.SIGINT)
        await channel.send(b'{"still":"here"}\n')
        assert json.loads(await channel.receive()) == {"still": "here"}
        await channel.aclose()


class Minimal:
    """What 0.0.25 itself needs of a transport: no base class, no end_input, no is_ready, and read_messages is a plain
    method that gives some iterator."""

    async def connect(self) -> None: ...

    async def write(self, data: str) -> None: ...

    def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        return Countdown(2)

    async def close(self) -> None: ...


class Countdown:
    def __init__(self, n: int) -> None:
        self.n = n

    def __aiter__(self) -> Countdown:
        return self

    async def __anext__(self) -> dict[str, Any]:
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return {"n": self.n}


class Declared(Minimal):
    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:  # type: ignore[override]  # a common slip
        return Countdown(2)


@pytest.mark.parametrize("dict_style", [Minimal, Declared])
async def test_a_transport_that_lacks_what_is_never_needed_is_tolerated(dict_style: type[Minimal]) -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(dict_style()).open(ANY)
        await channel.send_eof()
        assert await receive_frames(channel) == [{"n": 1}, {"n": 0}]
        await channel.aclose()


# Errors


@pytest.mark.parametrize(("exit_code", "stderr", "tail"), [(3, "boom", "boom"), (-9, None, ""), (0, "", "")])
async def test_an_error_with_an_exit_code_is_the_end_of_the_run(exit_code: int, stderr: str | None, tail: str) -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        echo.tell({"n": 1}, OldProcessError(exit_code, stderr))
        assert await receive_frames(channel) == [{"n": 1}]
        assert await channel.wait() == ExitStatus(exit_code, tail)
        assert channel.stderr_tail == tail
        await channel.aclose()


@pytest.mark.parametrize("error", [OSError("the network is gone"), OldProcessError(None, None)])
async def test_any_other_error_of_read_messages_is_raised_by_receive_after_what_came_before(error: Exception) -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        echo.tell({"n": 1}, error)
        assert json.loads(await channel.receive()) == {"n": 1}
        for _ in range(2):
            with pytest.raises(CLIConnectionError) as caught:
                await channel.receive()
        assert str(caught.value) == f"the transport's read_messages() raised {type(error).__name__}: {error}"
        assert caught.value.__cause__ is error
        assert (await channel.wait()).code == 1
        await channel.aclose()


async def test_the_verdict_of_a_test_double_stays_an_assertion_error() -> None:
    echo = Echo()
    verdict = AssertionError("not what was recorded")
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        echo.tell(verdict)
        with pytest.raises(AssertionError) as caught:
            await channel.receive()
        assert caught.value is verdict
        await channel.aclose()


async def test_a_frame_that_json_cannot_hold_is_a_lost_connection() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        echo.tell({"n": object()})
        with pytest.raises(CLIConnectionError, match=r"read_messages\(\) raised TypeError: Object of type object"):
            await channel.receive()
        await channel.aclose()


class CannotConnect(Echo):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def connect(self) -> None:
        await super().connect()
        raise self.error


class CLINotFoundErrorOfAnotherSDK(Exception):
    pass


CLINotFoundErrorOfAnotherSDK.__name__ = "CLINotFoundError"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError("refused"), CLIConnectionError),
        (CLINotFoundErrorOfAnotherSDK("no claude"), CLINotFoundError),
    ],
)
async def test_a_failed_connect_is_a_connection_error_and_the_transport_is_closed(
    error: Exception, kind: type[Exception]
) -> None:
    dict_style = CannotConnect(error)
    with anyio.fail_after(5), pytest.raises(CLIConnectionError) as caught:
        await LegacyTransport(dict_style).open(ANY)
    assert type(caught.value) is kind
    assert str(error) in str(caught.value)
    assert caught.value.__cause__ is error
    assert dict_style.calls == ["connect", "close"]


async def test_an_error_of_our_own_passes_as_it_is() -> None:
    error = ProcessError("it ended", exit_code=2)
    with anyio.fail_after(5), pytest.raises(ProcessError) as caught:
        await LegacyTransport(CannotConnect(error)).open(ANY)
    assert caught.value is error


class CannotWrite(Echo):
    async def write(self, data: str) -> None:
        raise OSError("broken pipe")

    async def end_input(self) -> None:
        raise OSError("broken pipe")

    async def close(self) -> None:
        await super().close()
        raise OSError("broken pipe")


async def test_a_failed_write_is_a_connection_error_of_that_send_alone() -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(CannotWrite()).open(ANY)
        for _ in range(2):
            with pytest.raises(CLIConnectionError, match=r"the transport's write\(\) raised OSError: broken pipe"):
                await channel.send(b"{}\n")
        with pytest.raises(CLIConnectionError, match=r"the transport's end_input\(\) raised OSError: broken pipe"):
            await channel.send_eof()
        await channel.aclose()


async def test_a_failed_close_is_logged_and_the_run_is_over_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(CannotWrite()).open(ANY)
        await channel.aclose()
    assert "raised; the run is over all the same" in caplog.text


async def test_nothing_can_be_sent_after_the_end_of_input() -> None:
    with anyio.fail_after(5):
        channel = await LegacyTransport(Echo()).open(ANY)
        await channel.send_eof()
        with pytest.raises(CLIConnectionError, match="cannot write: the run"):
            await channel.send(b"{}\n")
        await channel.aclose()


async def test_a_send_to_a_run_that_ended_says_with_which_code() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        echo.tell(OldProcessError(4, None))
        assert await channel.receive() == b""
        with pytest.raises(CLIConnectionError, match=r"cannot write: the run has ended \(exit code: 4\)"):
            await channel.send(b"{}\n")
        await channel.send_eof()
        await channel.aclose()


# Cancellation and closing


async def cancel_when_blocked(tasks: TaskGroup, call: Any) -> None:
    scope = anyio.CancelScope()

    async def run() -> None:
        with scope:
            await call()

    tasks.start_soon(run)
    await anyio.wait_all_tasks_blocked()
    scope.cancel()
    await anyio.wait_all_tasks_blocked()


async def test_a_cancelled_receive_does_not_end_the_generator_that_is_read() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        async with anyio.create_task_group() as tasks:
            await cancel_when_blocked(tasks, channel.receive)
        echo.tell({"n": 1}, None)
        assert await receive_frames(channel) == [{"n": 1}]
        await channel.aclose()


class SlowWriter(Echo):
    """Writes a line in two halves, with a wait between them."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = anyio.Event()

    async def write(self, data: str) -> None:
        self.written.append(data[:2])
        await self.go_on.wait()
        self.written.append(data[2:])


async def test_a_cancelled_send_is_written_whole_and_ahead_of_the_next() -> None:
    slow = SlowWriter()
    with anyio.fail_after(5):
        channel = await LegacyTransport(slow).open(ANY)
        async with anyio.create_task_group() as tasks:
            await cancel_when_blocked(tasks, lambda: channel.send(b"first\n"))
            slow.go_on.set()
            await channel.send(b"second\n")
        await channel.aclose()
    assert slow.written == ["fi", "rst\n", "se", "cond\n"]


async def test_sends_of_several_tasks_do_not_mix() -> None:
    slow = SlowWriter()
    with anyio.fail_after(5):
        channel = await LegacyTransport(slow).open(ANY)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(channel.send, b"11\n")
            tasks.start_soon(channel.send, b"22\n")
            await anyio.wait_all_tasks_blocked()
            slow.go_on.set()
        await channel.aclose()
    assert sorted(slow.written[0::2]) == ["11", "22"]
    assert slow.written[1::2] == ["\n", "\n"]


async def test_closing_wakes_who_receives_and_who_sends() -> None:
    slow = SlowWriter()
    outcomes: list[Any] = []

    async def receive() -> None:
        outcomes.append(await channel.receive())

    async def send() -> None:
        with pytest.raises(CLIConnectionError, match="cannot write"):
            await channel.send(b"never\n")
        outcomes.append("refused")

    with anyio.fail_after(5):
        channel = await LegacyTransport(slow).open(ANY)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(receive)
            tasks.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            await channel.aclose()
    assert sorted(outcomes, key=repr) == ["refused", b""]


async def test_closing_is_shielded_from_cancellation() -> None:
    echo = Echo()
    channel = await LegacyTransport(echo).open(ANY)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await channel.aclose()
    assert echo.calls[-1] == "close"
    assert channel.closed


class StuckAtClose(Echo):
    def __init__(self, *, shielded: bool = False) -> None:
        super().__init__()
        self.shielded = shielded
        self.let_go = anyio.Event()

    async def close(self) -> None:
        await super().close()
        with anyio.CancelScope(shield=self.shielded):
            await self.let_go.wait()


async def test_a_close_that_does_not_return_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    stuck = StuckAtClose()
    with anyio.fail_after(5):
        channel = await LegacyTransport(stuck, close_timeout=0.01).open(ANY)
        await channel.aclose()
    assert channel.closed
    assert "did not return within 0.01 s; it is cancelled" in caplog.text
    assert stuck.calls == ["connect", "read_messages", "close"]


async def test_a_close_that_cannot_be_cancelled_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_legacy_channel, "CANCEL_GRACE", 0.01)
    stuck = StuckAtClose(shielded=True)
    with anyio.fail_after(5):
        channel = await LegacyTransport(stuck, close_timeout=0.01).open(ANY)
        await channel.aclose()
        assert not channel.closed
        stuck.let_go.set()
        await channel.aclose()
    assert channel.closed


def test_the_bound_of_close_is_five_seconds() -> None:
    assert _legacy_channel.CLOSE_TIMEOUT == 5.0


async def test_kill_ends_the_run_at_once_and_closes_the_transport() -> None:
    echo = Echo()
    with anyio.fail_after(5):
        channel = await LegacyTransport(echo).open(ANY)
        channel.kill()
        channel.kill()
        assert await channel.receive() == b""
        assert await channel.wait() == ExitStatus(-signal.SIGKILL)
        await channel.aclose()
    assert echo.calls[-1] == "close"


class SlowToConnect(Echo):
    async def connect(self) -> None:
        await super().connect()
        await anyio.sleep_forever()


async def test_an_open_that_is_cancelled_leaves_a_closed_transport() -> None:
    slow = SlowToConnect()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            await cancel_when_blocked(tasks, lambda: LegacyTransport(slow).open(ANY))
    assert slow.calls == ["connect", "close"]


class HoldsATaskGroup(Echo):
    """Enters a task group in connect() and leaves it in close(), as the transport of 0.0.25 itself does."""

    async def connect(self) -> None:
        await super().connect()
        self.group = anyio.create_task_group()
        await self.group.__aenter__()
        self.group.start_soon(self.greet)

    async def greet(self) -> None:
        self.tell({"hello": "from the group"})
        await anyio.sleep_forever()

    async def close(self) -> None:
        await super().close()
        self.group.cancel_scope.cancel()
        await self.group.__aexit__(None, None, None)


async def test_a_transport_may_hold_a_task_group_from_connect_to_close(caplog: pytest.LogCaptureFixture) -> None:
    with anyio.fail_after(5), caplog.at_level(logging.WARNING):
        channel = await LegacyTransport(HoldsATaskGroup()).open(ANY)
        assert json.loads(await channel.receive()) == {"hello": "from the group"}
        await channel.aclose()
    assert caplog.messages == []


def test_a_connection_that_is_open_when_the_event_loop_ends_is_closed() -> None:
    echo = Echo()

    async def forget() -> None:
        await LegacyTransport(echo).open(ANY)

    asyncio.run(forget())
    assert echo.calls[-1] == "close"


# One object, one connection


async def test_a_second_run_at_once_is_refused() -> None:
    transport = LegacyTransport(Echo())
    with anyio.fail_after(5):
        channel = await transport.open(ANY)
        with pytest.raises(CLIConnectionError) as caught:
            await transport.open(ANY)
        assert str(caught.value) == (
            "this Echo is open already: a dict-style transport is one connection, so give each query() or client "
            "one of its own"
        )
        await channel.aclose()


async def test_a_closed_connection_may_be_opened_again() -> None:
    transport = LegacyTransport(Echo())
    with anyio.fail_after(5):
        for n in range(2):
            channel = await transport.open(ANY)
            await channel.send(b'{"n":%d}\n' % n)
            await channel.send_eof()
            assert await receive_frames(channel) == [{"n": n}]
            await channel.aclose()


def test_the_base_class_asks_for_the_six_methods_of_the_old_sdks() -> None:
    assert Transport.__abstractmethods__ == {"connect", "write", "read_messages", "end_input", "close", "is_ready"}
