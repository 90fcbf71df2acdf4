"""The wire of a fake in process: an engine around another that writes down what passes, as the harness's tee does.

At the engine, not at the channel: what the fake still says while its run is closed counts, as on the real CLI.
Above: `case.py`.  Below: an `Engine`.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, Write, WriteErr

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action, Engine


class WireLog:
    """Where the wires of one program go: wire.jsonl, and wire.2.jsonl … for further runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = 0

    def next(self) -> Path:
        self._runs += 1
        return self._folder / ("wire.jsonl" if self._runs == 1 else f"wire.{self._runs}.jsonl")


class Tapped:
    """Writes the lines of `engine` to `path`, and does everything else as it does."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._file = path.open("w", encoding="utf-8")
        self._rest = {"to_cli": b"", "from_cli": b""}

    def open(self, command: Command) -> None:
        self._record("meta", {"event": "spawn", "argv": ["claude", *command.argv[1:]], "cwd": command.cwd})
        self._engine.open(command)

    def receive_data(self, data: bytes) -> None:
        self._lines("to_cli", data)
        self._engine.receive_data(data)

    def receive_signal(self, number: int) -> None:
        self._record("meta", {"event": "signal", "signal": number})
        self._engine.receive_signal(number)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        self._engine.receive_result(call_id, value, error)

    def next_action(self, now: float) -> Action:
        action = self._engine.next_action(now)
        if isinstance(action, Write):
            self._lines("from_cli", action.data)
        elif isinstance(action, WriteErr):
            self._record("stderr", action.line)
        elif isinstance(action, Exit):
            self._lines("from_cli", b"")
            self._record("meta", {"event": "exit", "code": action.code})
        return action

    def close(self) -> None:
        self._engine.close()
        self._file.close()

    def _lines(self, direction: str, data: bytes) -> None:
        """Whole lines are written; the end of the data (`b""`) ends the last one, too."""
        *lines, rest = (self._rest[direction] + data).split(b"\n")
        if not data and rest:
            lines, rest = [*lines, rest], b""
        self._rest[direction] = rest
        for line in lines:
            self._record(direction, line.decode("utf-8", "surrogateescape"))

    def _record(self, direction: str, line: Any) -> None:
        if not self._file.closed:
            self._file.write(json.dumps({"t": round(monotonic(), 4), "dir": direction, "line": line}) + "\n")
            self._file.flush()
