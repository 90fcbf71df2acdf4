"""WireLog: what was said in the sessions of one process, in memory.

Above: `ObservedEngine` fills it, `Run` reads it.  Below: `wire_lines.py`, when somebody asks.  While a session goes on,
each thing that happens costs an `append`.  On the fake path.
"""

from __future__ import annotations

from time import monotonic

from .wire_lines import WireLines, signal_name, spawn_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...cassettes.cassette import Entry, Source
    from ...protocol.command import Command


class WireLog:
    """The sessions of a test, in the order in which they were opened."""

    def __init__(self) -> None:
        self.sessions: list[SessionLog] = []

    def begin(self, command: Command) -> SessionLog:
        """A session was started with `command`."""
        session = SessionLog(command)
        self.sessions.append(session)
        return session


class SessionLog:
    """What was said in one session: a `Wire`."""

    __slots__ = ("_began", "_command", "_said")

    def __init__(self, command: Command) -> None:
        self._command = command
        self._began = monotonic()
        self._said: list[tuple[float, str, Any]] = []  # when; "host", "cli" with bytes, else the kind of an entry

    def data(self, source: Source, data: bytes) -> None:
        """See `Wire.data`."""
        self._said.append((monotonic(), source, data))

    def stderr(self, line: str) -> None:
        """See `Wire.stderr`."""
        self._said.append((monotonic(), "stderr", line))

    def signal(self, number: int) -> None:
        """See `Wire.signal`."""
        self._said.append((monotonic(), "signal", number))

    def rest(self) -> None:
        """See `Wire.rest`; memory needs no such hint."""

    def exit(self, code: int) -> None:
        """See `Wire.exit`."""
        self._said.append((monotonic(), "exit", code))

    @property
    def size(self) -> int:
        """How much there is: grows with everything that happens."""
        return len(self._said)

    def entries(self) -> list[Entry]:
        """Everything so far, as the entries of a cassette's episode; lines that are begun only stand at the end."""
        from ...cassettes.cassette import Entry

        lines = WireLines()
        entries = [spawn_entry(self._command)]
        at = 0
        for when, kind, value in list(self._said):
            at = int((when - self._began) * 1000)
            if kind == "host" or kind == "cli":
                entries += lines.data("host" if kind == "host" else "cli", value, at)
            elif kind == "stderr":
                entries.append(Entry("cli", "stderr", value, at=at))
            elif kind == "signal":
                entries.append(Entry("host", "signal", signal_name(value), at=at))
            else:
                entries += lines.exit(value, at)
        return entries + lines.torn(at)
