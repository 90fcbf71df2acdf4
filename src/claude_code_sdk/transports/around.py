"""ChannelAround: a channel that passes everything on; what listens to a channel overrides what it wants to hear.

Above: `cassettes/recording_transport.py`, `testing/run/observed_transport.py`.  Below: any channel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..protocol.command import ExitStatus
    from .base import Channel, Transport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    ExitStatus = Channel = Transport = Any

EXIT_WAIT = 1.0
"""Seconds to wait for the exit status of a run whose channel is closed; it should be there."""


class ChannelAround:
    """A channel around another; see `base.py` for the contract of its methods.

    `executable` and `leave_damage_to_reader` are there where the channel has them.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        for name in ("executable", "leave_damage_to_reader"):
            if hasattr(channel, name):
                setattr(self, name, getattr(channel, name))

    @property
    def pid(self) -> int | None:
        return self._channel.pid

    @property
    def stderr_tail(self) -> str:
        return self._channel.stderr_tail

    async def send(self, data: bytes) -> None:
        await self._channel.send(data)

    async def send_eof(self) -> None:
        await self._channel.send_eof()

    async def receive(self) -> bytes:
        return await self._channel.receive()

    async def send_signal(self, number: int) -> None:
        await self._channel.send_signal(number)

    async def wait(self) -> ExitStatus:
        return await self._channel.wait()

    def kill(self) -> None:
        self._channel.kill()

    async def aclose(self) -> None:
        await self._channel.aclose()


def for_these_options(transport: Transport, options: Any) -> Transport:
    """The transport for runs with these options, where it wants to know them; else itself."""
    ask = getattr(transport, "for_options", None)
    chosen: Transport = transport if ask is None else ask(options)
    return chosen


def heard_by_both(listener: Callable[[str], None], on_stderr: Callable[[str], None] | None) -> Callable[[str], None]:
    """What gives each line of stderr to the listener, and to whoever opened the run."""

    def stderr(line: str) -> None:
        listener(line)
        if on_stderr is not None:
            on_stderr(line)

    return stderr
