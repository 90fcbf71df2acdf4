"""Conformance kits: the contracts of the seams as checks that any implementation can be put through.

`check_transport` holds the contract of `transports/base.py`.  Its far end follows the steps of `far_end.py`; you give a
maker that knows how to make a transport whose far end does so.  A check fails with an AssertionError that says what was
expected.

    async def test_my_transport() -> None:
        await check_transport(lambda steps: (MyTransport(), far_end_command(steps)))             # starts a process
        await check_transport(lambda steps: (InProcessTransport(lambda _: FarEnd(steps)), ANY))  # runs an engine

Each item of `TRANSPORT_CHECKS` is one of the checks, for tests that want them one by one.  `check_engine`, the same for
engines, is in `engine_checks.py`.
"""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

import anyio
from anyio.abc import TaskGroup

from ..errors import CLIConnectionError
from ..protocol.command import Command
from ..transports.base import Channel, Transport
from .engine_checks import check_engine as check_engine
from .far_end import Step, flood_line

CHECK_TIMEOUT = 30.0
"""Seconds that one check may take."""

AT_ONCE = 0.1
"""Seconds for what must already be the case; less than any transport's own grace."""

TransportMaker: TypeAlias = Callable[[Sequence[Step]], tuple[Transport, Command]]
"""Makes a transport, and a command that it opens to a far end that follows the steps.

Some far ends will not end by themselves: give the transport a short `close_timeout`."""

TransportCheck: TypeAlias = Callable[[TransportMaker], Awaitable[None]]


async def check_transport(maker: TransportMaker) -> None:
    """Put a transport through every check of the contract, one after the other.

    Raises AssertionError at the first that fails, TimeoutError at one that takes longer than `CHECK_TIMEOUT`; a note on
    the error names the check.
    """
    for check in TRANSPORT_CHECKS:
        try:
            with anyio.fail_after(CHECK_TIMEOUT):
                await check(maker)
        except Exception as error:
            error.add_note(f"in the transport check {check.__name__!r}")
            raise


# Input and output


async def lines_come_back_in_order(maker: TransportMaker) -> None:
    async with opened(maker, Step("echo")) as channel:
        await channel.send(b"one\n")
        await channel.send(b"two\nthree\n")
        await channel.send_eof()
        expect(await receive_all(channel), b"one\ntwo\nthree\n", "the lines that were sent")


async def output_ends_once_and_for_all(maker: TransportMaker) -> None:
    async with opened(maker, Step("flood", 5000)) as channel:
        expect(await receive_all(channel), b"".join(map(flood_line, range(5000))), "all output before the end")
        expect(await channel.receive(), b"", "the end again, from then on")


async def large_lines_pass_whole(maker: TransportMaker) -> None:
    line = b"x" * 3_000_000 + b"\n"
    async with opened(maker, Step("echo")) as channel, task_group() as tasks:
        tasks.start_soon(channel.send, line)
        expect(await receive_lines(channel, 1), [line], "the large line")


async def concurrent_sends_do_not_mix(maker: TransportMaker) -> None:
    lines = [b"%d" % digit * 150_000 + b"\n" for digit in range(8)]
    async with opened(maker, Step("echo")) as channel, task_group() as tasks:
        for line in lines:
            tasks.start_soon(channel.send, line)
        expect(sorted(await receive_lines(channel, len(lines))), lines, "each line in one piece")


async def a_cancelled_send_is_not_torn(maker: TransportMaker) -> None:
    first, second = b"1" * 1_000_000 + b"\n", b"2\n"
    steps = (Step("say", "ready\n"), Step("signal", signal.SIGUSR1), Step("echo"))
    async with opened(maker, *steps) as channel:
        await receive_lines(channel, 1)
        await cancel_when_blocked(lambda: channel.send(first))
        await channel.send_signal(signal.SIGUSR1)
        async with task_group() as tasks:
            tasks.start_soon(channel.send, second)
            expect(await receive_lines(channel, 2), [first, second], "the line of the cancelled send, then the next")


async def a_cancelled_receive_loses_nothing(maker: TransportMaker) -> None:
    async with opened(maker, Step("hear"), Step("flood", 3), Step("end")) as channel:
        await cancel_when_blocked(channel.receive)
        await channel.send(b"go\n")
        expect(await receive_lines(channel, 3), [flood_line(n) for n in range(3)], "what came after the cancellation")


async def a_send_after_the_end_of_input_is_refused(maker: TransportMaker) -> None:
    async with opened(maker, Step("end"), Step("say", "done\n")) as channel:
        await channel.send_eof()
        await channel.send_eof()
        await refused(channel, "after send_eof")
        expect(await receive_all(channel), b"done\n", "what the far end says at the end of its input")


async def a_send_to_an_ended_run_says_how_it_ended(maker: TransportMaker) -> None:
    async with opened(maker, Step("exit", 4)) as channel:
        await receive_all(channel)
        await channel.wait()
        error = await refused(channel, "after the exit")
        expect("exit code: 4" in str(error), True, f"the exit code in the text {str(error)!r}")


# stderr


async def stderr_comes_by_line_and_stays_as_tail(maker: TransportMaker) -> None:
    lines: list[str] = []
    steps = (Step("complain", "first"), Step("complain", "zweite Zeile: ü"), Step("exit", 1))
    async with opened(maker, *steps, on_stderr=lines.append) as channel:
        await receive_all(channel)
        status = await channel.wait()
        expect(lines, ["first", "zweite Zeile: ü"], "the lines that the callback got before wait() returned")
        expect(status.stderr_tail, "\n".join(lines), "the tail on the exit status")
        expect(channel.stderr_tail, "\n".join(lines), "the tail on the channel")


async def a_stderr_callback_that_raises_does_no_harm(maker: TransportMaker) -> None:
    lines: list[str] = []

    def callback(line: str) -> None:
        lines.append(line)
        raise RuntimeError("from the callback of a check")

    steps = (Step("complain", "a"), Step("complain", "b"), Step("say", "still here\n"))
    async with opened(maker, *steps, on_stderr=callback) as channel:
        expect(await receive_all(channel), b"still here\n", "the output")
        await channel.wait()
        expect(lines, ["a", "b"], "the lines that the callback got")


# Exit and signals


async def wait_tells_the_exit_code_again_and_again(maker: TransportMaker) -> None:
    async with opened(maker, Step("hear"), Step("exit", 3)) as channel:
        await cancel_when_blocked(channel.wait)
        await channel.send(b"go\n")
        await receive_all(channel)
        for _ in range(2):
            expect((await channel.wait()).code, 3, "the exit code")


async def a_signal_reaches_the_run(maker: TransportMaker) -> None:
    steps = (Step("say", "ready\n"), Step("signal", signal.SIGUSR1), Step("say", "signalled\n"))
    async with opened(maker, *steps) as channel:
        expect(await receive_lines(channel, 1), [b"ready\n"], "the far end's first words")
        await channel.send_signal(signal.SIGUSR1)
        expect(await receive_all(channel), b"signalled\n", "what the far end says when it gets the signal")
        await channel.wait()
        await channel.send_signal(signal.SIGUSR1)  # nothing happens


async def kill_ends_the_run_at_once(maker: TransportMaker) -> None:
    async with opened(maker, Step("say", "ready\n"), Step("linger")) as channel:
        await receive_lines(channel, 1)
        channel.kill()
        channel.kill()
        expect(await receive_all(channel), b"", "the end of the output")
        expect((await channel.wait()).code, -signal.SIGKILL, "the signal as exit code")


# Closing


async def closing_ends_the_input_and_lets_the_run_finish(maker: TransportMaker) -> None:
    steps = (Step("flood", 20_000), Step("end"), Step("complain", "bye"), Step("exit", 6))
    async with opened(maker, *steps) as channel:
        await channel.aclose()
        status = await channel.wait()
        expect(status.code, 6, "the exit code that the far end chose, its output having been read and dropped")
        expect(status.stderr_tail, "bye", "the last words on stderr")


async def a_closed_channel_stays_closed(maker: TransportMaker) -> None:
    async with opened(maker, Step("echo")) as channel:
        await channel.aclose()
        await channel.aclose()
        expect(await channel.receive(), b"", "the end of the output")
        await refused(channel, "after aclose")
        await channel.send_eof()
        await channel.send_signal(signal.SIGINT)
        channel.kill()


async def closing_ends_a_run_that_will_not_end(maker: TransportMaker) -> None:
    async with opened(maker, Step("say", "ready\n"), Step("linger")) as channel:
        await receive_lines(channel, 1)
        await channel.aclose()
        expect((await channel.wait()).code, -signal.SIGKILL, "the signal as exit code")


async def closing_wakes_who_receives(maker: TransportMaker) -> None:
    got: list[bytes] = []

    async def receive(channel: Channel) -> None:
        got.append(await channel.receive())

    async with opened(maker, Step("end")) as channel:
        async with task_group() as tasks:
            tasks.start_soon(receive, channel)
            await anyio.wait_all_tasks_blocked()
            await channel.aclose()
        expect(got, [b""], "the end of the output")


async def concurrent_closings_end_together(maker: TransportMaker) -> None:
    async with opened(maker, Step("say", "ready\n"), Step("linger")) as channel:
        await receive_lines(channel, 1)

        async def close() -> None:
            await channel.aclose()
            with anyio.fail_after(AT_ONCE):
                await channel.wait()  # it has ended when any of them returns

        async with task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(close)


async def closing_is_shielded_from_cancellation(maker: TransportMaker) -> None:
    async with opened(maker, Step("end"), Step("exit", 2)) as channel:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await channel.aclose()
        with anyio.fail_after(AT_ONCE):
            expect((await channel.wait()).code, 2, "the exit code of a run that was closed in full")


async def runs_of_one_transport_are_apart(maker: TransportMaker) -> None:
    transport, command = maker((Step("echo"),))
    first = await transport.open(command)
    try:
        second = await transport.open(command)
        try:
            await first.send(b"to the first\n")
            await second.send(b"to the second\n")
            expect(await receive_lines(second, 1), [b"to the second\n"], "the second run's own line")
            expect(await receive_lines(first, 1), [b"to the first\n"], "the first run's own line")
        finally:
            await second.aclose()
    finally:
        await first.aclose()


TRANSPORT_CHECKS: tuple[TransportCheck, ...] = (
    lines_come_back_in_order,
    output_ends_once_and_for_all,
    large_lines_pass_whole,
    concurrent_sends_do_not_mix,
    a_cancelled_send_is_not_torn,
    a_cancelled_receive_loses_nothing,
    a_send_after_the_end_of_input_is_refused,
    a_send_to_an_ended_run_says_how_it_ended,
    stderr_comes_by_line_and_stays_as_tail,
    a_stderr_callback_that_raises_does_no_harm,
    wait_tells_the_exit_code_again_and_again,
    a_signal_reaches_the_run,
    kill_ends_the_run_at_once,
    closing_ends_the_input_and_lets_the_run_finish,
    a_closed_channel_stays_closed,
    closing_ends_a_run_that_will_not_end,
    closing_wakes_who_receives,
    concurrent_closings_end_together,
    closing_is_shielded_from_cancellation,
    runs_of_one_transport_are_apart,
)


# What the checks are written with


@asynccontextmanager
async def opened(
    maker: TransportMaker, *steps: Step, on_stderr: Callable[[str], None] | None = None
) -> AsyncIterator[Channel]:
    """A channel to a far end that follows `steps`, closed at the end."""
    transport, command = maker(steps)
    channel = await transport.open(command, on_stderr=on_stderr)
    try:
        yield channel
    finally:
        await channel.aclose()


@asynccontextmanager
async def task_group() -> AsyncIterator[TaskGroup]:
    """A task group whose only error comes bare, so that a check fails with its own AssertionError."""
    try:
        async with anyio.create_task_group() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None


async def receive_all(channel: Channel) -> bytes:
    """Everything up to the end of the output."""
    received = b""
    while data := await channel.receive():
        received += data
    return received


async def receive_lines(channel: Channel, count: int) -> list[bytes]:
    """The next `count` lines.  Raises AssertionError when the output ends before."""
    received = bytearray()
    while received.count(b"\n") < count:
        data = await channel.receive()
        if not data:
            raise AssertionError(f"expected {count} lines, the output ended after {bytes(received[-200:])!r}")
        received += data
    return bytes(received).splitlines(keepends=True)


async def cancel_when_blocked(call: Callable[[], Awaitable[object]]) -> None:
    """Start the call and cancel it where it waits."""

    async def run(tasks: TaskGroup) -> None:
        await call()

    async with task_group() as tasks:
        tasks.start_soon(run, tasks)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()


async def refused(channel: Channel, when: str) -> CLIConnectionError:
    """The error of a send that must not be accepted."""
    try:
        await channel.send(b"{}\n")
    except CLIConnectionError as error:
        return error
    raise AssertionError(f"expected a CLIConnectionError from send() {when}, and it was accepted")


def expect(got: object, wanted: object, what: str) -> None:
    """Fail unless `got == wanted`; long values are shown by their ends."""
    if got != wanted:
        raise AssertionError(f"expected {what}\n  wanted: {_short(wanted)}\n  got:    {_short(got)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:200]} … {text[-200:]} ({len(text):,} characters)"
