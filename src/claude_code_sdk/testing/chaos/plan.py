"""What can go wrong at each frame of a program's runs: every fault that makes sense there, in a fixed order.

Above: `campaign.py`.  Below: the faults of scripts (`script/fault.py`), in their JSON form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ...cassettes.cassette import Entry
from ...cassettes.describe import describe_exchange

Json: TypeAlias = dict[str, Any]

OVERSIZE = 2 * 2**20
"""Bytes of a line that is too long for many a reader, and not for this SDK."""

DELAY = 5.0
"""Seconds that a frame is late, and a process ends late, where time costs nothing."""

SHORT_DELAY = 0.05
"""The same, where the time is real."""

NEVER = 1e5
"""Seconds after which a process would end that does not want to."""

STDERR = "claude_faults: the CLI crashes here"

BETWEEN: dict[str, Callable[[int], Json]] = {
    "crash": lambda frame: {"after": frame, "exit": 1, "stderr": STDERR},
    "end": lambda frame: {"after": frame, "exit": 0},
    "noise": lambda frame: {"after": frame, "line": "claude_faults: this line is not JSON"},
    "unknown": lambda frame: {"after": frame, "frame": {"type": "claude_faults"}},
}
"""After each frame, and before the first: the process crashes, ends cleanly, writes what it should not."""

AT = ("torn", "lost", "late", "repeated", "oversize", "invalid_utf8", "withdraw")
"""To each frame; `withdraw` to requests of the CLI only."""

OF_A_PROCESS = ("slow_exit", "stubborn_exit")
"""Once for each run of the CLI: its process takes long to end; does not end, whatever SIGTERM says."""

FAULTS = (*BETWEEN, *AT, *OF_A_PROCESS)
"""Every fault, by the word for it."""


@dataclass(frozen=True)
class Trial:
    """What goes wrong in one attempt.

    - `name`: a word of `FAULTS`.
    - `faults`: in the form of scripts.
    - `told`: in words.
    """

    name: str
    faults: tuple[Json, ...]
    told: str


def trials(runs: Sequence[Sequence[Entry]], wanted: Collection[str], *, time_is_free: bool) -> Iterator[Trial]:
    """Every trial of `wanted`.

    - `runs`: what the CLI wrote in each run of the program without a fault.
    """
    delay = DELAY if time_is_free else SHORT_DELAY
    for process, frames in enumerate(runs, 1):
        of_run = f" of run {process}" if len(runs) > 1 else ""
        for number in range(len(frames) + 1):
            place = f"before the first frame{of_run}"
            if number:
                entry = frames[number - 1]
                title = f"frame {number}{of_run} ({_title(entry)})"
                place = f"after {title}"
                for name, faults in _at(entry, number, delay):
                    if name in wanted:
                        yield _trial(name, faults, process, f"{name}: {title}")
            for name, make in BETWEEN.items():
                if name in wanted:
                    yield _trial(name, (make(number),), process, f"{name}: {place}")
        endings: tuple[tuple[str, tuple[Json, ...]], ...] = (
            ("slow_exit", ({"slow_exit": delay},)),
            ("stubborn_exit", ({"slow_exit": NEVER}, {"ignore_signals": ["SIGTERM"]})),
        )
        for name, faults in endings:
            if name in wanted:
                yield _trial(name, faults, process, f"{name}: the end{of_run}")


def _trial(name: str, faults: Iterable[Json], process: int, told: str) -> Trial:
    return Trial(name, tuple({**fault, "process": process} for fault in faults), told)


def _at(entry: Entry, number: int, delay: float) -> Iterator[tuple[str, tuple[Json, ...]]]:
    half = len(entry.frame_bytes) // 2 if entry.kind == "frame" else 1
    values = {"torn": half, "lost": True, "late": delay, "oversize": OVERSIZE, "invalid_utf8": True}
    for name, value in values.items():
        yield name, ({"instead": number, name: value},)
    yield "repeated", ({"after": number, "repeated": 1},)
    if entry.kind == "frame" and entry.value.get("type") == "control_request":
        yield "withdraw", ({"after": number, "withdraw": True},)


def _title(entry: Entry) -> str:
    """What a frame of the CLI is, in a few words."""
    if entry.kind != "frame":
        return "no JSON"
    frame = entry.value
    kind = str(frame.get("type"))
    if kind == "control_request":
        request = frame.get("request")
        return describe_exchange(request) if isinstance(request, dict) else kind
    if kind in ("system", "result") and frame.get("subtype"):
        return f"{kind} {frame['subtype']}"
    message = frame.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    return f"{kind}, {' and '.join(str(block.get('type')) for block in blocks)}" if blocks else kind
