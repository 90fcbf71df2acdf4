"""The cassette file format, version 1: bytes to `Cassette` and back.

Above: everything that opens or writes a cassette.  Below: cassette.py.  docs/explanation/cassette-format.md has the
format for readers.  Loading finds lines and checks the structure; a frame written the way this module writes it is
recognised by its first bytes and not decoded (0.5 µs a line instead of 5), so whether it is JSON is checked just
before its delivery (`Entry.check`), or for the whole file at once by `Cassette.validate`.  On the fake path.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from json import JSONDecodeError

from ..errors import CassetteError, CassetteNotFound
from .cassette import Cassette, Entry, Episode, damaged, encode_json
from .members import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, overload

    from .members import Member

FORMAT_VERSION = 1

# The line of a frame as `encode_entry` writes it, up to the frame's opening brace.
_OWN_FRAME = re.compile(rb'\{"at":(0|[1-9][0-9]*),"from":"(host|cli)","frame":(?=\{)')

_FRAME = b'"frame":'

_SIDES: Mapping[str, tuple[str, ...]] = {
    "spawn": ("host",),
    "frame": ("host", "cli"),
    "noise": ("host", "cli"),
    "stderr": ("cli",),
    "eof": ("host",),
    "signal": ("host",),
    "exit": ("cli",),
}


def load(path: str | os.PathLike[str]) -> Cassette:
    """The cassette in the file `path`.

    Raises:
        CassetteNotFound: There is no such file.
        CassetteError: It cannot be read, or is damaged (with line and column).
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise CassetteNotFound(f"{name}: there is no such cassette") from error
    except OSError as error:
        raise CassetteError(f"{name}: the cassette cannot be read: {error.strerror}") from error
    return loads(data, path=name)


def loads(data: bytes, *, path: str = "<memory>") -> Cassette:
    """The cassette with the content `data`; `path` is the name of the file that errors give.

    Raises:
        CassetteError: It is damaged, with line and column; or of another format version.
    """
    starts = [0]  # offset of each line, and of the end as if one more line followed
    begins: list[int] = []  # index of each spawn's line
    others: list[int] = []  # index of each line that is not a frame of the CLI in our own writing
    open_ = False  # inside an episode that has not exited
    start = _end_of(data, 0) + 1
    header = _header(data, start - 1, path)
    size = len(data)
    find, own = data.find, _OWN_FRAME.match
    while start < size:
        starts.append(start)
        end = find(b"\n", start)
        if end < 0:
            end = size  # the last line has no newline: complete, or torn and then found to be no JSON
        elif open_ and (known := own(data, start)) is not None and data.endswith(b"}}", start, end):
            if known[2] != b"cli":
                others.append(len(starts) - 1)
            start = end + 1
            continue
        others.append(len(starts) - 1)
        number = len(starts)
        entry = _decode_line(data, start, end, number, path)
        if end == size:
            entry.check()
        if entry.kind == "spawn":
            begins.append(number - 1)
            open_ = True
        elif not open_:
            where = "after the exit of its episode" if begins else "before any spawn"
            raise damaged(path, number, 1, f"an entry {where}; an episode begins with spawn and ends with exit")
        elif entry.kind == "exit":
            open_ = False
        start = end + 1
    starts.append(start)
    bounds = [*begins, len(starts) - 1]
    episodes = [
        Episode(_Lines(data, starts, others, first, last, path), number=index + 1, first_line=first + 1)
        for index, (first, last) in enumerate(pairwise(bounds))
    ]
    return Cassette(path, header, episodes)


def dumps(cassette: Cassette) -> bytes:
    """The content of a cassette file: the inverse of `loads`, for a file in our own writing byte for byte."""
    header = {"cassette": FORMAT_VERSION, **{k: v for k, v in cassette.header.items() if k != "cassette"}}
    lines = [encode_json(header)]
    lines += [encode_entry(entry) for episode in cassette.episodes for entry in episode.entries]
    return b"\n".join(lines) + b"\n"


def dump(cassette: Cassette, path: str | os.PathLike[str]) -> None:
    """Write `cassette` to the file `path`, which is replaced as a whole or, on any failure, left as it was.

    Raises:
        CassetteError: It cannot be written.
    """
    target = os.path.realpath(path)
    # In the same folder, so that the replacement is a rename.
    partial = f"{target}.{os.getpid()}.tmp"
    try:
        with open(partial, "xb") as file:
            file.write(dumps(cassette))
        os.replace(partial, target)
    except OSError as error:
        raise CassetteError(f"{os.fspath(path)}: the cassette cannot be written: {error.strerror}") from error
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def encode_entry(entry: Entry) -> bytes:
    """The line of an entry, without its newline; a frame's own bytes are taken as they are."""
    head = b'{"at":%d,"from":"%b",' % (entry.at, entry.source.encode())
    if entry.extra:
        head += encode_json(entry.extra)[1:-1] + b","
    body = entry.frame_bytes if entry.kind == "frame" else encode_json(entry.value)
    return b'%b"%b":%b}' % (head, entry.kind.encode(), body)


class _Lines(Sequence[Entry]):
    """The entries of one episode of a loaded file; each access makes its `Entry` anew, so memory stays flat."""

    __slots__ = ("_data", "_first", "_last", "_others", "_path", "_starts")

    def __init__(self, data: bytes, starts: list[int], others: list[int], first: int, last: int, path: str) -> None:
        self._data = data
        self._starts = starts
        self._others = others
        self._first = first
        self._last = last
        self._path = path

    def __len__(self) -> int:
        return self._last - self._first

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(self._first, self._last))

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Entry: ...
        @overload
        def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        picked = range(self._first, self._last)[index]
        return self._entry(picked) if isinstance(picked, int) else [self._entry(line) for line in picked]

    def stops(self, mark: bytes) -> list[int]:
        """Indices of the entries that are not frames of the CLI in our own writing, or that hold `mark`.

        A search of the bytes: no `Entry` is made, because a recording of 100,000 frames has a few hundred of these.
        """
        data, starts, first = self._data, self._starts, self._first
        others = self._others
        found = set(others[bisect_left(others, first) : bisect_left(others, self._last)])
        end = starts[self._last]
        position = data.find(mark, starts[first], end)
        while position >= 0:
            line = bisect_right(starts, position) - 1
            found.add(line)
            position = data.find(mark, starts[line + 1], end)
        return sorted(line - first for line in found)

    def frames(self, first: int, last: int, size: int) -> list[bytes]:
        """The frames `first`, `first + 1` … before `last`, none of them a stop: about `size` bytes, one at least."""
        data, starts = self._data, self._starts
        begin = self._first + first
        end = min(self._first + last, max(begin + 1, bisect_right(starts, starts[begin] + size) - 1))
        find = data.find
        # The frame stands behind the first `"frame":` of its line and before the brace that ends the line.
        return [data[find(_FRAME, starts[i]) + len(_FRAME) : starts[i + 1] - 2] for i in range(begin, end)]

    def _entry(self, line: int) -> Entry:
        data = self._data
        start, end = self._starts[line], self._starts[line + 1] - 1
        return _decode_line(data, start, end, line + 1, self._path)


def _end_of(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end


def _decode_line(data: bytes, start: int, end: int, number: int, path: str) -> Entry:
    own = _OWN_FRAME.match(data, start)
    if own is not None and data.endswith(b"}}", start, end):
        source: Any = "cli" if own[2] == b"cli" else "host"
        return Entry(source, "frame", at=int(own[1]), number=number, path=path, data=data, start=own.end(), end=end - 1)
    return _decode_other(data, start, end, number, path)


def _decode_other(data: bytes, start: int, end: int, number: int, path: str) -> Entry:
    """Any line: also a frame in another valid writing (spaces, another order of keys, further keys)."""
    found = _members(data[start:end], number, path)
    kinds = [kind for kind in _SIDES if kind in found]
    if len(kinds) != 1:
        said = f"two entry kinds in one line: {', '.join(kinds)}" if kinds else "no known entry kind in the line"
        raise damaged(path, number, 1, f"{said}; a line has exactly one of {', '.join(_SIDES)}")
    kind: Any = kinds[0]
    at, source, value = found.pop("at", None), found.pop("from", None), found.pop(kind)
    if at is None or type(at.value) is not int or at.value < 0:
        raise damaged(path, number, at.column if at else 1, '"at" must be there: whole milliseconds since spawn')
    if source is None or source.value not in _SIDES[kind]:
        sides = " or ".join(f'"{side}"' for side in _SIDES[kind])
        raise damaged(path, number, source.column if source else 1, f'"from" must be {sides} for {kind}')
    wrong = _wrong(kind, value.value)
    if wrong:
        raise damaged(path, number, value.column, wrong)
    extra = {key: member.value for key, member in found.items()} or None
    if kind != "frame":
        return Entry(source.value, kind, value.value, at=at.value, number=number, path=path, extra=extra)
    return Entry(
        source.value,
        kind,
        at=at.value,
        number=number,
        path=path,
        extra=extra,
        data=data,
        start=start + value.start,
        end=start + value.end,
    )


def _wrong(kind: str, value: Any) -> str | None:
    """What is wrong with the value of an entry of that kind, or None."""
    if kind == "spawn":
        return _wrong_spawn(value)
    if kind == "frame":
        return None if isinstance(value, dict) else "a frame is a JSON object"
    if kind == "eof":
        return None if value is True else '"eof" is true'
    if kind == "exit":
        return None if type(value) is int else '"exit" is the exit code, negative for a signal'
    return None if isinstance(value, str) else f'"{kind}" is text'


def _wrong_spawn(value: Any) -> str | None:
    if not isinstance(value, dict):
        return '"spawn" is an object with argv, cwd and env'
    argv, cwd, env = value.get("argv"), value.get("cwd"), value.get("env", {})
    if not _all_text(argv) or not argv:
        return '"argv" of a spawn is a list of texts, the executable first'
    if cwd is not None and not isinstance(cwd, str):
        return '"cwd" of a spawn is a path or null'
    if not isinstance(env, dict) or not _all_text(list(env.values())):
        return '"env" of a spawn is an object of texts'
    return None


def _all_text(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _header(data: bytes, end: int, path: str) -> dict[str, Any]:
    if not data:
        raise damaged(path, 1, 1, "the file is empty; the first line of a cassette is its header")
    found = _members(data[:end], 1, path)
    version = found.get("cassette")
    if version is None:
        raise damaged(path, 1, 1, 'this is no cassette: its first line has no "cassette", the format version')
    if type(version.value) is not int or version.value != FORMAT_VERSION:
        what = f"format version {version.value!r}; this release reads version {FORMAT_VERSION}"
        raise damaged(path, 1, version.column, f"{what}. Record it again, or use the release that wrote it")
    return {key: member.value for key, member in found.items()}


def _members(line: bytes, number: int, path: str) -> dict[str, Member]:
    try:
        return members(line)
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        raise damaged(path, number, column, f"the line is not UTF-8 ({error.reason})") from error
    except JSONDecodeError as error:
        raise damaged(path, number, error.pos + 1, f"the line is not a JSON object: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise damaged(path, number, 1, f"the line is not a JSON object: {error}") from error
