"""A task that belongs to nobody: it outlives the call that starts it, and the caller's cancellation is not its own.

Above: `_host.py` and `legacy.py`.  A plain task on asyncio, a system task on trio.  What ends it is the business of
the function that runs in it: that must not raise, since nobody collects the outcome.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

_running: set[Any] = set()  # asyncio keeps only weak references to tasks


def in_trio() -> bool:
    """Whether this runs in a trio task (else it is asyncio's)."""
    trio: Any = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_task())


def spawn_detached(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[Callable[[], None]], object]:
    """Start `function` in the event loop that runs now, with a copy of the caller's context variables.

    It begins even when its asyncio task is cancelled before its first step, as by somebody who cancels all tasks: it
    may own what only it releases.

    Returns a function that has another one called soon in this event loop, from any thread; it raises `RuntimeError`
    when the loop is gone.
    """
    if in_trio():
        trio: Any = sys.modules["trio"]
        call_soon: Callable[[Callable[[], None]], object] = trio.lowlevel.current_trio_token().run_sync_soon
        trio.lowlevel.spawn_system_task(function, context=copy_context())
        return call_soon
    import asyncio

    loop = asyncio.get_running_loop()
    _AsyncioTask(loop, function).start()
    return loop.call_soon_threadsafe


class _AsyncioTask:
    """Runs `function` in a task; in another one if that was cancelled before its first step."""

    __slots__ = ("_begun", "_function", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._loop = loop
        self._function = function
        self._begun = False

    def start(self) -> None:
        task = self._loop.create_task(self._run())
        if not self._begun:  # an eager one has (`asyncio.eager_task_factory`), and may have ended
            _running.add(task)
            task.add_done_callback(self._ended_unbegun)

    async def _run(self) -> None:
        self._begun = True
        task = sys.modules["asyncio"].current_task()
        task.remove_done_callback(self._ended_unbegun)  # it would cost a call by the event loop
        _running.add(task)
        try:
            await self._function()
        finally:
            _running.discard(task)

    def _ended_unbegun(self, task: asyncio.Task[None]) -> None:
        _running.discard(task)
        self.start()
