"""A task that belongs to nobody: it outlives the call that starts it, and the caller's cancellation is not its own.

Above: `legacy.py`.  A plain task on asyncio, a system task on trio.  What ends it is the business of the function that
runs in it: that must not raise, since nobody collects the outcome.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any

_running: set[Any] = set()  # asyncio keeps only weak references to tasks


def spawn_detached(function: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Start `function` in the event loop that runs now, with a copy of the caller's context variables."""
    trio: Any = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        trio.lowlevel.spawn_system_task(function, context=copy_context())
        return
    import asyncio

    task = asyncio.get_running_loop().create_task(function())
    _running.add(task)
    task.add_done_callback(_running.discard)
