"""A process's pipes on asyncio: `add_reader` and `add_writer` callbacks, no task and no thread per process.

Above: `_process_channel.py`.  asyncio's own subprocess machinery is not used: its streams cost twice the time per frame
and its child watcher, on 3.11, a thread per process (speed.md §2, §5).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from io import FileIO

from ._pipe import Pipe


class AsyncioLoop:
    """The running asyncio loop, as a process channel sees it (`_event_loop.EventLoop`)."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    @property
    def can_watch(self) -> bool:
        """Whether the loop implements `add_reader`; the one of Windows (Proactor) does not."""
        return type(self._loop).add_reader is not asyncio.AbstractEventLoop.add_reader

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> AsyncioReader:
        return AsyncioReader(self._loop, file, deliver)

    def open_writer(self, file: FileIO) -> AsyncioWriter:
        return AsyncioWriter(self._loop, file)

    def watch(self, fd: int, callback: Callable[[], None]) -> Callable[[], None]:
        self._loop.add_reader(fd, callback)
        return lambda: self._forget(fd)

    def _forget(self, fd: int) -> None:
        self._loop.remove_reader(fd)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        return self._loop.call_later(seconds, callback).cancel

    def waiter(self) -> AsyncioWaiter:
        return AsyncioWaiter(loop=self._loop)

    def post(self, callback: Callable[..., object], *args: object) -> bool:
        try:
            self._loop.call_soon_threadsafe(callback, *args)
        except RuntimeError:  # the loop is closed
            return False
        return True

    def when_over(self, callback: Callable[[], None]) -> None:
        """Never: asyncio cancels tasks at its end, and lets callbacks come until they have ended."""

    async def aclose(self) -> None:
        """Nothing runs between callbacks."""


class AsyncioReader:
    __slots__ = ("_deliver", "_fd", "_file", "_loop", "_paused", "_pipe")

    def __init__(self, loop: asyncio.AbstractEventLoop, file: FileIO, deliver: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._file = file
        self._fd = file.fileno()
        self._pipe = Pipe(file)
        self._deliver = deliver
        self._paused = True
        self.resume()

    def _on_ready(self) -> None:
        data = self._pipe.read()
        if data is None:
            return
        if not data:
            self.pause()
        self._deliver(data)

    def pause(self) -> None:
        if not self._paused:
            self._paused = True
            self._loop.remove_reader(self._fd)

    def resume(self) -> None:
        if self._paused and not self._file.closed:
            self._paused = False
            self._loop.add_reader(self._fd, self._on_ready)

    def drain(self) -> None:
        if not self._file.closed:
            self._pipe.drain(self._deliver)

    def close(self) -> None:
        self.pause()
        self._file.close()


class AsyncioWriter:
    __slots__ = ("_callback", "_fd", "_file", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, file: FileIO) -> None:
        self._loop = loop
        self._file = file
        self._fd = file.fileno()
        self._callback: Callable[[], None] | None = None
        os.set_blocking(self._fd, False)

    def write(self, data: bytes | memoryview) -> int:
        return os.write(self._fd, data)

    def call_when_ready(self, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._loop.add_writer(self._fd, self._on_ready)

    def _on_ready(self) -> None:
        self._loop.remove_writer(self._fd)
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()

    def close(self) -> None:
        if self._callback is not None:
            self._callback = None
            self._loop.remove_writer(self._fd)
        self._file.close()


class AsyncioWaiter(asyncio.Future[None]):
    """A bare future: the cheapest thing that a task can wait for."""

    def wake(self) -> None:
        if not self.done():
            try:
                self.set_result(None)
            except RuntimeError:  # the loop is closed, and nobody waits in it any more
                pass
