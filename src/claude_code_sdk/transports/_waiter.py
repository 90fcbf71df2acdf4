"""Waiting and the time, at the price of the event loop that runs: a bare future on asyncio, an event on trio.

Above: the host, the inbox, the dispatcher, `in_process.py`.  anyio's own look up the running backend at every step,
which is most of what a short session in process costs.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import modules
from typing import TYPE_CHECKING

from ._detached import in_trio

if TYPE_CHECKING:
    from ._event_loop import Waiter


_asyncio_waiter: type[Waiter] | None = None  # an import statement in a function costs more than making one


def new_waiter() -> Waiter:
    """A one-shot wake-up for one task of the event loop that runs now."""
    global _asyncio_waiter
    if "trio" in modules and in_trio():
        from ._process_trio import TrioWaiter

        return TrioWaiter()
    if _asyncio_waiter is None:
        from ._process_asyncio import AsyncioWaiter

        _asyncio_waiter = AsyncioWaiter
    return _asyncio_waiter()


def loop_clock() -> Callable[[], float]:
    """The clock of the event loop that runs now, in seconds; the one that anyio's deadlines are on."""
    if in_trio():
        import trio

        return trio.current_time
    import asyncio

    return asyncio.get_running_loop().time


async def loop_turn() -> None:
    """Let the tasks of the event loop that are ready go on, one step each.  Raises its error for a cancelled task."""
    if "trio" in modules and in_trio():
        await modules["trio"].lowlevel.checkpoint()
    else:
        await modules["asyncio"].sleep(0)


class Wakeable:
    """Something that several tasks may wait for at once, again and again."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[Waiter] = []

    async def wait(self) -> None:
        """Wait for the next `wake()`."""
        waiter = new_waiter()
        self._waiting.append(waiter)
        try:
            await waiter
        except BaseException:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    async def wait_until(self, moment: float) -> None:
        """Wait for the next `wake()`, which comes at a moment of the event loop's clock if not before."""
        if "trio" in modules and in_trio():
            import anyio

            with anyio.move_on_at(moment):
                await self.wait()
            return
        import asyncio

        timer = asyncio.get_running_loop().call_at(moment, self.wake)  # a cancel scope costs ten times as much
        try:
            await self.wait()
        finally:
            timer.cancel()

    def wake(self) -> None:
        """Wake all that wait now."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for waiter in waiting:
                waiter.wake()


class Latch(Wakeable):
    """Something that comes about once and stays; `is_set` says whether it has."""

    __slots__ = ("is_set",)

    def __init__(self) -> None:
        super().__init__()
        self.is_set = False

    def set(self) -> None:
        """It has come about.  Idempotent."""
        self.is_set = True
        self.wake()

    async def wait(self) -> None:
        """Wait until it has come about; return at once if it has."""
        while not self.is_set:
            await super().wait()
