"""WireLines: bytes of both sides become the entries of a cassette, a line each.

Above: `wire_log.py` (when somebody reads), `wire_directory.py` (at once).  Below: `cassettes/cassette.py`.  Nothing is
replaced or scrubbed: a log is for the test that made it.  On the fake path.
"""

from __future__ import annotations

from ...cassettes.cassette import JSON, Entry
from ...cassettes.environment import recorded_environment
from ...protocol.command import FILE_TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...cassettes.cassette import Source
    from ...protocol.command import Command

TORN = "torn"
"""Key of a `noise` entry that is a line without its end, the last that its side said."""

_SPACE = b" \t\r"


class WireLines:
    """The lines of one session.  `at` is always in milliseconds since its start."""

    def __init__(self) -> None:
        self.unfinished: dict[Source, bytearray] = {"host": bytearray(), "cli": bytearray()}
        """The line that each side has begun."""
        self._ended = False

    def data(self, source: Source, data: bytes, at: int) -> list[Entry]:
        """The entries of the lines that `data` completes; at its end, `b""`, an unfinished one as well."""
        if not data:
            return self._eof(source, at)
        unfinished = self.unfinished[source]
        end = data.rfind(b"\n") + 1
        unfinished += data[:end]
        lines = bytes(unfinished).split(b"\n")[:-1] if end else []
        if end:
            unfinished.clear()
        unfinished += data[end:]
        return [_line(source, line, at) for line in lines]

    def exit(self, code: int, at: int) -> list[Entry]:
        """The entries of the end of a session."""
        self._ended = True
        return [*self._eof("cli", at), Entry("cli", "exit", code, at=at)]

    def torn(self, at: int) -> list[Entry]:
        """The entries of what both sides have begun, if nothing more comes."""
        return [noise(source, line, at, TORN) for source, line in self.unfinished.items() if line]

    def _eof(self, source: Source, at: int) -> list[Entry]:
        torn = bytes(self.unfinished[source])
        self.unfinished[source].clear()
        entries = [noise(source, torn, at, TORN)] if torn else []
        if source == "host" and not self._ended:
            entries.append(Entry("host", "eof", True, at=at))
        return entries


def spawn_entry(command: Command) -> Entry:
    """The entry of a session's start: its command line, folder, files, and the variables that change what is said."""
    value: dict[str, Any] = {
        "argv": list(command.argv),
        "cwd": command.cwd,
        "env": recorded_environment(command.env),
    }
    used = [item.removeprefix(FILE_TOKEN) for item in command.argv if item.startswith(FILE_TOKEN)]
    if used:
        value["files"] = {name: command.files[name].decode("utf-8", "replace") for name in used}
    return Entry("host", "spawn", value)


def signal_name(number: int) -> str:
    """The name of a signal as cassettes have it."""
    from signal import Signals

    try:
        return Signals(number).name
    except ValueError:
        return f"signal {number}"


def _line(source: Source, line: bytes, at: int) -> Entry:
    """A frame, or noise: a line that is no JSON object."""
    try:
        frame = JSON.decode(str(line, "utf-8"))
    except (ValueError, RecursionError):
        frame = None
    if isinstance(frame, dict):
        return Entry(source, "frame", frame, at=at, data=line.strip(_SPACE))
    return noise(source, line, at)


def noise(source: Source, line: bytes | bytearray, at: int, mark: str = "") -> Entry:
    """The entry of a line that is no frame; `mark` is a key of it."""
    text = line.decode("utf-8", "surrogateescape")
    return Entry(source, "noise", text, at=at, extra={mark: True} if mark else None)
