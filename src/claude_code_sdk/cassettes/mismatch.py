"""CassetteMismatch and UnplayedEpisode, and how they read.

Above: `player.py`, `choice.py`, `transport.py`, the plugin.  Below: `describe.py`, `difference.py`.  Both are
AssertionErrors and not `ClaudeSDKError`s: they are the verdict of a test, which the program under test must not catch
with its own `except ClaudeSDKError`.  On the fake path.
"""

from __future__ import annotations

import os
from json import dumps

from .difference import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .difference import Difference

ACCEPT = "record this cassette again"
"""What to do when the new behaviour is right, where nobody knows a command for it."""

_SHOWN = 100
_SHOWN_DIFFERENCES = 12
_SHOWN_LINE = 1000  # of any line: names, too, come from the program and from the file


class CassetteMismatch(AssertionError):
    """The program does not do what it did when the cassette was recorded."""


class UnplayedEpisode(AssertionError):
    """A cassette was opened and not played to its end: the program stopped earlier than when it was recorded."""


def mismatch(
    headline: str,
    *,
    where: str = "",
    doing: str = "",
    differing: Sequence[Difference] = (),
    reason: str = "",
    notes: Sequence[str] = (),
    accept: str = "",
) -> CassetteMismatch:
    """Puts the text together.

    `where` is `file:line`, `doing` what happens there; `differing` is printed as recorded (`-`) and live (`+`);
    `reason` says what a difference does not, in one line or more; `notes` are further lines; `accept` is the command
    that takes the new behaviour over.
    """
    lines = [headline, ""]
    if where:
        lines.append(f"  {where}   {doing}".rstrip())
    lines += [f"    {line}" for line in difference_lines(differing)]
    lines += [f"    {line}" for line in reason.splitlines()]
    if where or differing or reason:
        lines.append("")
    lines += [f"  {note}" for note in notes]
    lines.append(f"  accept the new behaviour:  {accept or ACCEPT}")
    return CassetteMismatch(_printable(lines))


def unplayed(parts: Sequence[Sequence[str]], accept: str = "") -> UnplayedEpisode:
    """`parts`: for each episode its headline and the lines under it."""
    lines: list[str] = []
    for headline, *below in parts:
        lines += [headline, *(f"  {line}" for line in below)]
    lines += ["", f"  accept the new behaviour:  {accept or ACCEPT}"]
    return UnplayedEpisode(_printable(lines))


def difference_lines(differing: Sequence[Difference]) -> list[str]:
    """`- path: recorded` and `+ path: live`, only what is there.

    Long texts are cut around their first difference; texts of several lines are compared line by line.
    """
    lines: list[str] = []
    for path, recorded, live in differing[:_SHOWN_DIFFERENCES]:
        if _has_lines(recorded) and _has_lines(live):
            from .text_difference import text_difference

            lines += [f"{path or 'text'}:", *(f"  {line}" for line in text_difference(recorded, live))]
            continue
        label = f"{path}: " if path else ""
        start = _first_difference(recorded, live)
        if recorded is not MISSING:
            lines.append(f"- {label}{_shown(recorded, start)}")
        if live is not MISSING:
            lines.append(f"+ {label}{_shown(live, start)}")
    if len(differing) > _SHOWN_DIFFERENCES:
        lines.append(f"… and {len(differing) - _SHOWN_DIFFERENCES} more differences")
    return lines


def place(path: str, number: int) -> str:
    """`file:line`, the file as it is named from the current directory where it lies in there."""
    if os.path.isabs(path):
        try:
            relative = os.path.relpath(path)
        except (OSError, ValueError):  # the directory is gone; another drive
            relative = path
        if not relative.startswith(os.pardir):
            path = relative
    return f"{path}:{number}"


def _has_lines(value: Any) -> bool:
    return isinstance(value, str) and "\n" in value


def _printable(lines: Sequence[str]) -> str:
    """The text of these lines.  Lone surrogates, which no terminal takes, become escapes; what is very long is cut."""
    shown = [line if len(line) <= _SHOWN_LINE else f"{line[:_SHOWN_LINE]}…" for line in lines]
    return "\n".join(shown).encode("utf-8", "backslashreplace").decode()


def _shown(value: Any, start: int) -> str:
    text = dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    cut = max(0, min(start - _SHOWN // 4, len(text) - _SHOWN))
    end = cut + _SHOWN
    if not isinstance(value, str):
        return f"{'…' if cut else ''}{text[cut:end]}{'…' if end < len(text) else ''}"
    quoted = dumps(text[cut:end], ensure_ascii=False)
    return f"{'…' if cut else ''}{quoted}{'…' if end < len(text) else ''}"


def _first_difference(recorded: Any, live: Any) -> int:
    one, other = (
        value if isinstance(value, str) else dumps(value) if value is not MISSING else "" for value in (recorded, live)
    )
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length) if one and other else 0
