"""A process's pipes by threads, for loops that cannot watch them: every loop on Windows, and exotic ones elsewhere.

Three threads a process, one piece of data under way in each: slower than watching, equal otherwise.  Above:
`_process_channel.py`.  Below: the loop's own timers and wake-ups, and its way to be called from a thread.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from io import FileIO

from ._event_loop import EventLoop, Waiter

READ_SIZE = 64 * 1024

DRAIN_WAIT = 0.05
"""Seconds, blocking, that `drain` waits for a piece that the thread has not read yet."""


class ThreadedPipes:
    """`loop` with its pipes read and written by threads (`_event_loop.EventLoop`)."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self.call_later = loop.call_later
        self.post = loop.post
        self.aclose = loop.aclose

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> ThreadReader:
        return ThreadReader(self._loop, file, deliver)

    def open_writer(self, file: FileIO) -> ThreadWriter:
        return ThreadWriter(self._loop, file)

    def watch(self, fd: int, callback: Callable[[], None]) -> None:
        """Cannot: the exit is polled for."""

    def waiter(self) -> Waiter:
        return self._loop.waiter()


class ThreadReader:
    """The thread reads one piece, and the next one when that has been delivered."""

    def __init__(self, loop: EventLoop, file: FileIO, deliver: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._file = file
        self._deliver = deliver
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._next = threading.Event()
        self._paused = False
        self._closed = False
        _start("stdout or stderr of claude", self._run)

    def _run(self) -> None:
        # The file is closed here and nowhere else: closing it under a read in another thread could hit a stranger's.
        with self._file:
            data = b"."
            while data and not self._closed:
                try:
                    data = os.read(self._file.fileno(), READ_SIZE)
                except OSError:
                    data = b""
                self._pieces.put(data)
                if not self._loop.post(self._take):
                    return
                self._next.wait()
                self._next.clear()

    def _take(self, timeout: float = 0.0) -> bytes:
        try:
            data = self._pieces.get(timeout > 0, timeout)
        except queue.Empty:
            return b""
        if not self._closed:
            self._deliver(data)
        if not self._paused:
            self._next.set()
        return data

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        if self._paused:
            self._paused = False
            self._next.set()

    def drain(self) -> None:
        while not self._closed and self._take(DRAIN_WAIT):
            pass

    def close(self) -> None:
        """The thread closes the file when its read returns: at the latest when the last process has closed the pipe."""
        self._closed = True
        self._next.set()


class ThreadWriter:
    """The thread takes one piece at a time; what it has taken counts as written, an error shows at the next one."""

    def __init__(self, loop: EventLoop, file: FileIO) -> None:
        self._loop = loop
        self._file = file
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._busy = False
        self._error: OSError | None = None
        self._callback: Callable[[], None] | None = None
        self._closed = False
        _start("stdin of claude", self._run)

    def _run(self) -> None:
        with self._file:
            while (data := self._pieces.get()) is not None:
                error = self._write(data)
                if not self._loop.post(self._on_written, error):
                    return

    def _write(self, data: bytes) -> OSError | None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file.fileno(), rest) :]
        except OSError as error:
            return error
        return None

    def _on_written(self, error: OSError | None) -> None:
        self._busy = False
        self._error = error
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()

    def write(self, data: bytes | memoryview) -> int:
        if self._error is not None:
            raise self._error
        if self._busy:
            raise BlockingIOError
        self._busy = True
        self._pieces.put(bytes(data))
        return len(data)

    def call_when_ready(self, callback: Callable[[], None]) -> None:
        self._callback = callback  # always busy here, since write takes all or nothing

    def close(self) -> None:
        self._callback = None
        if not self._closed:
            self._closed = True
            self._pieces.put(None)


def _start(name: str, run: Callable[[], None]) -> None:
    threading.Thread(target=run, name=name, daemon=True).start()
