"""The run's stdout on its way from the pipe to the one task that receives.

Above: `_process_channel.py`.  Reading goes on whether anybody receives or not, up to a bound.
"""

from __future__ import annotations

from io import FileIO

from ._event_loop import EventLoop, Waiter

UNRECEIVED_LIMIT = 4 * 1024 * 1024
"""Bytes that may lie unreceived before reading pauses.  The dispatcher always receives, so only an abandoned channel
gets there; it must not fill the memory."""


class ProcessOutput:
    """Reads `file` from now on."""

    def __init__(self, loop: EventLoop, file: FileIO) -> None:
        self.ended = False
        self._loop = loop
        self._pieces: list[bytes] = []
        self._size = 0
        self._paused = False
        self._dropping = False
        self._receiver: Waiter | None = None
        self._reader = loop.open_reader(file, self._deliver)

    def _deliver(self, data: bytes) -> None:
        if not data:
            self.end()
            return
        if self._dropping:
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= UNRECEIVED_LIMIT:
            self._paused = True
            self._reader.pause()
        if self._receiver is not None:
            self._receiver.wake()

    async def receive(self) -> bytes:
        """All that has come, when something has; `b""` at the end.  Cancelled, it loses nothing."""
        if self._receiver is not None:
            raise RuntimeError("two tasks receive from one channel; one of them would lose what the other gets")
        while not self._pieces:
            if self.ended or self._dropping:
                return b""
            self._receiver = self._loop.waiter()
            try:
                await self._receiver
            finally:
                self._receiver = None
        return self._take()

    def _take(self) -> bytes:
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        self._resume()
        return data

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self._reader.resume()

    def drop(self) -> None:
        """From now on read and forget, so that the run can end; whoever receives gets the end."""
        self._dropping = True
        self._pieces.clear()
        self._resume()
        self._wake()

    def end(self, *, drain: bool = False) -> None:
        """There will be no more; with `drain` what lies in the pipe still counts.  Idempotent."""
        if drain:
            self._reader.drain()
        self.ended = True
        self._reader.close()
        self._wake()

    def _wake(self) -> None:
        if self._receiver is not None:
            self._receiver.wake()
