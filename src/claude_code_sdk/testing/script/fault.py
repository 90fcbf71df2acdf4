"""Fault: something that goes wrong at a certain place of a run.

Above: `script.py`; `testing/faults.py`, which does it.  Below: `patterns.py`.  On the fake path.
"""

from __future__ import annotations

from .patterns import as_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WHAT = (
    "exit",
    "line",
    "frame",
    "torn",
    "oversize",
    "invalid_utf8",
    "lost",
    "late",
    "repeated",
    "withdraw",
    "slow_exit",
    "ignore_signals",
    "stderr",
)
"""The keys that say what goes wrong, in the order in which they are looked for: `stderr` may stand beside `exit`."""

SPOILERS = frozenset({"torn", "oversize", "invalid_utf8", "lost", "late"})
"""Faults that take the place of a frame."""

ALL_ALONG = frozenset({"slow_exit", "ignore_signals"})
"""Faults that have no place among the frames."""

PLACES = ("after", "before", "instead")
"""The keys that say where."""


class Fault:
    """What goes wrong, and where.

    Where, counted and looked at among the frames that this process of the CLI writes:

    - `after=n`: after the n-th frame; 0 is the very beginning.  `instead=n`: in the place of the n-th frame, from 1.
    - `before=PATTERN`, `after=PATTERN`, `instead=PATTERN`: at a frame that fits, such as `{"type": "result"}`; the
      first one, or the `nth`, or `every=True` one.

    What:

    - `exit=code`: the process ends there.  0 is a clean end of the output in the middle of things; a negative code is
      a signal.  With `stderr=lines` it says so first.
    - `stderr=line` or a list of them.
    - `line=text`: a line of output that need not be JSON.  `frame={…}`: a frame that does not belong there.
    - `torn=n`: the first n bytes of the frame (instead of it), and the output ends, with exit code 1.
    - `oversize=n`: the frame (instead of it) as a line of at least n bytes.
    - `invalid_utf8=True`: the frame (instead of it) with bytes that are no UTF-8.
    - `lost=True`: the frame never comes.
    - `late=seconds`: the frame comes that much later, and others pass it.
    - `repeated=n`: the frame comes n more times (after it).
    - `withdraw=True`: the control request (after it) is taken back with a `control_cancel_request`.  The answer that
      the program owes no more is an error for whatever asked.
    - `slow_exit=seconds`: the end of the process takes that much longer.
    - `ignore_signals=["SIGTERM", …]`: these do not reach it.

    In which process of a script: `process=n`, counted from 1; in each by default.
    """

    __slots__ = ("every", "nth", "pattern", "place", "process", "stderr", "value", "what")

    def __init__(
        self,
        what: str,
        value: Any,
        *,
        place: str = "",
        pattern: Any = None,
        nth: int = 1,
        every: bool = False,
        process: int | None = None,
        stderr: list[str] | None = None,
    ) -> None:
        self.what = what
        self.value = value
        self.place = place
        self.pattern = pattern
        self.nth = nth
        self.every = every
        self.process = process
        self.stderr = list(stderr or [])

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Fault:
        """A fault from its JSON form, which was checked."""
        what = next(key for key in WHAT if key in value)
        place = next((key for key in PLACES if key in value), "")
        lines = value.get("stderr", [])
        return cls(
            what,
            value[what],
            place=place,
            pattern=as_pattern(value[place]) if place else None,
            nth=value.get("nth", 1),
            every=value.get("every", False),
            process=value.get("process"),
            stderr=[lines] if isinstance(lines, str) else lines,
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        made: dict[str, Any] = {self.place: self.pattern} if self.place else {}
        if self.nth != 1:
            made["nth"] = self.nth
        if self.every:
            made["every"] = True
        if self.process is not None:
            made["process"] = self.process
        made[self.what] = self.value
        if self.stderr:
            made["stderr"] = self.stderr[0] if len(self.stderr) == 1 else self.stderr
        return made

    def __repr__(self) -> str:
        return f"Fault({self.to_json()!r})"
