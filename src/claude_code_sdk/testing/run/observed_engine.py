"""ObservedEngine: an engine whose traffic is written down, both ways, as it happens.

Above: the drivers of engines; `fake-claude` and the pytest plugin put it around theirs.  Below: any `Engine`, and a
log: `WireLog` in memory, `WireDirectory` on disk.  It changes nothing of what passes.  On the fake path.
"""

from __future__ import annotations

from ...protocol.engine import Exit, NeedData, Write, WriteErr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from ...cassettes.cassette import Source
    from ...protocol.command import Command
    from ...protocol.engine import Action, Engine

    class Wire(Protocol):
        """What a log keeps of one session.  Times are the log's business."""

        def data(self, source: Source, data: bytes) -> None:
            """`source` wrote these bytes, which may end anywhere in a line; `b""` is the end of its output."""

        def stderr(self, line: str) -> None:
            """The CLI wrote a line, without its end, to stderr."""

        def signal(self, number: int) -> None:
            """The host sent a signal."""

        def rest(self) -> None:
            """The CLI waits: what was written so far may be the last that is."""

        def exit(self, code: int) -> None:
            """The session ended with that code, negative for a death by a signal."""

    class Log(Protocol):
        """What keeps the sessions of a test."""

        def begin(self, command: Command) -> Wire:
            """A session was started with `command`."""


class ObservedEngine:
    """Runs `engine` and writes into `log` what both sides say, before the other side can act on it.

    - `ends`: whether the session is over when the engine says so; otherwise `stopped` tells.

    A session that is ended by force, by `close` or the death of its process, has no exit in the log.
    """

    __slots__ = ("_ends", "_engine", "_log", "_wire")

    def __init__(self, engine: Engine, log: Log, *, ends: bool = True) -> None:
        self._engine = engine
        self._log = log
        self._ends = ends
        self._wire: Wire

    def open(self, command: Command) -> None:
        """See `Engine.open`."""
        self._wire = self._log.begin(command)
        self._engine.open(command)

    def receive_data(self, data: bytes) -> None:
        """See `Engine.receive_data`."""
        self._wire.data("host", data)
        self._engine.receive_data(data)

    def receive_signal(self, number: int) -> None:
        """See `Engine.receive_signal`."""
        self._wire.signal(number)
        self._engine.receive_signal(number)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        """See `Engine.receive_result`."""
        self._engine.receive_result(call_id, value, error)

    def next_action(self, now: float) -> Action:
        """See `Engine.next_action`."""
        action = self._engine.next_action(now)
        if isinstance(action, Write):
            self._wire.data("cli", action.data)
        elif isinstance(action, NeedData):
            self._wire.rest()
        elif isinstance(action, WriteErr):
            self._wire.stderr(action.line)
        elif isinstance(action, Exit) and self._ends:
            self._wire.exit(action.code)
        return action

    def close(self) -> None:
        """See `Engine.close`."""
        self._engine.close()

    def stopped(self, code: int, *stderr: str) -> None:
        """The session ended with that code, after these lines on stderr, which the engine did not write."""
        for line in stderr:
            self._wire.stderr(line)
        self._wire.exit(code)
