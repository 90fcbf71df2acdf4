"""Ctrl-C reaches the CLI: SIGINT is passed on to every open run, then to whoever had it before.

A run is in a session of its own, so the terminal's SIGINT does not reach it.  While a run is open the program's SIGINT
disposition is chained: asyncio's and trio's own keep working, with the frame that they look at.  Only in the main
thread, where Python allows it, and not when SIGINT is ignored or not Python's.
"""

from __future__ import annotations

import inspect
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from ._child import ChildProcess

# The functions of C: those around them have an enum look every handler up, and write its `repr` into an error.
_get_disposition: Callable[[int], object] = inspect.unwrap(signal.getsignal)
_set_disposition: Callable[[int, Any], object] = inspect.unwrap(signal.signal)


class InterruptForwarding:
    """The runs that are open, and the disposition that was found when the first of them was."""

    def __init__(self) -> None:
        self._children: set[ChildProcess] = set()
        self._previous: object = None

    def add(self, child: ChildProcess) -> None:
        """Pass SIGINT on to `child` from now on."""
        self._children.add(child)
        current = _get_disposition(signal.SIGINT)
        if not _in_main_thread() or current == self._on_interrupt or current in (signal.SIG_IGN, None):
            return
        self._previous = current
        _set_disposition(signal.SIGINT, self._on_interrupt)

    def discard(self, child: ChildProcess) -> None:
        """Pass nothing on to `child` any more; after the last one, restore the disposition if it is still ours."""
        self._children.discard(child)
        if not self._children and _in_main_thread() and _get_disposition(signal.SIGINT) == self._on_interrupt:
            self._restore()

    def _restore(self) -> None:
        _set_disposition(signal.SIGINT, self._previous)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        for child in tuple(self._children):
            child.signal(signal.SIGINT)
        if callable(self._previous):
            self._previous(number, frame)
        else:  # SIG_DFL: let the system do what it does
            self._restore()
            signal.raise_signal(signal.SIGINT)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


forwarding = InterruptForwarding()
