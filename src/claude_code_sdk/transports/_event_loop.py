"""What a process channel asks of an event loop: pipes, timers, wake-ups.  Two protocols for each direction, no code.

`ProcessChannel` is written once against these; above it nothing knows which loop runs.  Below: `_process_asyncio.py`,
`_process_trio.py`, and `_process_threads.py` for loops that cannot watch a pipe.
Everything here is called in the loop's thread, where the callbacks come too; they must not raise.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from io import FileIO
from typing import Any, Protocol


class Reader(Protocol):
    """Reads a pipe as it fills and hands each piece to a callback, `b""` once at the end.  Owns the file."""

    def pause(self) -> None:
        """Read no more until `resume`.  Only called from within the callback.  Idempotent."""

    def resume(self) -> None:
        """Undo `pause`.  Idempotent."""

    def drain(self) -> None:
        """Hand over at once what lies in the pipe, at most about one pipe full.  Does nothing once closed."""

    def close(self) -> None:
        """Stop, and close the file.  No callback comes afterwards.  Idempotent."""


class Writer(Protocol):
    """Writes a pipe without waiting.  Owns the file."""

    def write(self, data: bytes | memoryview) -> int:
        """Write what fits and return its size.  Raises `BlockingIOError` when nothing does, `OSError` when broken."""
        ...

    def call_when_ready(self, callback: Callable[[], None]) -> None:
        """Call back once, when `write` would get on."""

    def close(self) -> None:
        """Forget a callback that is due, and close the file.  Idempotent."""


class Waiter(Protocol):
    """A one-shot wake-up for one task: `await` it; `wake()` ends the wait."""

    def wake(self) -> None:
        """Idempotent; harmless when the waiting task was cancelled."""

    def __await__(self) -> Generator[Any, Any, Any]: ...


class EventLoop(Protocol):
    """One per channel."""

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> Reader: ...

    def open_writer(self, file: FileIO) -> Writer: ...

    def watch(self, fd: int, callback: Callable[[], None]) -> Callable[[], None] | None:
        """Call back whenever `fd` is readable.  Returns what ends that, or `None` when this loop cannot watch."""
        ...

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back once.  Returns what takes it back.  Raises `RuntimeError` when the loop is gone."""
        ...

    def waiter(self) -> Waiter: ...

    def post(self, callback: Callable[..., object], *args: object) -> bool:
        """Call back soon; `False` when the loop is gone.  The one method that may be called from another thread."""
        ...

    def when_over(self, callback: Callable[[], None]) -> None:
        """Call back, at most once, when the loop is at its end and none of the callbacks above will come any more."""

    async def aclose(self) -> None:
        """Wait until nothing of this loop object runs any more.  Called last, shielded."""
