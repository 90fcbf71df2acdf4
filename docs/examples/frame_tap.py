"""A transport that shows the frames of a session as they cross, whatever the far end is.

An example of a wrapper: it knows `open` and the methods of a channel, and composes with every other transport.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from claude_code_sdk.protocol.command import Command, ExitStatus
from claude_code_sdk.transports.base import Channel, Transport

OnFrame = Callable[[str, dict[str, Any]], None]
"""Called with `"host"` or `"cli"`, whose frame it is, and the frame."""


class FrameTap:
    """Opens runs on `transport` and calls `on_frame` with each of their frames, in the order in which they cross."""

    def __init__(self, transport: Transport, on_frame: OnFrame) -> None:
        self._transport = transport
        self._on_frame = on_frame

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """See `Transport.open`."""
        return TappedChannel(await self._transport.open(command, on_stderr=on_stderr), self._on_frame)


class TappedChannel:
    """A channel that passes everything on."""

    def __init__(self, channel: Channel, on_frame: OnFrame) -> None:
        self._channel = channel
        self._on_frame = on_frame
        self._unfinished = {"host": b"", "cli": b""}

    def _show(self, source: str, data: bytes) -> None:
        *lines, self._unfinished[source] = (self._unfinished[source] + data).split(b"\n")
        for line in lines:
            try:
                frame = json.loads(line)
            except ValueError:
                continue  # not a frame; the SDK reports it
            self._on_frame(source, frame)

    async def send(self, data: bytes) -> None:
        # Shown before it is sent: the answer may be here before the call returns.
        self._show("host", data)
        await self._channel.send(data)

    async def receive(self) -> bytes:
        data = await self._channel.receive()
        self._show("cli", data)
        return data

    async def send_eof(self) -> None:
        await self._channel.send_eof()

    async def send_signal(self, number: int) -> None:
        await self._channel.send_signal(number)

    async def wait(self) -> ExitStatus:
        return await self._channel.wait()

    def kill(self) -> None:
        self._channel.kill()

    async def aclose(self) -> None:
        await self._channel.aclose()

    @property
    def pid(self) -> int | None:
        return self._channel.pid

    @property
    def stderr_tail(self) -> str:
        return self._channel.stderr_tail
