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

THREADS_GRACE = 1.0
"""Seconds that a closing channel waits for its threads."""

DRAIN_WAIT = 0.05
"""Seconds, blocking, that `drain` waits for a piece that the thread has not read yet."""


class ThreadedPipes:
    """`loop` with its pipes read and written by threads (`_event_loop.EventLoop`)."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._running = 0
        self._closers: set[Waiter] = set()
        self.call_later = loop.call_later
        self.when_over = loop.when_over
        self.post = loop.post

    def start(self, name: str, run: Callable[[], None]) -> None:
        """Run `run` in a thread, which must end soon after the pipe that it works on."""

        def work() -> None:
            run()
            self.post(self._on_ended)

        self._running += 1
        threading.Thread(target=work, name=name, daemon=True).start()

    def _on_ended(self) -> None:
        self._running -= 1
        if not self._running:
            for closer in self._closers:
                closer.wake()

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> ThreadReader:
        return ThreadReader(self, file, deliver)

    def open_writer(self, file: FileIO) -> ThreadWriter:
        return ThreadWriter(self, file)

    def watch(self, fd: int, callback: Callable[[], None]) -> None:
        """Cannot: the exit is polled for."""

    def waiter(self) -> Waiter:
        return self._loop.waiter()

    async def aclose(self) -> None:
        """Waits for the threads, but not for a pipe that a process left running still holds."""
        if self._running:
            all_ended = self.waiter()
            self._closers.add(all_ended)
            take_back = self.call_later(THREADS_GRACE, all_ended.wake)
            await all_ended
            take_back()
        await self._loop.aclose()


class ThreadReader:
    """The thread reads one piece, and the next one when that has been delivered."""

    def __init__(self, threads: ThreadedPipes, file: FileIO, deliver: Callable[[bytes], None]) -> None:
        self._post = threads.post
        self._file = file
        self._deliver = deliver
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._next = threading.Event()
        self._paused = False
        self._closed = False
        threads.start("claude output", self._run)

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
                if not self._post(self._take):
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

    def __init__(self, threads: ThreadedPipes, file: FileIO) -> None:
        self._post = threads.post
        self._file = file
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._busy = False
        self._error: OSError | None = None
        self._callback: Callable[[], None] | None = None
        self._closed = False
        threads.start("claude input", self._run)

    def _run(self) -> None:
        with self._file:
            while (data := self._pieces.get()) is not None:
                error = self._write(data)
                if not self._post(self._on_written, error):
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
