"""A process's pipes on trio: a system task per watched descriptor and per timer.

Above: `_process_channel.py`.  System tasks, because stderr must be read and the exit be seen while no task of the user
is in a call of ours, and a channel is not bound to a nursery.  They end when the channel closes, or with the run.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Generator
from contextvars import copy_context
from functools import partial
from io import FileIO
from typing import Any

import trio
from trio.lowlevel import notify_closing, spawn_system_task, wait_readable, wait_writable

from ._pipe import Pipe

logger = logging.getLogger("claude_code_sdk")


class TrioLoop:
    """The current trio run, as a process channel sees it (`_event_loop.EventLoop`)."""

    def __init__(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        self._running = 0
        self._all_ended = trio.Event()
        self._over: Callable[[], None] | None = None

    def start(self, work: Callable[[], Awaitable[None]]) -> trio.CancelScope:
        """Run `work` in a system task, with the caller's context variables; cancelling the scope ends it.

        Raises `RuntimeError` when the run is at its end, past its system tasks.
        """
        scope = trio.CancelScope()
        spawn_system_task(self._run, scope, work, context=copy_context())
        self._running += 1
        return scope

    async def _run(self, scope: trio.CancelScope, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with scope:
                await work()
        except trio.Cancelled:  # not by the scope: the run is at its end and takes its system tasks along
            over, self._over = self._over, None
            if over is not None:
                over()
            raise
        except trio.ClosedResourceError:  # notify_closing: the descriptor is gone, and that is what was wanted
            pass
        except Exception:  # a system task that raises takes the whole run down
            logger.exception("a callback of the process channel raised; this is a bug of the SDK")
        finally:
            self._running -= 1
            if not self._running:
                self._all_ended.set()
                self._all_ended = trio.Event()

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> TrioReader:
        return TrioReader(self, file, deliver)

    def open_writer(self, file: FileIO) -> TrioWriter:
        return TrioWriter(self, file)

    def watch(self, fd: int, callback: Callable[[], None]) -> Callable[[], None]:
        watching = True

        async def work() -> None:
            while watching:
                await wait_readable(fd)
                if watching:
                    callback()

        scope = self.start(work)

        def stop() -> None:
            nonlocal watching
            watching = False
            scope.cancel()
            notify_closing(fd)  # the caller closes it next, before the cancelled task has run

        return stop

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        async def work() -> None:
            await trio.sleep(seconds)
            callback()

        return self.start(work).cancel

    def waiter(self) -> TrioWaiter:
        return TrioWaiter()

    def post(self, callback: Callable[..., object], *args: object) -> bool:
        try:
            self._token.run_sync_soon(partial(callback, *args))
        except trio.RunFinishedError:
            return False
        return True

    def when_over(self, callback: Callable[[], None]) -> None:
        self._over = callback

    async def aclose(self) -> None:
        self._over = None
        while self._running:
            await self._all_ended.wait()


class TrioReader:
    __slots__ = ("_deliver", "_file", "_pipe", "_resumed", "_scope")

    def __init__(self, loop: TrioLoop, file: FileIO, deliver: Callable[[bytes], None]) -> None:
        self._file = file
        self._pipe = Pipe(file)
        self._deliver = deliver
        self._resumed: trio.Event | None = None
        self._scope = loop.start(self._pump)

    async def _pump(self) -> None:
        while True:
            await wait_readable(self._file)
            if self._file.closed:  # closed between the wake-up and now: its number may be another file's by now
                return
            data = self._pipe.read()
            if data is None:
                continue
            self._deliver(data)
            if not data or self._file.closed:
                return
            if self._resumed is not None:
                await self._resumed.wait()

    def pause(self) -> None:
        if self._resumed is None:
            self._resumed = trio.Event()

    def resume(self) -> None:
        if self._resumed is not None:
            self._resumed.set()
            self._resumed = None

    def drain(self) -> None:
        if not self._file.closed:
            self._pipe.drain(self._deliver)

    def close(self) -> None:
        if not self._file.closed:
            self._scope.cancel()
            notify_closing(self._file)
            self._file.close()


class TrioWriter:
    __slots__ = ("_fd", "_file", "_loop", "_scope")

    def __init__(self, loop: TrioLoop, file: FileIO) -> None:
        self._loop = loop
        self._file = file
        self._fd = file.fileno()
        self._scope: trio.CancelScope | None = None
        os.set_blocking(self._fd, False)

    def write(self, data: bytes | memoryview) -> int:
        return os.write(self._fd, data)

    def call_when_ready(self, callback: Callable[[], None]) -> None:
        async def work() -> None:
            await wait_writable(self._fd)
            if not self._file.closed:
                callback()

        self._scope = self._loop.start(work)

    def close(self) -> None:
        if not self._file.closed:
            if self._scope is not None:
                self._scope.cancel()
            notify_closing(self._file)
            self._file.close()


class TrioWaiter:
    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = trio.Event()

    def wake(self) -> None:
        self._event.set()

    def __await__(self) -> Generator[Any, Any, None]:
        return self._event.wait().__await__()
