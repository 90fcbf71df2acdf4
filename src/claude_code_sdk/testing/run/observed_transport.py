"""ObservedTransport and observe(): what is said on any transport, written down as the program's SDK sees it.

Above: programs' tests, the pytest plugin where sessions are recorded.  Below: any transport; a log.  It changes nothing
of what passes.  Where the far end is an engine of ours, `ObservedEngine` sees more: what nobody reads any more, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio

from ..._override import use_transport
from ...cassettes.live import live_transport
from ...transports.around import EXIT_WAIT, ChannelAround, for_these_options, heard_by_both
from .run import Run
from .wire_log import WireLog

if TYPE_CHECKING:
    from types import TracebackType

    from ...protocol.command import Command
    from ...transports.base import Channel, Transport
    from .observed_engine import Log, Wire
else:  # so that `typing.get_type_hints` works although these are imported only when used
    TracebackType = Command = Channel = Transport = Log = Wire = Any


class observe:
    """Write down what happens in the runs of a `with` or `async with` block, whatever they are opened on.

        with use_script(script), observe() as run:
            await program()
        run.assert_tool_called("Bash")

    The block's value is a `Run`, which may be asked at any time.  What was in force before the block still is:
    `use_script`, `use_cassette`, `use_transport`, or the real CLI.  A `query()` or client that names a transport itself
    is not observed.  Programs of the official SDK are, as with `use_transport`.
    """

    def __init__(self) -> None:
        self._entered: list[use_transport] = []  # several when one object is entered again

    def __enter__(self) -> Run:
        log = WireLog()
        block = use_transport(ObservedTransport(live_transport(None), log))
        block.__enter__()
        self._entered.append(block)
        return Run.of(log)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered.pop().__exit__(exc_type, exc, traceback)

    async def __aenter__(self) -> Run:
        return self.__enter__()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(exc_type, exc, traceback)


class ObservedTransport:
    """Opens runs on `transport` and writes into `log` what both sides say."""

    def __init__(self, transport: Transport, log: Log) -> None:
        self._transport = transport
        self._log = log

    def for_options(self, options: Any) -> ObservedTransport:
        """The same, on the transport for runs with these options where the transport asks for them."""
        return ObservedTransport(for_these_options(self._transport, options), self._log)

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> ObservedChannel:
        """Open the run; see `Transport.open`.  Raises what the transport raises; the log has the attempt."""
        wire = self._log.begin(command)
        channel = await self._transport.open(command, on_stderr=heard_by_both(wire.stderr, on_stderr))
        return ObservedChannel(channel, wire)


class ObservedChannel(ChannelAround):
    """A channel that is listened to."""

    def __init__(self, channel: Channel, wire: Wire) -> None:
        super().__init__(channel)
        self._wire = wire
        self._input_ended = False
        self._output_ended = False
        self._exited = False

    async def send(self, data: bytes) -> None:
        self._wire.data("host", data)  # first, or a reply may stand ahead of it
        await self._channel.send(data)

    async def send_eof(self) -> None:
        self._end_input()
        await self._channel.send_eof()

    async def receive(self) -> bytes:
        data = await self._channel.receive()
        if data:
            self._wire.data("cli", data)
        else:
            self._output_ended = True
        return data

    async def send_signal(self, number: int) -> None:
        self._wire.signal(number)
        await self._channel.send_signal(number)

    async def aclose(self) -> None:
        self._end_input()
        await self._channel.aclose()
        if not self._exited:
            with anyio.move_on_after(EXIT_WAIT, shield=True):
                status = await self._channel.wait()
                self._exited = True
                self._wire.exit(status.code)

    def _end_input(self) -> None:
        """Once; and not when the CLI ended first, since then it is no cause of anything."""
        if not self._input_ended and not self._output_ended:
            self._input_ended = True
            self._wire.data("host", b"")
