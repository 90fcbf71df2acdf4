"""An event loop of its own for each attempt, in a thread of its own.

Above: `attempt.py`.  Below: `loop_asyncio.py`, `loop_trio.py`.  The caller's event loop waits meanwhile.  What one
attempt leaves behind, a task or a loop that is stuck, is not there for the next one.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import anyio

from ...transports._detached import in_trio
from .jumping_clock import JumpingClock
from .leftovers import Leftovers
from .waiting_place import thread_place

CANCEL_GRACE = 10.0
"""Seconds that a program which is cancelled, and what it leaves behind, gets to end."""

SETTLE_GRACE = 10.0
"""Seconds until what a program has started must be gone: a `query()` that is dropped closes in the background."""

BLOCKED_GRACE = 20.0
"""Seconds, real ones, that an event loop may stand still before it counts as blocked."""

Program: TypeAlias = Callable[[], Awaitable[Any]]


@dataclass
class Ended:
    """How a program ended.

    - `value` or `error`: what it returned or raised; `raised_at`: where.
    - `hung`: it did not end in time; `waited_at`: where it was; `stubborn`: nor when it was cancelled.
    - `blocked`: its event loop did not even turn.
    - `left`: what it left behind.
    - `unheard`: errors that ended tasks of it and were given to nobody.
    """

    value: Any = None
    error: BaseException | None = None
    raised_at: str = ""
    hung: bool = False
    waited_at: str = ""
    stubborn: bool = False
    blocked: bool = False
    left: list[str] = field(default_factory=list)
    unheard: list[BaseException] = field(default_factory=list)


class Course:
    """One run of a program, to be made by an event loop.

    - `hang_after`: seconds that it may take, on the clock of its event loop.
    - `clock`: that clock; None for the real one.
    """

    def __init__(self, program: Program, hang_after: float, leftovers: Leftovers, clock: JumpingClock | None) -> None:
        self.program = program
        self.hang_after = hang_after
        self.leftovers = leftovers
        self.clock = clock
        self.ended = Ended()
        self.stop: Callable[[], object] = lambda: None
        """Cancels the program, from any thread."""

    async def call(self) -> Any:
        """The program, as a coroutine whatever kind of awaitable it is."""
        return await self.program()


async def in_own_loop(course: Course) -> Ended:
    """Run a program in a fresh event loop of the kind that runs now.

    Cancelled, it cancels the program and waits until it has ended, for `CANCEL_GRACE` at most.
    """
    run, call_soon = _here()
    done = anyio.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            run(course)
        except BaseException as error:
            failures.append(error)
        try:
            call_soon(done.set)
        except RuntimeError:  # the caller's event loop is gone
            pass

    thread = threading.Thread(target=copy_context().run, args=(work,), name="claude_faults", daemon=True)
    thread.start()
    try:
        await _ended_or_blocked(done, course)
    except anyio.get_cancelled_exc_class():
        course.stop()
        with anyio.move_on_after(CANCEL_GRACE, shield=True):
            await done.wait()
        raise
    if not done.is_set():
        course.stop()
        return Ended(hung=True, blocked=True, waited_at=thread_place(thread.ident))
    thread.join()
    if failures:
        raise failures[0]
    return course.ended


async def _ended_or_blocked(done: anyio.Event, course: Course) -> None:
    """Wait for the end of an attempt, or until its event loop has not turned for `BLOCKED_GRACE`."""
    clock = course.clock
    longest = course.hang_after + CANCEL_GRACE + SETTLE_GRACE + BLOCKED_GRACE  # if all of it is real
    with anyio.move_on_after(longest):
        while not done.is_set():
            turns = None if clock is None else clock.turns
            with anyio.move_on_after(longest if clock is None else BLOCKED_GRACE):
                await done.wait()
            if clock is not None and clock.turns == turns and not clock.waits_outside:
                return


def _here() -> tuple[Callable[[Course], None], Callable[[Callable[[], None]], object]]:
    """How to run an event loop of the kind that runs now, and how to call something in the one that does."""
    if in_trio():
        from .loop_trio import run_on_trio

        return run_on_trio, sys.modules["trio"].lowlevel.current_trio_token().run_sync_soon
    from .loop_asyncio import current_call_soon, run_on_asyncio

    return run_on_asyncio, current_call_soon()
