"""A stretch of code that can be cut short, at the price of the event loop that runs.

Above: the host, the dispatcher, `in_process.py`.  On trio it is anyio's scope.  On asyncio that one costs more than a
turn of the event loop: it registers the task, writes its `repr` into the cancellation and calls back in every turn
until the task is out.  A plain cancellation that is counted and taken back (`Task.uncancel`) does as much here.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from ._detached import in_trio

if TYPE_CHECKING:
    import asyncio

AGAIN = 1.0
"""Seconds after which a stretch that swallowed its cancellation is cancelled again (asyncio)."""


class Scope(Protocol):
    """A context manager, entered once; `cancel()` ends what runs in it, and leaving it keeps that to itself."""

    def cancel(self) -> None:
        """End it: at its next await, or at its first when it is not entered yet.  Idempotent; harmless afterwards."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool: ...


def open_scope(seconds: float | None = None) -> Scope:
    """A scope for the event loop that runs now; `seconds` after it is entered it is cancelled, unless that is `None`.

    A cancellation from elsewhere goes through it, also when both come at once.
    """
    if not in_trio():
        return AsyncioScope(seconds)
    import anyio

    return anyio.CancelScope() if seconds is None else anyio.move_on_after(seconds)


class AsyncioScope:
    """As `asyncio.timeout`, with a `cancel()` and without its `TimeoutError`."""

    __slots__ = ("_before", "_called", "_loop", "_seconds", "_sent", "_task", "_timer")

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._called = False
        self._sent = 0  # cancellations of the task that are ours
        self._task: asyncio.Task[Any] | None = None  # the one that is in here
        self._timer: asyncio.Handle | None = None

    def __enter__(self) -> AsyncioScope:
        asyncio = sys.modules["asyncio"]
        loop = self._loop = asyncio.get_running_loop()
        task = self._task = asyncio.current_task(loop)
        self._before = task.cancelling()
        if self._called:
            self._deliver()
        elif self._seconds is not None:
            self._timer = loop.call_later(self._seconds, self.cancel)
        return self

    def cancel(self) -> None:
        if not self._called:
            self._called = True
            if self._task is not None:
                self._deliver()

    def _deliver(self) -> None:
        if self._task is None:
            return
        if sys.modules["asyncio"].current_task(self._loop) is self._task:
            # It may be out before it awaits again, and a cancellation that it asked for itself would hit it then.
            self._timer = self._loop.call_soon(self._deliver)
            return
        self._sent += 1
        self._task.cancel()
        self._timer = self._loop.call_later(AGAIN, self._deliver)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        task, self._task = self._task, None
        if self._timer is not None:
            self._timer.cancel()
        if not self._sent:
            return False
        assert task is not None
        for _ in range(self._sent):
            left = task.uncancel()
        return left <= self._before and kind is sys.modules["asyncio"].CancelledError
