"""The lines of a loaded file, and the entries of an episode as a window on them.

Above: jsonl.py makes them; the player uses `stops` and `frames`.  Below: entry_line.py.  On the fake path.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from io import BytesIO

from .cassette import Entry
from .entry_line import decode_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import overload

_FRAME = b'"frame":'

_MOST_KEPT = 64


class Lines:
    """The lines of one file: its bytes, where each line starts, and which lines are no plain frames of the CLI.

    `keep` spares an entry that was made from being made again.
    """

    __slots__ = ("_kept", "data", "others", "path", "starts")

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        self.starts = [0]  # by index, the header's first; at last the end, as if one more line followed
        self.others: list[int] = []
        self._kept: dict[int, Entry] = {}

    def keep(self, index: int, entry: Entry) -> None:
        """`entry` is that of the line `index`.  Only a few are kept, so that memory stays flat."""
        if len(self._kept) < _MOST_KEPT:
            self._kept[index] = entry

    def entry(self, index: int) -> Entry:
        return self._kept.get(index) or decode_line(
            self.data, self.starts[index], self.starts[index + 1] - 1, index + 1, self.path
        )


class LoadedEntries(Sequence[Entry]):
    """The entries of one episode of a file; each access makes its `Entry` anew, so memory stays flat."""

    __slots__ = ("_first", "_last", "_lines")

    def __init__(self, lines: Lines, first: int, last: int) -> None:
        self._lines = lines
        self._first = first
        self._last = last

    def __len__(self) -> int:
        return self._last - self._first

    def __iter__(self) -> Iterator[Entry]:
        return map(self._lines.entry, range(self._first, self._last))

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Entry: ...
        @overload
        def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        picked = range(self._first, self._last)[index]
        entry = self._lines.entry
        return entry(picked) if isinstance(picked, int) else [entry(line) for line in picked]

    def line(self, index: int) -> bytes:
        """The line of an entry, as it stands in the file, without its end."""
        starts, line = self._lines.starts, self._first + index
        return self._lines.data[starts[line] : starts[line + 1] - 1]

    def stops(self, mark: bytes) -> list[int]:
        """Indices of the entries that are not frames of the CLI, or that have `mark` in their line; ascending.

        Found without making an entry of each line: a player looks at these and delivers what lies between as bytes.
        """
        lines = self._lines
        data, starts = lines.data, lines.starts
        found = set(lines.others[bisect_left(lines.others, self._first) : bisect_left(lines.others, self._last)])
        begin = starts[self._first]
        at = data.rfind(mark, begin, starts[self._last])  # backwards, which CPython is a quarter faster at
        while at >= 0:
            line = bisect_right(starts, at) - 1
            found.add(line)
            at = data.rfind(mark, begin, starts[line])
        return [line - self._first for line in sorted(found)]

    def frames(self, first: int, last: int, size: int) -> list[bytes]:
        """The frames `first`, `first + 1` … before `last`, none of them a stop: about `size` bytes, one at least."""
        data, starts = self._lines.data, self._lines.starts
        begin, end = self._bounds(first, last, size)
        # The frame stands behind the first `"frame":` of its line and before the brace that ends the line.
        if end - begin == 1:  # it may be huge, and is copied once
            head = data.find(_FRAME, starts[begin]) + len(_FRAME)
            return [data[head : starts[end] - 2]]
        return [line.partition(_FRAME)[2][:-2] for line in BytesIO(data[starts[begin] : starts[end]])]

    def _bounds(self, first: int, last: int, size: int) -> tuple[int, int]:
        starts = self._lines.starts
        begin = self._first + first
        return begin, min(self._first + last, max(begin + 1, bisect_right(starts, starts[begin] + size) - 1))
