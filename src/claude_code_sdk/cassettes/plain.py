"""Plain entries: messages of the CLI like most, which need no thought one by one.

Above: partial_runs.py, survey.py, normalize.py, which take many of them at a time.  Below: nothing.  A recording may
have a million entries; nearly all are pieces and messages of a turn that nothing in its order depends on.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("stream_event", "assistant", "user", "system/status", "system/thinking_tokens")
"""Names of plain entries, as in `Facts`; the number of the group in `_NAMED` is the index here, plus one."""

_HEAD = rb'\{"at":[0-9]+,"from":"cli","frame":'
_NAMED = re.compile(
    rb'\{"type":"(?:(?:(stream_event)|(assistant)|(user))",|system","subtype":"(?:(status)|(thinking_tokens))",)'
)
_LINES = re.compile(
    rb'(?:%b\{"type":"(?:(?:stream_event|assistant|user)",|system","subtype":"(?:status|thinking_tokens)",).*\n)*'
    % _HEAD
)

ENTRY = b'{"at":'
"""How the line of an entry begins in our own writing; no mark of a partial file does."""


class Stretch:
    """Entries that follow one another: plain ones, or a single other.

    - `first`: index of the first; `count`: how many.
    - `lines`: their lines in our own writing, with their ends.
    """

    __slots__ = ("count", "first", "lines", "plain")

    def __init__(self, first: int, count: int, lines: bytes, *, plain: bool) -> None:
        self.first = first
        self.count = count
        self.lines = lines
        self.plain = plain


def plain_name(frame: bytes) -> int:
    """Which of `NAMES` the frame of a CLI has, plus one; 0 if it is not plain."""
    found = _NAMED.match(frame)
    return 0 if found is None else found.lastindex or 0


def plain_end(lines: bytes, start: int) -> int:
    """Where the plain lines that stand at `start` end; `start` if there are none."""
    return _LINES.match(lines, start).end()  # type: ignore[union-attr]  # it matches nothing as well


def stretches_in(lines: bytes, first: int) -> Iterator[Stretch]:
    """The entries in whole lines of a partial file, of which the first has the index `first`; marks are passed over."""
    start = 0
    while start < len(lines):
        end = plain_end(lines, start)
        if end > start:
            found = Stretch(first, lines.count(b"\n", start, end), lines[start:end], plain=True)
        else:
            end = lines.index(b"\n", start) + 1
            found = Stretch(first, int(lines.startswith(ENTRY, start)), lines[start:end], plain=False)
        if found.count:
            yield found
        first += found.count
        start = end
