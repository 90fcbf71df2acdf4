"""A wire.jsonl: what a tee before the CLI wrote down, read and checked.

Above: importer.py.  One record a line: `{"t": seconds, "dir": "to_cli" | "from_cli" | "stderr" | "meta", "line": …}`.
`line` is the text that crossed the pipe, with surrogate escapes for bytes that are not UTF-8, or for `meta` an object
`{"event": "spawn" | "eof" | "exit" | "signal" | "no_final_newline" | "write_failed", …}`.
"""

from __future__ import annotations

from json import JSONDecodeError

from ..errors import CassetteError
from .cassette import JSON, damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

DIRECTIONS = ("to_cli", "from_cli", "stderr")


class Record:
    """One record: its line `number`, its time `at` in milliseconds since spawn, its `direction`, its `line`.

    `data` are the bytes of `line`; a meta record has none.
    """

    __slots__ = ("at", "data", "direction", "line", "number")

    def __init__(self, number: int, at: int, direction: str, line: Any, data: bytes) -> None:
        self.number = number
        self.at = at
        self.direction = direction
        self.line = line
        self.data = data


class Wire:
    """One file: its `path`, the `spawn` event (with `argv` and `cwd`), when it `began` (seconds since the moment that
    the tee counts from), and the `records` after it."""

    def __init__(self, path: str) -> None:
        """Raises:
        CassetteError: It cannot be read, or is no wire file, with line and column.
        """
        self.path = path
        self.began = 0.0
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise CassetteError(f"{path}: the wire file cannot be read: {error.strerror}") from error
        found = self._read(data)
        self.spawn = self._spawn(next(found, None))
        self.records = list(found)

    def _read(self, data: bytes) -> Iterator[Record]:
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        for number, line in enumerate(lines, 1):
            try:
                value = JSON.decode(line.decode("utf-8"))
            except JSONDecodeError as error:
                torn = "; the file ends in the middle of a record" if number == len(lines) else ""
                raise damaged(self.path, number, error.pos + 1, f"not a wire record: {error.msg}{torn}") from error
            except ValueError as error:
                raise damaged(self.path, number, 1, f"not a wire record: {error}") from error
            yield self._record(number, value)

    def _record(self, number: int, value: Any) -> Record:
        match value:
            case {"t": int() | float() as seconds, "dir": "meta", "line": {"event": str()} as line}:
                data = b""
            case {"t": int() | float() as seconds, "dir": "to_cli" | "from_cli" | "stderr", "line": str() as line}:
                data = self._bytes(number, line)
            case _:
                what = 'it is {"t": seconds, "dir": …, "line": …}, with a text, or for "meta" an object with "event"'
                raise damaged(self.path, number, 1, f"not a wire record: {what}")
        if number == 1:
            self.began = seconds
        return Record(number, max(0, round((seconds - self.began) * 1000)), value["dir"], line, data)

    def _bytes(self, number: int, line: str) -> bytes:
        try:
            return line.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise damaged(self.path, number, 1, "the line holds a character that no bytes decode to") from error

    def _spawn(self, first: Record | None) -> dict[str, Any]:
        if first is None:
            raise damaged(self.path, 1, 1, "the file is empty; a wire file begins with the spawn event")
        match first.line:
            case {"event": "spawn", "argv": [str(), *_] as argv, "cwd": str()} if all(isinstance(a, str) for a in argv):
                spawn: dict[str, Any] = first.line
                return spawn
        raise damaged(self.path, 1, 1, 'a wire file begins with the spawn event, with "argv" and "cwd"')
