"""Wire recordings -> `Cassette`: what was recorded with any SDK, by a tee that stood before the CLI.

Above: `claude-cassette import`.  Below: wire.py (the files), placeholders.py, normalize.py, stable.py.  Flags stay as
they were recorded, and so do the bytes of the CLI's frames, paths and ids apart.  The end of an output is no entry: the
exit says it.
"""

from __future__ import annotations

import re
from collections import Counter

from .aliases import Aliases
from .cassette import JSON, Cassette, Entry, Episode, damaged, encode_json
from .entry_line import encode_entry
from .environment import recorded_environment, sdk_of
from .normalize import normalize
from .placeholders import Places
from .secrets.residue import refused, residues
from .secrets.scrubber import Scrubber
from .stable import write
from .wire import DIRECTIONS, Wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from .cassette import Kind, Source
    from .wire import Record

# The CLI names folders of its configuration: one in its first answer, one in every init.
_HOME = re.compile(
    rb'"(?:user_output_styles_dir":"|auto":"|transcript_path":")'
    rb'((?:[A-Za-z]:)?[/\\][^"]*?)[/\\]{1,2}\.claude[/\\]{1,2}(?:output-styles|projects)\b'
)
_VERSION = re.compile(rb'"claude_code_version":"([^"]+)"')
_DATE = re.compile(rb'"timestamp":"(\d{4}-\d\d-\d\dT[0-9:.]+Z)"')


class Imported:
    """What wire files tell: the `header`, and the `runs` as they were recorded, secrets and paths aside; their `wires`.

    The runs stand in the order in which they began: the processes of one program count their time from one moment, so
    that the first record tells which began first; files that began at the same time stay in the given order.
    """

    def __init__(self, paths: Sequence[str], *, home: str | None = None, temp: str | None = "/tmp") -> None:
        """`home` and `temp` are the folders of the recorded machine that become placeholders, as its working directory
        does; `home` is read off each recording where it is not given.  Secrets are replaced, as in recording; the
        environment that the tee wrote down says which values are.

        Raises:
            CassetteError: A file cannot be read or is no wire file, with file, line and column.
        """
        self.wires = sorted((Wire(path) for path in paths), key=lambda wire: wire.began)
        self.runs: list[list[Entry]] = []
        found = Counter[str]()
        for wire in self.wires:
            scrubber = Scrubber(environment=_environment(wire))
            self.runs.append(_scrubbed(_Import(wire, home, temp).entries(), scrubber))
            found.update(scrubber.redacted)
        self.header = {**_header(self.wires), "redacted": dict(sorted(found.items()))}

    @property
    def cassette(self) -> Cassette:
        """The runs as they are stored, in memory."""
        aliases = Aliases(shell_tasks=False)
        for entries in self.runs:
            aliases.expect(encode_json(entries[0].value))
        normal = [list(normalize(entries, aliases)) for entries in self.runs]
        return Cassette("<import>", self.header, [Episode(run, number=number) for number, run in enumerate(normal, 1)])

    def save(self, path: str) -> bool:
        """Store the runs in the file `path`, which changes only where the behaviour did; returns whether it has.

        Raises:
            CassetteError: A secret would stand in it, or it cannot be written; it is as it was.
        """
        left = [
            f"{entries[finding.line - 1].path}:{entries[finding.line - 1].number}: {finding.where}: {finding.rule}"
            for wire, entries in zip(self.wires, self.runs, strict=True)
            for finding in residues(b"".join(encode_entry(e) + b"\n" for e in entries), environment=_environment(wire))
        ]
        if left:
            raise refused(path, left)
        return write(path, self.header, self.runs, shell_tasks=False)


def import_wires(paths: Sequence[str], *, home: str | None = None, temp: str | None = "/tmp") -> Cassette:
    """A cassette with one episode for each wire file, each normalized.  The parameters and errors of `Imported`."""
    return Imported(paths, home=home, temp=temp).cassette


def _environment(wire: Wire) -> Mapping[str, str]:
    return wire.spawn.get("env") or {}


def _scrubbed(entries: Sequence[Entry], scrubber: Scrubber) -> list[Entry]:
    """The entries of a run without its secrets; they keep their places in the wire file, which errors name."""
    clean = [after for entry in entries for after in scrubber.entry(entry)] + scrubber.finish()
    for entry, before in zip(clean, entries, strict=True):
        entry.path, entry.number = before.path, before.number
    return clean


class _Import:
    """One wire file becoming entries."""

    def __init__(self, wire: Wire, home: str | None, temp: str | None) -> None:
        self.wire = wire
        # Paths of another machine: there is nothing here to resolve them by.
        self.places = Places(cwd=wire.spawn["cwd"], home=home or _home(wire), temp=temp, real=str)

    def entries(self) -> list[Entry]:
        entries = [self._spawn()]
        exits: list[Entry] = []
        for record in self.wire.records:
            if record.direction != "meta":
                entries.append(self._line(record))
            elif record.line["event"] == "no_final_newline":
                _mark_torn(entries, record.line.get("dir"))
            else:
                entry = self._event(record)
                if entry is not None:
                    (exits if entry.kind == "exit" else entries).append(entry)
        # A pipe may still be drained after the exit was seen; of the run it is the last all the same.
        return entries + exits

    def _entry(self, source: Source, kind: Kind, value: Any, record: Record) -> Entry:
        return Entry(source, kind, value, at=record.at, number=record.number, path=self.wire.path)

    def _spawn(self) -> Entry:
        spawn, places = self.wire.spawn, self.places
        environment = recorded_environment(_environment(self.wire))
        value = {
            "argv": [places.argument_to_placeholders(argument) for argument in spawn["argv"]],
            "cwd": places.text_to_placeholders(spawn["cwd"]),
            "env": {name: places.text_to_placeholders(text) for name, text in environment.items()},
        }
        return Entry("host", "spawn", value, number=1, path=self.wire.path)

    def _line(self, record: Record) -> Entry:
        source: Source = "host" if record.direction == "to_cli" else "cli"
        frame = None if record.direction == "stderr" else _frame(record.data)
        if frame is None:
            kind: Kind = "stderr" if record.direction == "stderr" else "noise"
            return self._entry(source, kind, self.places.text_to_placeholders(record.line), record)
        # The host's frames are written the one compact way, whatever its SDK's way was.
        data = self.places.to_placeholders(record.data if source == "cli" else encode_json(frame))
        return Entry(source, "frame", at=record.at, number=record.number, path=self.wire.path, data=data)

    def _event(self, record: Record) -> Entry | None:
        match record.line:
            case {"event": "exit", "code": int() as code}:
                return self._entry("cli", "exit", code, record)
            case {"event": "signal", "signal": str() as name}:
                return self._entry("host", "signal", name, record)
            case {"event": "eof", "dir": "to_cli"}:
                return self._entry("host", "eof", True, record)
            case {"event": "eof" | "write_failed"}:
                return None
            case {"event": "spawn"}:
                raise damaged(self.wire.path, record.number, 1, "a second spawn event; a wire file holds one run")
        event = record.line["event"]
        raise damaged(self.wire.path, record.number, 1, f"unknown or incomplete event {event!r}")


def _frame(line: bytes) -> dict[str, Any] | None:
    """The JSON object that a line is, or None: then it is noise."""
    try:
        frame = JSON.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _mark_torn(entries: Iterable[Entry], direction: Any) -> None:
    """The last line of a pipe ended without a newline."""
    if direction not in DIRECTIONS:
        return
    kinds = ("stderr",) if direction == "stderr" else ("frame", "noise")
    source = "host" if direction == "to_cli" else "cli"
    last = [entry for entry in entries if entry.source == source and entry.kind in kinds][-1:]
    for entry in last:
        entry.extra = {"torn": True}


def _said_by_cli(wires: Iterable[Wire]) -> bytes:
    return b"\n".join(record.data for wire in wires for record in wire.records if record.direction == "from_cli")


def _home(wire: Wire) -> str | None:
    found = _HOME.search(_said_by_cli([wire]))
    return JSON.decode(f'"{found[1].decode("utf-8", "replace")}"') if found else None


def _header(wires: Sequence[Wire]) -> dict[str, Any]:
    """The header, from what the recordings say of themselves; no clock is read."""
    said = _said_by_cli(wires)
    version, date = _VERSION.search(said), _DATE.search(said)
    return {
        "cassette": 1,
        "sdk": sdk_of(_environment(wires[0])) if wires else None,
        "cli": version[1].decode() if version else None,
        "recorded": date[1].decode() if date else None,
        "mode": "import",
    }
