"""An attempt on asyncio.

Above: `event_loop.py`.  Below: a selector event loop whose `time()` and selector are ours, where time jumps.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack

import anyio.to_thread

from .event_loop import CANCEL_GRACE, SETTLE_GRACE, Course
from .jumping_clock import JumpingClock
from .waiting_place import forget_frames, raising_place, waiting_place

if TYPE_CHECKING:
    from selectors import SelectorKey

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_OWN_DESCRIPTORS = 1
"""How many descriptors an event loop watches for itself."""

_FIRST_PAUSE = 0.001


def current_call_soon() -> Callable[..., object]:
    """What calls a function in the event loop that runs now, from any thread."""
    return asyncio.get_running_loop().call_soon_threadsafe


def run_on_asyncio(course: Course) -> None:
    """Run a program in a fresh event loop, and note how it ended."""
    loop = asyncio.new_event_loop() if course.clock is None else _JumpingLoop(course.clock)
    watching = True

    def on_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if watching and isinstance(error, BaseException):
            course.ended.unheard.append(error)

    loop.set_exception_handler(on_error)
    try:
        loop.run_until_complete(_attempt(course, loop))
    finally:
        watching = False
        loop.close()


async def _attempt(course: Course, loop: asyncio.AbstractEventLoop) -> None:
    if isinstance(loop, _JumpingLoop):
        limiter = anyio.to_thread.current_default_thread_limiter()
        loop.watch_threads(lambda: limiter.borrowed_tokens > 0)
    course.leftovers.begin()
    stubborn = await _run(course, loop)
    here = asyncio.current_task()

    def others() -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks() if task is not here and task is not stubborn}

    pause, until = _FIRST_PAUSE, loop.time() + SETTLE_GRACE
    while ((remaining := others()) or (left := course.leftovers.left())) and loop.time() < until:
        await asyncio.sleep(pause)
        pause *= 2
    course.ended.left += sorted(map(_told, remaining)) + (course.leftovers.left() if remaining else left)
    await _end(others())
    with_generators = asyncio.ensure_future(loop.shutdown_asyncgens())
    await _end([with_generators], cancel=False)
    if isinstance(loop, _JumpingLoop) and loop.has_executor:
        await asyncio.wait({asyncio.ensure_future(loop.shutdown_default_executor())}, timeout=CANCEL_GRACE)


async def _run(course: Course, loop: asyncio.AbstractEventLoop) -> asyncio.Task[Any] | None:
    """Run the program; returns its task if that does not end."""
    ended, coroutine = course.ended, course.call()
    task = loop.create_task(coroutine)
    course.stop = lambda: loop.call_soon_threadsafe(task.cancel)
    await asyncio.wait({task}, timeout=course.hang_after)
    if not task.done():
        ended.hung, ended.waited_at = True, waiting_place(coroutine)
        task.cancel()
        await asyncio.wait({task}, timeout=CANCEL_GRACE)
        ended.stubborn = not task.done()
        if not task.done():
            return task
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    if error is None:
        ended.value = task.result()
    else:
        ended.error, ended.raised_at = error, raising_place(error)
        forget_frames(error)
    return None


async def _end(tasks: Iterable[asyncio.Task[Any]], *, cancel: bool = True) -> None:
    """Wait until they have ended, for a bounded time; what they raise is of no interest any more."""
    waited = set(tasks)
    if not waited:
        return
    for task in waited if cancel else ():
        task.cancel()
    done, _ = await asyncio.wait(waited, timeout=CANCEL_GRACE)
    for task in done:
        if not task.cancelled():
            task.exception()


def _told(task: asyncio.Task[Any]) -> str:
    coroutine = task.get_coro()
    name = getattr(coroutine, "__qualname__", repr(coroutine))
    place = waiting_place(coroutine)
    return f"task {name} at {place}" if place else f"task {name}"


class _JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on a clock of ours."""

    def __init__(self, clock: JumpingClock) -> None:
        self._jumping_clock = clock
        self._in_executor = 0
        self._processes: list[asyncio.SubprocessTransport] = []
        self._starting = 0
        self._threads_busy: Callable[[], bool] = lambda: False
        self.has_executor = False
        selector = _JumpingSelector(clock)
        super().__init__(selector)
        clock.is_outside_busy = lambda: (
            len(selector.get_map()) > _OWN_DESCRIPTORS
            or self._in_executor > 0
            or self._starting > 0
            or self._threads_busy()
            or any(process.get_returncode() is None for process in self._processes)
        )

    def time(self) -> float:
        return self._jumping_clock.now

    def watch_threads(self, busy: Callable[[], bool]) -> None:
        """`busy` says whether threads that this loop knows nothing of work for it."""
        self._threads_busy = busy

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[_Ts]], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        future = super().run_in_executor(executor, func, *args)
        self.has_executor = self.has_executor or executor is None
        self._in_executor += 1
        future.add_done_callback(self._left_executor)
        return future

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        return await self._started(super().subprocess_exec(*args, **kwargs))

    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> Any:
        return await self._started(super().subprocess_shell(*args, **kwargs))

    async def _started(self, starting: Coroutine[Any, Any, Any]) -> Any:
        """A process, whose end a thread waits for."""
        self._starting += 1
        try:
            transport, protocol = await starting
        finally:
            self._starting -= 1
        self._processes.append(transport)
        return transport, protocol

    def _left_executor(self, future: object) -> None:
        self._in_executor -= 1


class _JumpingSelector(selectors.DefaultSelector):
    """Waits in no time where nothing but time is waited for."""

    def __init__(self, clock: JumpingClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is not None and timeout <= 0:
            self._clock.turned()
            return ready
        if timeout is not None and self._clock.may_jump:
            self._clock.jump(timeout)
            return ready
        self._clock.begin_real_wait()
        ready = super().select(timeout)
        self._clock.end_real_wait()
        return ready
