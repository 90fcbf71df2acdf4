"""A stretch of code that can be cut short, at the price of the event loop that runs.

Above: the host and the dispatcher.  On trio it is anyio's scope; on asyncio `_scope_asyncio.py` has a cheaper one.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from ._detached import in_trio


class Scope(Protocol):
    """A context manager, entered once; `cancel()` ends what runs in it, and leaving it keeps that to itself."""

    def cancel(self) -> None:
        """End it: at its next await, or at its first when it is not entered yet.  Idempotent; harmless afterwards."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool: ...


_asyncio_scope: Callable[[float | None], Scope] | None = None  # imported by the first that needs it


def open_scope(seconds: float | None = None) -> Scope:
    """A scope for the event loop that runs now; `seconds` after it is entered it is cancelled, unless that is `None`.

    A cancellation from elsewhere goes through it, also when both come at once.
    """
    global _asyncio_scope
    if in_trio():
        import anyio

        return anyio.CancelScope() if seconds is None else anyio.move_on_after(seconds)
    if _asyncio_scope is None:
        from ._scope_asyncio import AsyncioScope

        _asyncio_scope = AsyncioScope
    return _asyncio_scope(seconds)
