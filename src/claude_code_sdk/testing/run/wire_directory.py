"""WireDirectory: what was said in the sessions of several processes, a file for each in one directory.

Above: `fake-claude` (FAKE_CLAUDE_WIRE) writes through an `ObservedEngine`; `Run.from_directory` reads.  Below:
`wire_lines.py`, the lines of cassettes.  Each line is with the kernel before what it tells can have an effect, so a
process that is killed at any moment leaves all that it said; a beginning of a line too.  On the fake path.
"""

from __future__ import annotations

import os
from time import monotonic

from ...cassettes.cassette import Entry
from ...cassettes.entry_line import OWN_FRAME, decode_line, encode_entry
from ..unwritten import Writing
from .wire_lines import TORN, WireLines, noise, signal_name, spawn_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...cassettes.cassette import Source
    from ...protocol.command import Command

HEADER = b'{"cassette":1,"mode":"wire"}\n'
"""First line of each file: it is a cassette, for whoever wants to look at it."""

_PREFIX, _SUFFIX = "wire-", ".jsonl"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)  # which Windows has
_BEGUN = "begun"
"""Key of a `noise` entry that is a piece of a line; the next one, or the whole line, may follow."""


class WireDirectory:
    """The files `wire-1.jsonl`, `wire-2.jsonl` … of a directory, which is made when it is missing.

    Processes take their numbers in the order in which they begin.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def make(self) -> None:
        """Make the directory.  Raises `OSError`."""
        os.makedirs(self._path, exist_ok=True)

    def begin(self, command: Command) -> WireFile:
        """A file for a session.  Raises `OSError` when there cannot be one."""
        self.make()
        number = 1
        while True:
            try:
                name = os.path.join(self._path, f"{_PREFIX}{number}{_SUFFIX}")
                fd = os.open(name, _NEW, 0o600)
            except FileExistsError:
                number += 1
            else:
                return WireFile(fd, name, command)


class WireFile:
    """What is said in one session: a `Wire`.  Every call writes before it returns, or raises `Unwritten`."""

    __slots__ = ("_began", "_begun", "_fd", "_lines", "_more", "_writing")

    def __init__(self, fd: int, path: str, command: Command) -> None:
        self._fd = fd
        self._writing = Writing("FAKE_CLAUDE_WIRE", path)
        self._began = monotonic()
        self._lines = WireLines()
        self._begun: dict[Source, int] = {"host": 0, "cli": 0}  # bytes of the unfinished line that are in the file
        self._more = False  # bytes came since the last `rest`
        self._write(HEADER + encode_entry(spawn_entry(command)) + b"\n")

    def data(self, source: Source, data: bytes) -> None:
        """See `Wire.data`."""
        entries = self._lines.data(source, data, self._at())
        if entries:
            self._begun[source] = 0
        self._more = True
        self._add(entries)

    def stderr(self, line: str) -> None:
        """See `Wire.stderr`."""
        self._add([Entry("cli", "stderr", line, at=self._at())])

    def signal(self, number: int) -> None:
        """See `Wire.signal`."""
        self._add([Entry("host", "signal", signal_name(number), at=self._at())])

    def rest(self) -> None:
        """See `Wire.rest`: what is new of unfinished lines is written too."""
        if not self._more:
            return
        self._more = False
        for source, line in self._lines.unfinished.items():
            if len(line) > self._begun[source]:
                self._add([noise(source, line[self._begun[source] :], self._at(), _BEGUN)])
                self._begun[source] = len(line)

    def exit(self, code: int) -> None:
        """See `Wire.exit`."""
        self._add(self._lines.exit(code, self._at()))

    def _at(self) -> int:
        return int((monotonic() - self._began) * 1000)

    def _add(self, entries: list[Entry]) -> None:
        if entries:
            self._write(b"".join([encode_entry(entry) + b"\n" for entry in entries]))

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        with self._writing:
            while view:
                view = view[os.write(self._fd, view) :]


class WireOnDisk:
    """One session of a directory, to be read."""

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def size(self) -> int:
        """Bytes written so far.  Raises `OSError`."""
        return os.stat(self._path).st_size

    def entries(self) -> list[Entry]:
        """Everything so far, as the entries of a cassette's episode.

        Raises:
            CassetteError: The file is damaged.
            OSError: It cannot be read.
        """
        return _read(self._path)


def wires(path: str | os.PathLike[str]) -> list[WireOnDisk]:
    """The sessions of a directory, in the order of their numbers; none when it does not exist.

    Raises `OSError` when it cannot be read.
    """
    folder = os.fspath(path)
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    found = [name for name in names if name.startswith(_PREFIX) and name.endswith(_SUFFIX)]
    numbers = [name[len(_PREFIX) : -len(_SUFFIX)] for name in found]
    return [
        WireOnDisk(os.path.join(folder, f"{_PREFIX}{number}{_SUFFIX}"))
        for number in sorted(int(number) for number in numbers if number.isdecimal())
    ]


def _read(path: str) -> list[Entry]:
    with open(path, "rb") as file:
        data = file.read()
    entries: list[Entry] = []
    start, number = len(HEADER), 2
    while (end := data.find(b"\n", start)) >= 0:
        entries.append(decode_line(data, start, end, number, path))
        start, number = end + 1, number + 1
    own = OWN_FRAME.match(data, start)
    if own is not None:  # a long line, in the middle of which the process was killed
        entries.append(noise("cli" if own[2] == b"cli" else "host", data[own.end() :], int(own[1]), TORN))
    return _pieced_together(entries)


def _pieced_together(entries: list[Entry]) -> list[Entry]:
    """Without the pieces of lines that were ended; of the others one entry is made, a torn line."""
    kept: list[Entry] = []
    pieces: dict[Source, list[Entry]] = {"host": [], "cli": []}
    for entry in entries:
        if entry.kind == "noise" and entry.extra and _BEGUN in entry.extra:
            pieces[entry.source].append(entry)
            continue
        if entry.kind in ("frame", "noise"):
            pieces[entry.source].clear()
        kept.append(entry)
    for source, left in pieces.items():
        if left:
            line = "".join(piece.value for piece in left).encode("utf-8", "surrogateescape")
            kept.append(noise(source, line, left[-1].at, TORN))
    return kept
