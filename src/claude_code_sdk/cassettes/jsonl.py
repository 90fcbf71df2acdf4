"""The cassette file format, version 1: bytes to `Cassette` and back.

Above: everything that opens or writes a cassette.  Below: entry_line.py, lines.py, inventory.py.  The format for
readers is in docs/explanation/cassette-format.md.  Loading finds lines and checks the structure.  A frame in our own
writing is recognised by its first bytes and not decoded (0.5 µs a line instead of 5), so whether it is JSON is checked
just before its delivery (`Entry.check`), or for the whole file at once by `Cassette.validate`.  On the fake path.
"""

from __future__ import annotations

import os
from _thread import get_ident
from io import BytesIO
from itertools import accumulate, pairwise, takewhile
from json import JSONDecoder

from ..errors import CassetteError, CassetteNotFound
from .cassette import JSON, Cassette, Episode, damaged, encode_json
from .entry_line import OWN_CLI_FRAMES, decode_line, encode_apart, encode_entry, read_members
from .inventory import store
from .lines import Lines, LoadedEntries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedWriter
    from typing import Any

FORMAT_VERSION = 1

_SHOWN = 100  # characters of a value in an error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


_HEADER = JSONDecoder(object_pairs_hook=_unique, parse_constant=JSON.parse_constant)


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
    lines = Lines(data, path)
    starts, others = lines.starts, lines.others
    begins: list[int] = []  # index of each spawn's line
    open_ = False  # inside an episode that has not exited
    start = _end_of(data, 0) + 1
    header = _header(data, start - 1, path)
    size = len(data)
    file = BytesIO(data)  # shares the bytes; its lines are the quickest way to where many lines start
    own, add = OWN_CLI_FRAMES.match, starts.append
    while start < size:
        if open_:
            own_end = own(data, start).end()  # type: ignore[union-attr]  # it matches nothing as well
            if start < own_end:
                file.seek(start)
                starts.extend(takewhile(own_end.__gt__, accumulate(map(len, file), initial=start)))
                start = own_end
            if start == size:
                break
        add(start)
        end = data.find(b"\n", start)
        if end < 0:
            end = size  # the last line has no newline: complete, or torn and then found to be no JSON
        number = len(starts)
        others.append(number - 1)
        entry = decode_line(data, start, end, number, path)
        if end == size:
            entry.check()
        if entry.kind != "frame":
            lines.keep(number - 1, entry)
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
        Episode(LoadedEntries(lines, first, last), number=number, first_line=first + 1)
        for number, (first, last) in enumerate(pairwise(bounds), 1)
    ]
    return Cassette(path, header, episodes)


def dumps(cassette: Cassette) -> bytes:
    """The content of a cassette file that needs no other: with its inventories in it."""
    lines = [encode_header(cassette.header)]
    lines += [encode_entry(entry) for episode in cassette.episodes for entry in episode.entries]
    return b"\n".join(lines) + b"\n"


def encode_header(header: Mapping[str, Any]) -> bytes:
    """The first line of a cassette, without its newline."""
    return encode_json({"cassette": FORMAT_VERSION, **{k: v for k, v in header.items() if k != "cassette"}})


def dump(cassette: Cassette, path: str | os.PathLike[str]) -> None:
    """Write `cassette` to the file `path`, which is replaced as a whole or, on any failure, left as it was.

    The inverse of `load`, for a file in our own writing byte for byte.  Inventories that stood beside the file stand
    there again; see `stable.write` for a recording, which is compared with the file that is there.

    Raises:
        CassetteError: It cannot be written.
    """
    name = os.fspath(path)
    with Replacement(name) as file:
        file.write(encode_header(cassette.header) + b"\n")
        for episode in cassette.episodes:
            for entry in episode.entries:
                line, inventory = encode_apart(entry)
                if inventory is not None:
                    store(os.path.realpath(name), inventory)
                file.write(line + b"\n")


class Replacement:
    """A file that takes the place of the cassette `path` when the `with` block is left without an error.

    It is written in the same folder, so that the replacement is a rename, and has the permissions of the file that was
    there; nothing is left of it otherwise.  An `OSError` of the block becomes the `CassetteError` that the cassette
    cannot be written.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._target = os.path.realpath(path)
        self._partial = f"{self._target}.{writer_name()}.tmp"

    def __enter__(self) -> BufferedWriter:
        try:
            self._file = open(self._partial, "wb")  # closed in __exit__
            if os.path.exists(self._target):
                os.chmod(self._partial, os.stat(self._target).st_mode & 0o777)
        except OSError as error:
            raise self._failed(error) from error
        return self._file

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        try:
            self._file.close()
            if error is None:
                os.replace(self._partial, self._target)
                return
        except OSError as failure:
            error = failure
        try:
            os.unlink(self._partial)
        except OSError:
            pass
        if isinstance(error, OSError):
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> CassetteError:
        return CassetteError(f"{self._path}: the cassette cannot be written: {error.strerror}")


def writer_name() -> str:
    """Who writes, for the names of temporary files.  A file of that name is of a writer that was killed: in a container
    the next one may well have its process id."""
    return f"{os.getpid()}-{get_ident()}"


def _header(data: bytes, end: int, path: str) -> dict[str, Any]:
    if not data:
        raise damaged(path, 1, 1, "the file is empty; the first line of a cassette is its header")
    try:
        header: dict[str, Any] = _HEADER.decode(data[:end].decode("utf-8"))
        if type(header["cassette"]) is int and header["cassette"] == FORMAT_VERSION:
            return header
    except (ValueError, TypeError, KeyError, RecursionError):
        pass  # what is wrong, and where, is found slowly
    found = read_members(data[:end], 1, path)
    version = found.get("cassette")
    if version is None:
        raise damaged(path, 1, 1, 'this is no cassette: its first line has no "cassette", the format version')
    if type(version.value) is not int or version.value != FORMAT_VERSION:
        what = f"format version {repr(version.value)[:_SHOWN]}; this release reads version {FORMAT_VERSION}"
        raise damaged(path, 1, version.column, f"{what}. Record it again, or use the release that wrote it")
    return {key: member.value for key, member in found.items()}


def _end_of(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end
