"""The runs in a partial file, as sequences of entries that stay in the file.

Above: `saving.py` (a clean end), `recover.py` (after a kill).  Below: entry_line.py, plain.py.  A recording may be
longer than memory is large: of each block of lines its place is kept, 33 bytes, and an entry is made when somebody asks
for it.  The file is read once to find the blocks, 64 KiB at a time.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence

from ..errors import CassetteError, CassetteNotFound
from .cassette import JSON, Entry, damaged
from .entry_line import decode_line
from .jsonl import FORMAT_VERSION
from .plain import ENTRY, Stretch, plain_end, stretches_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import FileIO
    from typing import Any, overload

_READ = 64 * 1024
_VERSION = re.compile(rb'"claude_code_version": ?"([^"\\]{1,100})"')
_SMALL = 16 * 1024
"""Bytes of a block in which marks stand between entries; a larger one ends before the mark, so that it may be plain."""

_CACHED = 4  # blocks whose lines are kept: entries are looked at in order, or a little before and after


class Partial:
    """A partial file, open: its `path` and its `runs`, in the order in which they began.  Close it after use.

    - `torn`: bytes of a last line that a kill has cut.
    - `appends`: its runs come behind those of the cassette that is there.
    """

    def __init__(self, path: str) -> None:
        """Raises:
        CassetteNotFound: There is no such file.
        CassetteError: It cannot be read, or is no partial file, with line and column.
        """
        self.path = path
        self.torn = 0
        self.appends = False
        self._runs: dict[int, Run] = {}
        try:
            self._file = open(path, "rb", buffering=0)  # noqa: SIM115  # kept open: entries are read from it
        except FileNotFoundError as error:
            raise CassetteNotFound(f"{path}: there is no such partial file") from error
        except OSError as error:
            raise CassetteError(f"{path}: the partial file cannot be read: {error.strerror}") from error
        try:
            self._find_runs()
        except OSError as error:
            self.close()
            raise CassetteError(f"{path}: the partial file cannot be read: {error.strerror}") from error
        except BaseException:
            self.close()
            raise

    @property
    def runs(self) -> list[Run]:
        return [self._runs[number] for number in sorted(self._runs)]

    def close(self) -> None:
        """Idempotent."""
        self._file.close()

    def __enter__(self) -> Partial:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find_runs(self) -> None:
        run: Run | None = None
        number = 1
        for offset, data in self._blocks():
            start = 0
            if number == 1:
                start = data.index(b"\n") + 1
                self._check_header(data[: start - 1])
                number += 1
            run, number = self._find_in_block(run, offset, data, start, number)

    def _find_in_block(
        self, run: Run | None, offset: int, data: bytes, start: int, number: int
    ) -> tuple[Run | None, int]:
        """Give each run its lines of a block; returns the run that is on at its end, and the next number."""
        begin, begin_number, entries, plain = start, number, 0, True
        while start < len(data):
            end = plain_end(data, start)
            if end > start:
                count = data.count(b"\n", start, end)
            elif data.startswith(ENTRY, start):
                end, count, plain = data.index(b"\n", start) + 1, 1, False
            else:
                end = data.index(b"\n", start) + 1
                mark = self._mark(data[start : end - 1], number)
                other = self._runs.setdefault(mark["run"], Run(self._file, self.path)) if "run" in mark else run
                if other is None:
                    raise damaged(self.path, number, 1, f"{next(iter(mark))!r} before any run")
                other.note(mark)
                if run is not None and (other is not run or start - begin > _SMALL):
                    run.add(offset + begin, data[begin:start], begin_number, entries, plain=plain)
                    entries = 0
                if not entries:
                    begin, begin_number, plain = end, number + 1, True
                else:
                    plain = False
                run, start, number = other, end, number + 1
                continue
            if run is None:
                raise damaged(self.path, number, 1, "an entry before any run")
            entries, start, number = entries + count, end, number + count
        if run is not None:
            run.add(offset + begin, data[begin:], begin_number, entries, plain=plain)
        return run, number

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Whole lines, about 64 KiB of them at a time, with their offset."""
        offset = 0
        pieces: list[bytes] = []
        while piece := self._file.read(_READ):
            end = piece.rfind(b"\n") + 1
            if not end:
                pieces.append(piece)
                continue
            block = b"".join([*pieces, piece[:end]])
            pieces = [piece[end:]]
            # What follows is read elsewhere in the file while a consumer works on this block.
            place = self._file.tell()
            yield offset, block
            self._file.seek(place)
            offset += len(block)
        self.torn = sum(map(len, pieces))
        if not offset:
            raise damaged(self.path, 1, 1, "the file is empty, or ends in the middle of its header")

    def _check_header(self, line: bytes) -> None:
        try:
            header = JSON.decode(line.decode("utf-8"))
            version, partial = header["cassette"], header.get("partial")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise damaged(self.path, 1, 1, "this is no partial file: its first line is not the header of one") from None
        if not partial:
            raise damaged(self.path, 1, 1, "this is no partial file but a cassette: there is nothing to recover")
        if version != FORMAT_VERSION:
            raise damaged(self.path, 1, 1, f"format version {version!r}; this release reads version {FORMAT_VERSION}")
        self.appends = header.get("appends") is True

    def _mark(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            mark = JSON.decode(line.decode("utf-8"))
        except (ValueError, RecursionError):
            mark = None
        if isinstance(mark, dict) and mark and all(_says_it(name, value) for name, value in mark.items()):
            return mark
        raise damaged(self.path, number, 1, "neither an entry nor a mark of a partial file")


def _says_it(name: str, value: object) -> bool:
    """Whether a mark of that name may have that value."""
    if name == "redacted":
        return isinstance(value, dict) and all(type(count) is int for count in value.values())
    return value is True if name == "closed" else name in ("run", "began", "held") and type(value) is int


class Run:
    """One run of a partial.

    - `entries`: what was recorded of it.
    - `began`: milliseconds on the machine's monotonic clock: tells runs of several partials apart in time.
    - `held`: bytes that a kill took.  `closed`: whether it was recorded to its end.
    - `redacted`: what the scrubber replaced, by rule.
    - `cli`: the version that the CLI gave, `None` if it gave none.
    """

    def __init__(self, file: FileIO, path: str) -> None:
        self.entries = RunEntries(file, path)
        self.began = 0
        self.held = 0
        self.closed = False
        self.redacted: Mapping[str, int] = {}
        self.cli: str | None = None

    def add(self, offset: int, data: bytes, number: int, entries: int, *, plain: bool) -> None:
        """Append a block of whole lines; see `RunEntries.add`."""
        self.entries.add(offset, data, number, entries, plain=plain)
        if self.cli is None and (version := _VERSION.search(data)):
            self.cli = version[1].decode("utf-8", "replace")

    def note(self, mark: Mapping[str, Any]) -> None:
        """Take in what a mark says."""
        if "run" in mark:
            self.began = mark.get("began", self.began)
        self.held = mark.get("held", self.held)
        self.closed |= "closed" in mark
        self.redacted = mark.get("redacted", self.redacted)


class RunEntries(Sequence[Entry]):
    """The entries of one run, read from the file when they are asked for; each access makes its `Entry` anew."""

    def __init__(self, file: FileIO, path: str) -> None:
        self._file = file
        self._path = path
        self._size = 0
        self._indices = array("q")  # of each block: index of its first entry,
        self._offsets = array("q")  # … its place in the file,
        self._lengths = array("q")  # … its bytes,
        self._numbers = array("q")  # … the number of its first line,
        self._plain = bytearray()  # … whether it has plain entries and nothing else
        self._cache: dict[int, list[tuple[int, bytes]]] = {}

    def add(self, offset: int, data: bytes, number: int, entries: int, *, plain: bool) -> None:
        """Append a block: whole lines from `offset` in the file on, so many of them entries and the others marks; the
        first has the `number`.  `plain`: it has plain entries and nothing else."""
        if not entries:
            return
        self._indices.append(self._size)
        self._offsets.append(offset)
        self._lengths.append(len(data))
        self._numbers.append(number)
        self._plain.append(plain)
        self._size += entries

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Entry]:
        for block in range(len(self._indices)):
            for number, line in self._numbered(block):
                yield decode_line(line, 0, len(line), number, self._path)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Entry: ...
        @overload
        def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        picked = range(self._size)[index]
        return self._entry(picked) if isinstance(picked, int) else [self._entry(place) for place in picked]

    def blocks(self) -> Iterator[Block]:
        """The run in order, many entries at a time."""
        for block, first in enumerate(self._indices):
            yield Block(self, block, first, self._offsets[block], self._offsets[block] + self._lengths[block])

    def stretches(self, *, all_lines: bool = True) -> Iterator[Stretch]:
        """The entries of the run in order, plain ones many at a time.

        `all_lines`: False gives none of plain ones in blocks that have nothing else, which are not even read.
        """
        for block, first in enumerate(self._indices):
            if self._plain[block]:
                yield Stretch(first, self._end(block) - first, self.read(block) if all_lines else b"", plain=True)
            else:
                yield from stretches_in(self.read(block), first)

    def _end(self, block: int) -> int:
        """Index behind the last entry of a block."""
        return self._indices[block + 1] if block + 1 < len(self._indices) else self._size

    def _entry(self, index: int) -> Entry:
        block = bisect_right(self._indices, index) - 1
        lines = self._cache.get(block)
        if lines is None:
            if len(self._cache) >= _CACHED:
                del self._cache[next(iter(self._cache))]
            lines = self._cache[block] = self._numbered(block)
        number, line = lines[index - self._indices[block]]
        return decode_line(line, 0, len(line), number, self._path)

    def _numbered(self, block: int) -> list[tuple[int, bytes]]:
        """The entries' lines of a block, each with its number in the file."""
        found = enumerate(self.read(block).split(b"\n"), self._numbers[block])
        return [(number, line) for number, line in found if line.startswith(ENTRY)]

    def read(self, block: int) -> bytes:
        """The lines of a block, with the marks between them."""
        self._file.seek(self._offsets[block])
        return self._file.read(self._lengths[block])


class Block:
    """Entries that lie together in the file, with marks between them.

    - `first`: index of the first entry.
    - `start`, `end`: where the block lies in the file.
    """

    __slots__ = ("_block", "_entries", "end", "first", "start")

    def __init__(self, entries: RunEntries, block: int, first: int, start: int, end: int) -> None:
        self._entries = entries
        self._block = block
        self.first = first
        self.start = start
        self.end = end

    def lines(self) -> bytes:
        """The lines of the entries, read now."""
        return b"".join(stretch.lines for stretch in stretches_in(self._entries.read(self._block), self.first))
