"""Where a coroutine waits, and where an exception came from: the line of the program, not of the libraries below it.

Above: the event loops of attempts.  Below: the frames that Python keeps.
"""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from traceback import clear_frames, walk_tb
from types import FrameType
from typing import Any

_LINKS = ("cr", "gi", "ag")
_DEEPEST = 200
_PACKAGE = str(Path(__file__).resolve().parents[2]) + os.sep
_FOLDERS = ("stdlib", "platstdlib", "purelib", "platlib")
_LIBRARIES = tuple({os.path.join(sysconfig.get_path(name), "") for name in _FOLDERS})


def waiting_place(coroutine: Any) -> str:
    """The program's innermost line on the way to what `coroutine` waits for: `agent.py:12 in ask: async for …`."""
    return _told(list(_frames(coroutine)))


def raising_place(error: BaseException) -> str:
    """The program's innermost line on the way to where the error was raised."""
    return _told(list(walk_tb(error.__traceback__)))


def thread_place(ident: int | None) -> str:
    """The program's innermost line that a thread is at."""
    frame = sys._current_frames().get(ident or 0)
    frames: list[tuple[FrameType, int]] = []
    while frame is not None:
        frames.insert(0, (frame, frame.f_lineno))
        frame = frame.f_back
    return _told(frames)


def forget_frames(error: BaseException) -> None:
    """Let go of all that the frames of an error hold, as is done with an error that somebody has handled."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        clear_frames(one.__traceback__)
        one.__traceback__ = None
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _frames(awaited: Any) -> Iterator[tuple[FrameType, int]]:
    for _ in range(_DEEPEST):
        kind = next((kind for kind in _LINKS if hasattr(awaited, f"{kind}_frame")), None)
        if kind is None:
            return
        frame = getattr(awaited, f"{kind}_frame")
        if frame is not None:
            yield frame, frame.f_lineno
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")


def _told(frames: list[tuple[FrameType, int]]) -> str:
    own = [item for item in frames if _is_of_the_program(item[0].f_code.co_filename)]
    if not own:
        return ""
    frame, line = own[-1]
    name = frame.f_code.co_filename
    text = linecache.getline(name, line).strip()
    place = f"{_shown(name)}:{line} in {frame.f_code.co_name}"
    return f"{place}: {text}" if text else place


def _is_of_the_program(name: str) -> bool:
    return not name.startswith((_PACKAGE, *_LIBRARIES, "<frozen"))


def _shown(name: str) -> str:
    """A path from the working directory, where it is below that."""
    here = os.path.join(os.getcwd(), "")
    return name.removeprefix(here)
