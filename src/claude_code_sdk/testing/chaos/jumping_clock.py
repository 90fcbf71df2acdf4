"""JumpingClock: time that stands still while the program works, and jumps when all of it waits.

Above: the event loops of `loop_asyncio.py` and `loop_trio.py`, which ask it when nothing can run.  So a timeout of a
minute costs nothing, a busy machine delays nothing, and an attempt takes the same time whenever it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, thread_time

FURTHEST = 1e6
"""Seconds after which it jumps no more: the program ignores that it was cancelled, and would wait for ever."""

BUSY_LIMIT = 5.0
"""Seconds of CPU time that a program may take without waiting; then its deadline comes by force."""

SLOWEST = 60.0
"""Real seconds for the same: it may also sleep without letting the event loop know."""


class JumpingClock:
    """The time of one event loop, in seconds.

    - `leap`: how far it goes when the program has gone on for `BUSY_LIMIT` or `SLOWEST`.
    - `is_outside_busy`: whether the program waits for something that takes real time, such as a thread.
    """

    def __init__(self, leap: float) -> None:
        self.now = 1000.0
        self.is_outside_busy: Callable[[], bool] = lambda: False
        self.turns = 0
        """How often the event loop has turned."""
        self.waits_outside = False
        """Whether it waits, in real time, for what is outside."""
        self._leap = leap
        self._moved = monotonic()
        self._worked: float | None = None  # CPU time at the first turn since; the thread of the loop tells it

    @property
    def may_jump(self) -> bool:
        """Whether nothing that is waited for takes real time."""
        return self.now < FURTHEST and not self.is_outside_busy()

    def jump(self, seconds: float) -> None:
        """Everything waits, the first one for so long."""
        self.turns += 1
        self.now += seconds
        self._moved = monotonic()
        self._worked = None

    def begin_real_wait(self) -> None:
        """The event loop is about to wait in real time."""
        self.waits_outside = self.now < FURTHEST
        self._moved = monotonic()

    def end_real_wait(self) -> None:
        """It has waited."""
        self.waits_outside = False
        self.jump(monotonic() - self._moved)

    def turned(self) -> None:
        """The event loop has turned without waiting."""
        self.turns += 1
        worked = thread_time()
        if self._worked is None:
            self._worked = worked
        if worked - self._worked > BUSY_LIMIT or monotonic() - self._moved > SLOWEST:
            self.jump(self._leap)
