"""An attempt on trio.

Above: `event_loop.py`.  Below: trio's own seams, a `Clock` and an `Instrument`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import trio
from trio.lowlevel import Task

from .event_loop import SETTLE_GRACE, Course
from .jumping_clock import JumpingClock
from .waiting_place import forget_frames, raising_place, waiting_place

_FIRST_PAUSE = 0.001
_OWN_WAITS = 1
"""How many waits for input a run of trio has for itself."""


def run_on_trio(course: Course) -> None:
    """Run a program in a fresh run of trio, and note how it ended."""
    if course.clock is None:
        trio.run(_attempt, course)
        return
    jumping = _Jumping(course.clock)
    trio.run(_attempt, course, clock=jumping, instruments=[jumping])


async def _attempt(course: Course) -> None:
    if course.clock is not None:
        limiter = trio.to_thread.current_default_thread_limiter()
        course.clock.is_outside_busy = lambda: limiter.borrowed_tokens > 0 or _is_io_waited_for()
    before = set(_living())
    course.leftovers.begin()
    await _run(course)

    def others() -> list[Task]:
        return [task for task in _living() if task not in before]

    pause, until = _FIRST_PAUSE, trio.current_time() + SETTLE_GRACE
    while ((remaining := others()) or (left := course.leftovers.left())) and trio.current_time() < until:
        await trio.sleep(pause)
        pause *= 2
    course.ended.left += sorted(map(_told, remaining)) + (course.leftovers.left() if remaining else left)


async def _run(course: Course) -> None:
    ended, coroutine = course.ended, course.call()

    async def watch() -> None:
        await trio.sleep(course.hang_after)
        ended.hung, ended.waited_at = True, waiting_place(coroutine)
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        token = trio.lowlevel.current_trio_token()
        course.stop = lambda: token.run_sync_soon(nursery.cancel_scope.cancel)
        nursery.start_soon(watch)
        try:
            ended.value = await coroutine
        except trio.Cancelled:
            raise
        except BaseException as error:
            ended.error, ended.raised_at = error, raising_place(error)
        nursery.cancel_scope.cancel()
    if ended.error is not None:
        forget_frames(ended.error)


def _living() -> Iterator[Task]:
    waiting = [trio.lowlevel.current_root_task()]
    while waiting:
        task = waiting.pop()
        if task is not None:
            yield task
            waiting += [child for nursery in task.child_nurseries for child in nursery.child_tasks]


def _told(task: Task) -> str:
    place = waiting_place(task.coro)
    name = task.coro.__qualname__
    return f"task {name} at {place}" if place else f"task {name}"


def _is_io_waited_for() -> bool:
    waits: Any = trio.lowlevel.current_statistics().io_statistics
    return bool(waits.tasks_waiting_read > _OWN_WAITS or waits.tasks_waiting_write)


class _Jumping(trio.abc.Clock, trio.abc.Instrument):
    """The clock of a run, and the instrument that lets it jump when everything waits."""

    def __init__(self, clock: JumpingClock) -> None:
        self._clock = clock
        self._waits = False
        self._token: trio.lowlevel.TrioToken | None = None

    def start_clock(self) -> None:
        """Nothing to start."""

    def current_time(self) -> float:
        return self._clock.now

    def deadline_to_sleep_time(self, deadline: float) -> float:
        return deadline - self._clock.now

    def before_run(self) -> None:
        self._token = trio.lowlevel.current_trio_token()

    def before_io_wait(self, timeout: float) -> None:
        if timeout <= 0:
            self._clock.turned()
        elif self._clock.may_jump and self._token is not None:
            self._clock.jump(timeout)
            self._token.run_sync_soon(_turn, idempotent=True)  # so that the wait, whose length is fixed, ends at once
        else:
            self._waits = True
            self._clock.begin_real_wait()

    def after_io_wait(self, timeout: float) -> None:
        if self._waits:
            self._waits = False
            self._clock.end_real_wait()


def _turn() -> None:
    """Nothing: the run turns once to call this."""
