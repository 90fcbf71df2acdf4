"""A scope on asyncio: a plain cancellation of the task, counted, and taken back with `Task.uncancel`.

Above: `_scope.py`.  anyio's scope costs more than a turn of the event loop: it registers the task, writes its `repr`
into the cancellation, and calls back in every turn until the task is out.
"""

from __future__ import annotations

from asyncio import CancelledError, Handle, Task, current_task, get_running_loop
from types import TracebackType
from typing import Any

AGAIN = 1.0
"""Seconds after which a stretch that swallowed its cancellation is cancelled again."""


class AsyncioScope:
    """As `asyncio.timeout`, with a `cancel()` and without its `TimeoutError`."""

    __slots__ = ("_before", "_called", "_loop", "_seconds", "_sent", "_task", "_timer")

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._called = False
        self._sent = 0  # cancellations of the task that are ours
        self._task: Task[Any] | None = None  # the one that is in here
        self._timer: Handle | None = None

    def __enter__(self) -> AsyncioScope:
        loop = self._loop = get_running_loop()
        task = self._task = current_task(loop)
        assert task is not None
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
        if current_task(self._loop) is self._task:
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
        return left <= self._before and kind is CancelledError
