"""wire.jsonl -> `Episode`: recordings made by a tee that stood before the real CLI.

Above: `claude-cassette import`.  Below: cassette.py, placeholders.py, canonical.py.  A wire has one record a line,
`{"t": seconds, "dir": "to_cli" | "from_cli" | "stderr" | "meta", "line": …}`; `line` is the text that crossed the pipe,
with surrogate escapes for bytes that are not UTF-8, or for `meta` an object (`spawn`, `eof`, `exit`, `signal`).
Flags stay as they were recorded.  The end of an output is not an entry: the exit says it.
"""

from __future__ import annotations

import re
from json import JSONDecodeError

from ..errors import CassetteError
from .canonical import canonical
from .cassette import JSON, Cassette, Entry, Episode, damaged, encode_json
from .environment import recorded_environment
from .placeholders import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from .cassette import Kind, Source

_SOURCES: dict[str, Source] = {"to_cli": "host", "from_cli": "cli", "stderr": "cli"}

# The CLI names files under its configuration folder in nearly every run.
_HOME = re.compile(rb'"((?:[A-Za-z]:)?[/\\][^"]*?)[/\\]{1,2}\.claude[/\\]{1,2}projects[/\\]')
_VERSION = re.compile(rb'"claude_code_version":"([^"]+)"')
_DATE = re.compile(rb'"timestamp":"(\d{4}-\d\d-\d\dT[0-9:.]+Z)"')


def import_wires(paths: Sequence[str], *, home: str | None = None, temp: str | None = "/tmp") -> Cassette:
    """A cassette with one episode for each wire file, in the given order, each in canonical order.

    `home` and `temp` are the folders of the recorded machine that become placeholders; `home` is read off the
    recording where it is not given.

    Raises:
        CassetteError: A file cannot be read or is no wire file, with file, line and column.
    """
    wires = [_Wire(path, home, temp) for path in paths]
    for number, wire in enumerate(wires, 1):
        wire.number = number
    return Cassette("<import>", _header(wires), [wire.episode() for wire in wires])


class _Wire:
    """One wire file: its records, decoded."""

    def __init__(self, path: str, home: str | None, temp: str | None) -> None:
        self.path = path
        self.number = 1
        try:
            with open(path, "rb") as file:
                self.data = file.read()
        except OSError as error:
            raise CassetteError(f"{path}: the wire file cannot be read: {error.strerror}") from error
        self.records = list(self._records())
        self.spawn = self._spawn()
        self.frames = b"\n".join(line for _, _, line in self._lines("from_cli"))
        cwd = self.spawn["cwd"]
        self.places = Places(cwd=cwd, home=home or self._home(), temp=temp, real=str)

    def episode(self) -> Episode:
        entries = [self._spawn_entry()]
        ending: list[Entry] = []
        for number, record in self.records[1:]:
            entry = self._meta(number, record) if record["dir"] == "meta" else self._line(number, record)
            if entry is not None:
                (ending if entry.kind == "exit" else entries).append(entry)
        self._mark_torn(entries)
        return canonical(Episode([*entries, *ending], number=self.number))

    # ------------------------------------------------------------ records

    def _records(self) -> Iterable[tuple[int, dict[str, Any]]]:
        lines = self.data.split(b"\n")
        if lines[-1] == b"":
            lines.pop()
        for number, line in enumerate(lines, 1):
            try:
                record = JSON.decode(line.decode("utf-8"))
            except JSONDecodeError as error:
                torn = " (the last record is torn)" if number == len(lines) else ""
                raise damaged(self.path, number, error.pos + 1, f"not a wire record: {error.msg}{torn}") from error
            except ValueError as error:
                raise damaged(self.path, number, 1, f"not a wire record: {error}") from error
            self._check(number, record)
            yield number, record

    def _check(self, number: int, record: Any) -> None:
        if not isinstance(record, dict) or not isinstance(record.get("t"), int | float):
            raise damaged(self.path, number, 1, 'not a wire record: it is an object with "t", "dir" and "line"')
        direction, line = record.get("dir"), record.get("line")
        if direction == "meta":
            if not isinstance(line, dict) or not isinstance(line.get("event"), str):
                raise damaged(self.path, number, 1, 'a meta record holds an object with "event"')
        elif direction not in _SOURCES:
            raise damaged(self.path, number, 1, f'"dir" is one of to_cli, from_cli, stderr, meta; not {direction!r}')
        elif not isinstance(line, str):
            raise damaged(self.path, number, 1, f'"line" of a {direction} record is text')

    def _lines(self, direction: str) -> Iterable[tuple[int, dict[str, Any], bytes]]:
        for number, record in self.records:
            if record["dir"] == direction:
                yield number, record, self._bytes(number, record["line"])

    def _bytes(self, number: int, text: str) -> bytes:
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise damaged(self.path, number, 1, "the line holds a character that no bytes decode to") from error

    # ------------------------------------------------------------ entries

    def _at(self, record: dict[str, Any]) -> int:
        seconds: float = record["t"] - self.records[0][1]["t"]
        return max(0, round(seconds * 1000))

    def _entry(self, source: Source, kind: Kind, value: Any, number: int, record: dict[str, Any]) -> Entry:
        return Entry(source, kind, value, at=self._at(record), number=number, path=self.path)

    def _line(self, number: int, record: dict[str, Any]) -> Entry:
        source = _SOURCES[record["dir"]]
        if record["dir"] == "stderr":
            return self._entry(source, "stderr", self.places.text_to_placeholders(record["line"]), number, record)
        line = self._bytes(number, record["line"])
        frame = _frame(line)
        if frame is None:
            return self._entry(source, "noise", self.places.text_to_placeholders(record["line"]), number, record)
        # A frame of the CLI keeps its bytes; the host's is written the one compact way, whatever its SDK's way was.
        data = self.places.to_placeholders(line if source == "cli" else encode_json(frame))
        return Entry(source, "frame", at=self._at(record), number=number, path=self.path, data=data)

    def _meta(self, number: int, record: dict[str, Any]) -> Entry | None:
        line = record["line"]
        match line:
            case {"event": "exit", "code": int(code)}:
                return self._entry("cli", "exit", code, number, record)
            case {"event": "signal", "signal": str(name)}:
                return self._entry("host", "signal", name, number, record)
            case {"event": "eof", "dir": "to_cli"}:
                return self._entry("host", "eof", True, number, record)
            case {"event": "eof" | "write_failed" | "no_final_newline"}:
                return None
            case {"event": "spawn"}:
                raise damaged(self.path, number, 1, "a second spawn; a wire file holds one run")
        raise damaged(self.path, number, 1, f"unknown or incomplete meta event {line['event']!r}")

    def _spawn(self) -> dict[str, Any]:
        if not self.records:
            raise damaged(self.path, 1, 1, "the file is empty; a wire file begins with the spawn event")
        number, record = self.records[0]
        match record:
            case {"dir": "meta", "line": {"event": "spawn", "argv": [_, *_], "cwd": str()}}:
                spawn: dict[str, Any] = record["line"]
                return spawn
        raise damaged(self.path, number, 1, "a wire file begins with the spawn event, with argv and cwd")

    def _spawn_entry(self) -> Entry:
        text = self.places.text_to_placeholders
        spawn = {
            "argv": [self.places.argument_to_placeholders(argument) for argument in self.spawn["argv"]],
            "cwd": text(self.spawn["cwd"]),
            "env": {name: text(value) for name, value in recorded_environment(self.spawn.get("env") or {}).items()},
        }
        return self._entry("host", "spawn", spawn, *self.records[0])

    def _mark_torn(self, entries: list[Entry]) -> None:
        """The last line of an output that ended without a newline."""
        for _, record in self.records:
            match record["line"]:
                case {"event": "no_final_newline", "dir": str(direction)} if direction in _SOURCES:
                    kinds = ("stderr",) if direction == "stderr" else ("frame", "noise")
                    source = _SOURCES[direction]
                    last = [entry for entry in entries if entry.source == source and entry.kind in kinds]
                    if last:
                        last[-1].extra = {"torn": True}

    def _home(self) -> str | None:
        found = _HOME.search(self.frames)
        return JSON.decode(f'"{found[1].decode("utf-8", "replace")}"') if found else None


def _frame(line: bytes) -> dict[str, Any] | None:
    """The JSON object that a line is, or None: then it is noise."""
    try:
        frame = JSON.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _header(wires: Sequence[_Wire]) -> dict[str, Any]:
    """The header, from what the recordings say of themselves; no clock is read."""
    frames = b"\n".join(wire.frames for wire in wires)
    environment: dict[str, str] = wires[0].spawn.get("env") or {} if wires else {}
    sdk = environment.get("CLAUDE_AGENT_SDK_VERSION")
    version, date = _VERSION.search(frames), _DATE.search(frames)
    return {
        "cassette": 1,
        "sdk": f"claude-agent-sdk {sdk}" if sdk else None,
        "cli": version[1].decode() if version else None,
        "recorded": date[1].decode() if date else None,
        "mode": "import",
        "redacted": {},
    }
