"""The transport kit passes the transports that are right, and names what is wrong with those that are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk.errors import CLIConnectionError
from claude_code_sdk.protocol.command import Command, ExitStatus
from claude_code_sdk.testing import checks
from claude_code_sdk.testing.checks import TRANSPORT_CHECKS, TransportCheck, check_transport
from claude_code_sdk.testing.far_end import FarEnd, Step
from claude_code_sdk.transports.base import Channel, Transport
from claude_code_sdk.transports.in_process import InProcessTransport


def in_process(steps: Sequence[Step]) -> tuple[Transport, Command]:
    return InProcessTransport(lambda _: FarEnd(steps), close_timeout=0.1), Command(("claude",))


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_the_in_process_transport_passes(check: TransportCheck) -> None:
    with anyio.fail_after(20):
        await check(in_process)


def test_every_check_is_in_the_kit_once() -> None:
    takes_a_maker = {
        value
        for value in vars(checks).values()
        if callable(value) and getattr(value, "__annotations__", {}) == {"maker": "TransportMaker", "return": "None"}
    }
    assert set(TRANSPORT_CHECKS) == takes_a_maker - {check_transport}
    assert len(TRANSPORT_CHECKS) == len(set(TRANSPORT_CHECKS))


class Wrapped:
    """A channel that does as the inner one does; each subclass gets one thing wrong."""

    def __init__(self, inner: Channel) -> None:
        self.inner = inner

    async def send(self, data: bytes) -> None:
        await self.inner.send(data)

    async def send_eof(self) -> None:
        await self.inner.send_eof()

    async def receive(self) -> bytes:
        return await self.inner.receive()

    async def send_signal(self, number: int) -> None:
        await self.inner.send_signal(number)

    async def wait(self) -> ExitStatus:
        return await self.inner.wait()

    def kill(self) -> None:
        self.inner.kill()

    async def aclose(self) -> None:
        await self.inner.aclose()

    @property
    def pid(self) -> int | None:
        return self.inner.pid

    @property
    def stderr_tail(self) -> str:
        return self.inner.stderr_tail


class TearsLines(Wrapped):
    async def send(self, data: bytes) -> None:
        await self.inner.send(data[:100])
        await checkpoint()
        await self.inner.send(data[100:])


class EndsTooEarly(Wrapped):
    received = 0

    async def receive(self) -> bytes:
        data = await self.inner.receive()
        self.received += len(data)
        return data if self.received < 100_000 else b""


class SwallowsLateSends(Wrapped):
    async def send(self, data: bytes) -> None:
        try:
            await self.inner.send(data)
        except CLIConnectionError:
            pass


class AlwaysSucceeds(Wrapped):
    async def wait(self) -> ExitStatus:
        return ExitStatus(0, (await self.inner.wait()).stderr_tail)


class ForgetsStderr(Wrapped):
    async def wait(self) -> ExitStatus:
        return ExitStatus((await self.inner.wait()).code)


class DropsSignals(Wrapped):
    async def send_signal(self, number: int) -> None:
        pass


class ClosesUnshielded(Wrapped):
    async def aclose(self) -> None:
        await checkpoint()
        await self.inner.aclose()


class KillsInsteadOfClosing(Wrapped):
    async def aclose(self) -> None:
        self.inner.kill()


FAULTS: list[tuple[type[Wrapped], TransportCheck, str]] = [
    (TearsLines, checks.concurrent_sends_do_not_mix, "each line in one piece"),
    (EndsTooEarly, checks.output_ends_once_and_for_all, "all output before the end"),
    (SwallowsLateSends, checks.a_send_after_the_end_of_input_is_refused, "it was accepted"),
    (AlwaysSucceeds, checks.wait_tells_the_exit_code_again_and_again, "wanted: 3"),
    (ForgetsStderr, checks.stderr_comes_by_line_and_stays_as_tail, "the tail on the exit status"),
    (KillsInsteadOfClosing, checks.closing_ends_the_input_and_lets_the_run_finish, "the far end chose"),
]


def broken(kind: type[Wrapped]) -> checks.TransportMaker:
    class Broken:
        def __init__(self, inner: Transport) -> None:
            self.inner = inner

        async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
            return kind(await self.inner.open(command, on_stderr=on_stderr))

    def make(steps: Sequence[Step]) -> tuple[Transport, Command]:
        transport, command = in_process(steps)
        return Broken(transport), command

    return make


@pytest.mark.parametrize(("kind", "check", "text"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_fault_is_found_and_named(kind: type[Wrapped], check: TransportCheck, text: str) -> None:
    with anyio.fail_after(20), pytest.raises(AssertionError, match=text):
        await check(broken(kind))


async def test_a_dropped_signal_makes_the_check_wait_until_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CHECK_TIMEOUT", 0.2)
    monkeypatch.setattr(checks, "TRANSPORT_CHECKS", (checks.a_signal_reaches_the_run,))
    with pytest.raises(TimeoutError) as caught:
        await check_transport(broken(DropsSignals))
    assert caught.value.__notes__ == ["in the transport check 'a_signal_reaches_the_run'"]


async def test_an_unshielded_closing_is_found() -> None:
    with anyio.fail_after(20), pytest.raises(TimeoutError):
        await checks.closing_is_shielded_from_cancellation(broken(ClosesUnshielded))


async def test_a_right_transport_passes_the_whole_kit_and_a_wrong_one_fails_with_the_name_of_the_check() -> None:
    await check_transport(in_process)
    with pytest.raises(AssertionError) as caught:
        await check_transport(broken(KillsInsteadOfClosing))
    assert caught.value.__notes__ == ["in the transport check 'closing_ends_the_input_and_lets_the_run_finish'"]
