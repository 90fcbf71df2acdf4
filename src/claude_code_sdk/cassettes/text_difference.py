"""Two texts of several lines beside each other: what changed, with a line around it, as in a unified diff.

Above: `mismatch.py`, which loads this when there is something to say.  Below: difflib.  Long texts are bounded: what
both begin and end with is set aside first, and of what is left only the beginning is aligned line by line, because
difflib's time grows with the square of it.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from json import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ALIGNED = 200
"""Lines of either text that are aligned at most."""

SHOWN_LINES = 24
"""Lines that are shown at most."""

SHOWN = 120
"""Characters of a line that are shown at most."""

_AROUND = 1


def text_difference(recorded: str, live: str) -> list[str]:
    """`-` lines, `+` lines and those around them, in hunks that begin with `@@ line N @@` (of the recorded text)."""
    before, after = recorded.split("\n"), live.split("\n")
    same = _common(before, after)
    end = _common(before[same:][::-1], after[same:][::-1])
    start = max(0, same - _AROUND)
    ours = before[start : min(len(before), len(before) - end + _AROUND)]
    theirs = after[start : min(len(after), len(after) - end + _AROUND)]
    left = max(len(ours), len(theirs)) - ALIGNED
    lines: list[str] = []
    for group in SequenceMatcher(None, ours[:ALIGNED], theirs[:ALIGNED], autojunk=False).get_grouped_opcodes(_AROUND):
        lines.append(f"@@ line {start + group[0][1] + 1} @@")
        for kind, first, last, other_first, other_last in group:
            if kind == "equal":
                lines += [f"  {_cut(line, 0)}" for line in ours[first:last]]
            else:
                lines += _changed(ours[first:last], theirs[other_first:other_last])
    if len(lines) > SHOWN_LINES:
        left = max(left, 0) + len(lines) - SHOWN_LINES
    return [*lines[:SHOWN_LINES], f"… and {left} more lines"] if left > 0 else lines


def _changed(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    starts = [_common(one, other) for one, other in zip(ours, theirs, strict=False)]
    starts += [0] * (max(len(ours), len(theirs)) - len(starts))
    quoted = [line.strip() for line in ours] == [line.strip() for line in theirs]  # else nobody sees what differs
    return [
        f"{sign} {_cut(line, start, quoted=quoted)}"
        for sign, lines in (("-", ours), ("+", theirs))
        for line, start in zip(lines, starts, strict=False)
    ]


def _cut(line: str, start: int, *, quoted: bool = False) -> str:
    """The line, or the part of it around `start`; control characters and a blank line as JSON writes them."""
    begin = max(0, min(start - SHOWN // 4, len(line) - SHOWN))
    shown = dumps(line[begin : begin + SHOWN], ensure_ascii=False)
    if not (quoted or line.isspace() or not line):
        shown = shown[1:-1].replace('\\"', '"')
    return f"{'…' if begin else ''}{shown}{'…' if begin + SHOWN < len(line) else ''}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items, or characters, both begin with."""
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length)
