"""How the verdicts on a program's HTTP read.

Above: `http.py`.  Below: the texts of cassettes' mismatches.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from ..cassettes.mismatch import CassetteMismatch, UnplayedEpisode

_MOST = 5
_LONGEST = 200


def not_recorded(
    path: str,
    live: str,
    body: Any,
    recorded: Sequence[tuple[str, int]],
    bodies: Sequence[Any],
    accept: str,
) -> CassetteMismatch:
    """The verdict on a request that no recording fits.

    - `live`: `METHOD URL` without secrets; `body`: what it sends.
    - `recorded`: the same of each recorded request, and how often it was played.
    - `bodies`: those of the recorded requests that have this method and URL.
    """
    file = _from_here(path)
    lines = ["a request of the program was not recorded", "", f"  {file}"]
    played = [text for text, times in recorded if times]
    left = [text for text, times in recorded if not times]
    if not os.path.exists(path):
        lines[-1] += "   is missing"
        lines.append(f"  + {_cut(live)}")
    elif live in left:
        lines.append(f"    {_cut(live)}")
        lines += [f"  - body: {_cut(_text(other))}" for other in bodies[:_MOST]]
        lines.append(f"  + body: {_cut(_text(body))}")
    else:
        nearest = max(left, key=lambda text: SequenceMatcher(None, text, live).ratio(), default=None)
        lines += [f"  - {_cut(nearest)}"] if nearest is not None else []
        lines.append(f"  + {_cut(live)}")
        times = played.count(live)
        if times:
            lines += ["", f"  it was recorded {_times(times)} and played {_times(times)}"]
    lines += ["", f"  {len(played)} of {_count(len(recorded), 'recorded request')} played; nothing was sent"]
    lines.append(f"  accept the new behaviour:  {accept or 'record this cassette again'}")
    return CassetteMismatch("\n".join(lines))


def not_played(path: str, left: Sequence[str], accept: str) -> UnplayedEpisode:
    """The verdict on a program that made fewer requests than when it was recorded."""
    lines = [f"{_from_here(path)}: {_count(len(left), 'recorded request')} not made"]
    lines += [f"  {_cut(text)}" for text in left[:_MOST]]
    if len(left) > _MOST:
        lines.append(f"  … and {len(left) - _MOST} more")
    lines += ["", f"  accept the new behaviour:  {accept or 'record this cassette again'}"]
    return UnplayedEpisode("\n".join(lines))


def _text(body: Any) -> str:
    return body.decode("utf-8", "backslashreplace") if isinstance(body, bytes) else str(body or "")


def _cut(text: str) -> str:
    line = text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _from_here(path: str) -> str:
    shown = os.path.relpath(path)
    return path if shown.startswith("..") else shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
