"""Kernel: runs the fake CLI's coroutines, without an event loop and without a clock of its own.

The CLI does many things at once: it streams a reply while tools run, asks several hooks at a time, is interrupted.
Here each of these is a coroutine, and `Kernel.run(now)` steps all that can go on.  Time is what the driver says it is;
what waits for a moment is woken by the first `run` that is not before it.  Above: `engine.py`.  Below: nothing.

    Future    something that will be known; awaiting it waits
    Task      a coroutine that runs, itself a Future of what it returns
    Stopped   thrown into a task that is to end; it may do what is left to do, without waiting long, and lets it through
"""

from __future__ import annotations

from heapq import heappop, heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Coroutine, Generator, Iterable
    from typing import Any
else:
    from _collections import deque  # `collections` has much besides


class Stopped(BaseException):
    """The task is to end: the user interrupted, or nobody needs its outcome any more.  `reason` says which."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.afterwards: list[Callable[[], object]] = []  # what is said of it once the layers above have spoken


class Told(Exception):
    """An error that one task tells another by a future, which is to act on it.  Any other error ends the run."""


class Future:
    """Something that will be known later.  Awaiting it gives its value or raises its error."""

    __slots__ = ("_callbacks", "done", "error", "value")

    def __init__(self) -> None:
        self.done = False
        self.value: Any = None
        self.error: BaseException | None = None
        self._callbacks: list[Callable[[Future], object]] = []

    def set(self, value: Any = None) -> None:
        """It is known.  What was known before stays."""
        self._finish(value, None)

    def fail(self, error: BaseException) -> None:
        """It will not be known, for this reason."""
        self._finish(None, error)

    def when_done(self, call: Callable[[Future], object]) -> None:
        """Call once it is known; at once if it is."""
        if self.done:
            call(self)
        else:
            self._callbacks.append(call)

    def result(self) -> Any:
        """The value, or the error raised."""
        if self.error is not None:
            raise self.error
        return self.value

    def _finish(self, value: Any, error: BaseException | None) -> None:
        if not self.done:
            self.done, self.value, self.error = True, value, error
            if self._callbacks:
                callbacks, self._callbacks = self._callbacks, []
                for call in callbacks:
                    call(self)

    def __await__(self) -> Generator[Future, None, Any]:
        if not self.done:
            yield self
        return self.result()


class Task(Future):
    """A coroutine that the kernel steps."""

    __slots__ = ("_coroutine", "_kernel", "_stop", "_waits_for")

    def __init__(self, kernel: Kernel, coroutine: Coroutine[Any, Any, Any]) -> None:
        super().__init__()
        self._kernel = kernel
        self._coroutine = coroutine
        self._waits_for: Future | None = None
        self._stop: Stopped | None = None

    def stop(self, reason: str = "") -> None:
        """Throw `Stopped` into it at the place where it waits.  Nothing happens when it has ended."""
        if not self.done:
            self._stop = Stopped(reason)
            self._kernel.ready.append((self, None))

    def wake(self, cause: Future | None) -> None:
        """What it waited for is known (None: it begins)."""
        if not self.done and cause is self._waits_for:
            self._kernel.ready.append((self, cause))

    def close(self) -> None:
        """Leave it where it is, for good: what it would have done next does not happen."""
        self._coroutine.close()

    def step(self, cause: Future | None) -> None:
        """Run to the next wait."""
        stop, self._stop = self._stop, None
        if self.done or (stop is None and cause is not self._waits_for):
            return  # it was stopped, or woken, since this step was planned
        self._waits_for = None
        try:
            awaited = self._coroutine.send(None) if stop is None else self._coroutine.throw(stop)
        except StopIteration as end:
            self._end(end.value, None)
        except (Stopped, Told) as error:
            self._end(None, error)
        except Exception as error:  # a verdict on the run, or a bug: the driver is to know at once
            self._kernel.failure = self._kernel.failure or error
            self._end(None, error)
        else:
            self._waits_for = awaited
            awaited.when_done(self.wake)

    def _end(self, value: Any, error: BaseException | None) -> None:
        self._kernel.tasks.discard(self)
        self._finish(value, error)


class Kernel:
    """Steps tasks.  `now` is the driver's clock in seconds, as of the `run` that is going on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.failure: Exception | None = None
        self.tasks: set[Task] = set()  # those that have not ended
        self.ready: deque[tuple[Task, Future | None]] = deque()
        # They go on, one by one, when nothing else can; the second when the first is empty.
        self._idle: tuple[deque[Future], deque[Future]] = (deque(), deque())
        self._breaths: list[Future] = []  # they go on when the driver comes back
        self._timers: list[tuple[float, int, Future]] = []
        self._count = 0

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> Task:
        """Begin a task; its first step comes when what is ready before it has been stepped."""
        task = Task(self, coroutine)
        self.tasks.add(task)
        self.ready.append((task, None))
        return task

    def close(self) -> None:
        """Leave every task where it is: the run is over."""
        self.ready.clear()
        while self.tasks:
            self.tasks.pop().close()

    def at(self, moment: float) -> Future:
        """A future that is known at a moment of the driver's clock."""
        future = Future()
        self._count += 1
        heappush(self._timers, (moment, self._count, future))
        return future

    async def sleep(self, seconds: float) -> None:
        """Wait for a time."""
        if seconds > 0:
            await self.at(self.now + seconds)

    async def breathe(self) -> None:
        """Let the driver look once whether the host has said more."""
        future = Future()
        self._breaths.append(future)
        await future

    async def idle(self, rank: int = 0) -> None:
        """Let everything else go on that can: what takes the real CLI a moment comes after what takes it none.

        What takes longer than other things that take a moment (a tool that runs, beside a reply that streams) has
        `rank` 1 and comes after them.
        """
        if self.ready or self._due() or any(self._idle[: rank + 1]):
            future = Future()
            self._idle[rank].append(future)
            await future

    def _due(self) -> bool:
        """Whether the first timer's moment has come, or nobody needs it any more."""
        if not self._timers:
            return False
        moment, _, future = self._timers[0]
        return moment <= self.now or future.done

    async def within(self, seconds: float | None, future: Future) -> bool:
        """Wait for a future, so long at most; whether it is known."""
        if seconds is None:
            await done(future)
        elif not future.done:
            timer = self.at(self.now + seconds)
            await first([future, timer])
            timer.set()  # the driver need not come back for it
        return future.done

    async def all(self, coroutines: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
        """Run them at once and wait for all; stopped, it stops each and waits until they have ended."""
        tasks = [self.spawn(coroutine) for coroutine in coroutines]
        return await self.join(tasks)

    async def join(self, tasks: Iterable[Task]) -> list[Any]:
        """Wait for tasks that run; raises their first error.  Stopped, it stops each and waits until all have ended."""
        tasks = list(tasks)
        try:
            for task in tasks:
                if not task.done:
                    await done(task)
        except Stopped as stopped:
            for task in tasks:
                task.stop(stopped.reason)
            for task in tasks:
                await done(task)
            raise
        return [task.result() for task in tasks]

    def run(self, now: float) -> float | None:
        """Step everything that can go on; returns when to come back (None: not before something happens).

        Raises the error of a task that is nobody's to act on; it is kept in `failure` too.
        """
        self.now = now
        if self._breaths:
            breaths, self._breaths = self._breaths, []
            for future in breaths:
                future.set()
        ready, timers, (soon, later) = self.ready, self._timers, self._idle
        while True:
            if self.failure is not None:
                raise self.failure
            while timers and self._due():
                heappop(timers)[2].set()
            if ready:
                task, cause = ready.popleft()
                task.step(cause)
            elif soon:
                soon.popleft().set()
            elif later:
                later.popleft().set()
            else:
                return now if self._breaths else timers[0][0] if timers else None


def done(future: Future) -> Future:
    """A future that is known when `future` is, error or not: it waits without raising."""
    seen = Future()
    future.when_done(lambda _: seen.set())
    return seen


def first(futures: Iterable[Future]) -> Future:
    """A future that is known when one of `futures` is, error or not."""
    seen = Future()
    for future in futures:
        future.when_done(lambda _: seen.set())
    return seen
