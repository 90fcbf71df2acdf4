"""RecordingTransport: passes everything on unchanged, and has what passes written down.

Above: `use_cassette.py`, programs that pass `transport=`, `claude-cassette record`.  Below: any transport;
`recording.py`.

Recording never changes what the program sees.  The one thing that may take longer is closing: the CLI's last words,
which a closing channel would drop, are listened to for `LAST_WORDS` seconds at most.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio

from ..errors import CLIConnectionError
from ..transports.around import EXIT_WAIT, ChannelAround, for_these_options, heard_by_both
from .recording import Recording

if TYPE_CHECKING:
    from ..protocol.command import Command
    from ..transports.base import Channel, Transport
    from .recording import RunRecording
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Command = Channel = Transport = RunRecording = Any

LAST_WORDS = 2.0
"""Seconds that a closing channel listens for what the CLI still says after the end of its input."""

KILLED = 9


class RecordingTransport:
    """Opens runs on another transport and records them.

    - `transport`: where the runs are opened: one of `claude_code_sdk.transports`, or any other with `open()`.
    - `recording`: what is recorded into; or the path of a cassette, which makes a `Recording` of it.

    `record` and `use_cassette` make one, save at the end of their block, and are what most programs need.  For others:

        transport = RecordingTransport(SubprocessTransport(), "cassettes/run.jsonl")
        async for message in query(prompt="…", transport=transport):
            ...
        transport.recording.save()
    """

    def __init__(self, transport: Transport, recording: Recording | str | os.PathLike[str]) -> None:
        self.recording = recording if isinstance(recording, Recording) else Recording(recording)
        self._transport = transport

    def for_options(self, options: Any) -> RecordingTransport:
        """The same, on the transport for runs with these options where the transport asks for them."""
        return RecordingTransport(for_these_options(self._transport, options), self.recording)

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> RecordingChannel:
        """Open the run; see `Transport.open`.  Raises what the transport raises; such a run is not recorded."""
        run = self.recording.begin(command)
        channel = await self._transport.open(command, on_stderr=heard_by_both(run.stderr, on_stderr))
        run.opened()
        return RecordingChannel(channel, run)


class RecordingChannel(ChannelAround):
    """A channel that is listened to."""

    def __init__(self, channel: Channel, run: RunRecording) -> None:
        super().__init__(channel)
        self._run = run
        self._receiving = False
        self._reader_decodes = False
        self._unheard = b""  # delivered, and the reader has not said yet what it is
        self._heard_end = False
        self._closing = False
        self._killed = False

    async def send(self, data: bytes) -> None:
        send = self._run.sending(data)
        arrived = True
        try:
            await self._channel.send(data)
        except CLIConnectionError:
            arrived = False
            raise
        finally:
            self._run.sent(send, arrived=arrived)

    async def send_eof(self) -> None:
        self._run.eof()
        await self._channel.send_eof()

    async def receive(self) -> bytes:
        self._receiving = True
        try:
            data = await self._channel.receive()
        finally:
            self._receiving = False
        if data and self._reader_decodes:
            self._unheard = data
        else:
            self._hear(data)
        return data

    def leave_decoding_to_reader(self) -> Callable[[bool], None]:
        """See `Channel`."""
        self._reader_decodes = True
        return self._hear_decoded

    def _hear_decoded(self, decoded: bool) -> None:
        data, self._unheard = self._unheard, b""
        self._hear(data, decoded=decoded)

    def _hear(self, data: bytes, *, decoded: bool = False) -> None:
        if data:
            self._run.received(data, decoded=decoded)
        elif not self._heard_end:
            self._heard_end = True
            self._run.output_ended()

    async def send_signal(self, number: int) -> None:
        self._run.signalled(number)
        await self._channel.send_signal(number)

    def kill(self) -> None:
        if not self._closing and not self._killed:
            self._killed = True
            self._run.signalled(KILLED)
        self._channel.kill()

    async def aclose(self) -> None:
        verdict: Exception | None = None
        try:
            if not self._closing:
                self._closing = True
                if self._unheard:  # the reader was stopped by force
                    self._hear_decoded(False)
                self._run.eof()
                verdict = await self._hear_last_words()
        finally:  # a task that asyncio itself cancels is shielded by nothing
            await self._close()
        if verdict is not None:
            raise verdict

    async def _close(self) -> None:
        code: int | None = None
        try:
            await self._channel.aclose()
            with anyio.move_on_after(EXIT_WAIT, shield=True):
                code = (await self._channel.wait()).code
        finally:
            self._run.exited(code)

    async def _hear_last_words(self) -> Exception | None:
        """Take in what the CLI says after the end of its input, which `aclose` of the channel would drop.

        Returns what reading raised: `aclose` would have raised it.
        """
        if self._receiving or self._heard_end:
            return None
        with anyio.move_on_after(LAST_WORDS, shield=True):
            try:
                await self._channel.send_eof()
                while not self._heard_end:
                    self._hear(await self._channel.receive())
            except Exception as error:
                return error
        return None
