"""The tasks of one run beside its reader: callbacks, prompt feeds, hand-built MCP servers.

Above: `_host.py` and the dispatcher.  On trio they run in a nursery.  On asyncio they are plain tasks in a set: a task
group with a cancel scope for each costs four times as much, which is half of a hook's round trip, and cannot be left
while a callback swallows its cancellation.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import anyio

from .transports._detached import in_trio

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger("claude_code_sdk")

FINISH_GRACE = 5.0
"""Seconds that cancelled callbacks get to end when the run does (asyncio; trio waits for them by its nature)."""

Function: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


class Cancellable(Protocol):
    """A task that was started."""

    def cancel(self) -> object:
        """End it at its next await."""


class StartsTasks(Protocol):
    """What an MCP endpoint needs of the tasks of a run; anyio's task groups have it too."""

    def start_soon(self, function: Callable[..., Coroutine[Any, Any, Any]], *args: Any, name: object = None) -> object:
        """Run `function(*args)` in a task of its own."""


class Tasks(Protocol):
    """An async context manager; leaving it cancels and awaits what still runs."""

    def start_soon(self, function: Function, *args: Any, name: object = None) -> Cancellable:
        """Run `function(*args)`.  What it raises is given to the `on_error` of `open_tasks`."""
        ...

    def cancel(self) -> None:
        """Cancel all.  Idempotent."""

    async def __aenter__(self) -> Tasks: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None: ...


def open_tasks(on_error: Callable[[BaseException], None]) -> Tasks:
    """The tasks of a run, for the event loop that runs now."""
    return GroupTasks(on_error) if in_trio() else AsyncioTasks(on_error)


class AsyncioTasks:
    """Plain asyncio tasks."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._create: Callable[..., asyncio.Task[None]] = sys.modules["asyncio"].get_running_loop().create_task
        self._current: Callable[[], Any] = sys.modules["asyncio"].current_task
        self._tasks: set[asyncio.Task[None]] = set()
        self._cancelled = False

    def start_soon(self, function: Function, *args: Any, name: object = None) -> asyncio.Task[None]:
        task = self._create(self._run(function, args))
        if not task.done():  # an eager one (`asyncio.eager_task_factory`) may have ended by now
            self._tasks.add(task)
            if self._cancelled:
                task.cancel()
        return task

    async def _run(self, function: Function, args: tuple[Any, ...]) -> None:
        # No done callback: it would cost a turn of the event loop for each callback of the program.
        try:
            await function(*args)
        except Exception as error:
            self._on_error(error)
        finally:
            self._tasks.discard(self._current())

    def cancel(self) -> None:
        self._cancelled = True
        for task in self._tasks:
            if not task.cancelling():  # a second cancellation would cut short what the callback does after the first
                task.cancel()

    async def __aenter__(self) -> AsyncioTasks:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._tasks:
            return
        import asyncio

        self.cancel()
        _, stubborn = await asyncio.wait(self._tasks.copy(), timeout=FINISH_GRACE)
        for task in stubborn:
            logger.warning("a callback did not end within %g s of being cancelled: %r", FINISH_GRACE, task)
            task.cancel()


class GroupTasks:
    """Tasks in an anyio task group, each in a cancel scope."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._group = anyio.create_task_group()

    def start_soon(self, function: Function, *args: Any, name: object = None) -> anyio.CancelScope:
        scope = anyio.CancelScope()
        self._group.start_soon(self._run, scope, function, args, name=name)
        return scope

    async def _run(self, scope: anyio.CancelScope, function: Function, args: tuple[Any, ...]) -> None:
        with scope:
            try:
                await function(*args)
            except (Exception, KeyboardInterrupt, SystemExit) as error:
                self._on_error(error)  # the latter two would take down trio's run with a TrioInternalError

    def cancel(self) -> None:
        self._group.cancel_scope.cancel()

    async def __aenter__(self) -> GroupTasks:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        self.cancel()
        return await self._group.__aexit__(kind, error, traceback)
