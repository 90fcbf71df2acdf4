"""A task that belongs to nobody: it outlives the call that starts it, and the caller's cancellation is not its own.

Above: `_host.py` and `legacy.py`.  A plain task on asyncio, a system task on trio.  What ends it is the business of
the function that runs in it: that must not raise, since nobody collects the outcome.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from functools import partial
from typing import Any

_running: set[Any] = set()  # asyncio keeps only weak references to tasks


def in_trio() -> bool:
    """Whether this runs in a trio task (else it is asyncio's)."""
    trio: Any = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_task())


def spawn_detached(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[Callable[[], None]], object]:
    """Start `function` in the event loop that runs now, with a copy of the caller's context variables.

    It begins even when all tasks of an asyncio loop are cancelled before its turn came, and meets that at its first
    await: it may own what somebody has to release.

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
    begun = False

    async def run() -> None:
        nonlocal begun
        begun = True
        await function()

    def start(context: Context) -> None:
        task = loop.create_task(run(), context=context)
        _running.add(task)
        task.add_done_callback(partial(ended, context))

    def ended(context: Context, task: asyncio.Task[None]) -> None:
        _running.discard(task)
        if not begun:
            start(context)

    start(copy_context())
    return loop.call_soon_threadsafe
