"""Faulty: an engine that spoils what another engine does.

Above: the drivers of engines, `scripted_cli.py`.  Below: any `Engine` (a `Player`, the fake CLI, yours), and `Fault`,
which says what goes wrong and where.  It works on the lines that the engine writes and knows nothing else of it, so
what goes wrong is the same on a cassette and on a script.  Time is `NeedData(until)` alone.  On the fake path.
"""

from __future__ import annotations

import signal
from collections import deque
from heapq import heappop, heappush
from json import dumps, loads

from ..protocol.engine import Exit, NeedData, Write, WriteErr
from .script.fault import ALL_ALONG
from .script.patterns import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..protocol.command import Command
    from ..protocol.engine import Action, Engine
    from .script.fault import Fault

TORN_EXIT = 1
"""Exit code of a process whose last line is torn."""

_FATAL = (signal.SIGTERM, signal.SIGHUP)  # end a process that is on its way out; SIGINT does not hurry it
_FATAL_BASE = 128


class Faulty:
    """Runs `engine` and does what `faults` say to its output and to its end.

    - `process`: which process of a script this is; faults of another one are left out.

    A frame that is late holds the end of the run back until it has come.  After a `withdraw` the engine gets an error
    in place of the host's answer, and a late answer is kept from it: a CLI that takes a request back has moved on.
    """

    __slots__ = (
        "_actions",
        "_engine",
        "_exit",
        "_faults",
        "_frames",
        "_heard",
        "_held",
        "_ignored",
        "_late",
        "_seen",
        "_slow_exit",
        "_withdrawn",
        "_withdraws",
    )

    def __init__(self, engine: Engine, faults: Sequence[Fault], *, process: int = 1) -> None:
        here = [fault for fault in faults if fault.process in (None, process)]
        self._engine = engine
        self._faults = [fault for fault in here if fault.what not in ALL_ALONG]
        self._seen = [0] * len(self._faults)  # frames that fitted the fault's pattern
        self._slow_exit = sum(fault.value for fault in here if fault.what == "slow_exit")
        self._ignored = {
            signal.Signals[name] for fault in here if fault.what == "ignore_signals" for name in fault.value
        }
        self._withdraws = any(fault.what == "withdraw" for fault in here)
        self._withdrawn: set[str] = set()
        self._actions: deque[Action] = deque()
        self._frames = 0
        self._held = b""  # a line that the engine has not ended yet
        self._heard = b""  # one that the host has not ended yet; only when answers must be looked at
        self._late: list[tuple[float, int, bytes]] = []
        self._exit: tuple[float, Exit] | None = None  # not before this time

    # From the host

    def open(self, command: Command) -> None:
        """See `Engine.open`."""
        self._engine.open(command)
        for fault in self._faults:
            if fault.pattern == 0 and self._exit is None:
                self._do(fault, b"", None, 0.0)

    def receive_data(self, data: bytes) -> None:
        """See `Engine.receive_data`."""
        if self._exit is not None:
            return
        if not self._withdraws:
            self._engine.receive_data(data)
            return
        *lines, self._heard = (self._heard + data).split(b"\n") if data else (self._heard, b"")
        for line in lines:
            if line and not self._answers_a_withdrawn(line):
                self._engine.receive_data(line + b"\n")
        if not data:
            self._engine.receive_data(b"")

    def receive_signal(self, number: int) -> None:
        """See `Engine.receive_signal`.  Signals that are ignored stop here."""
        if number in self._ignored:
            return
        if self._exit is None:
            self._engine.receive_signal(number)
        elif number in _FATAL:
            self._late.clear()
            self._exit = (0.0, Exit(_FATAL_BASE + number))

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        """See `Engine.receive_result`."""
        self._engine.receive_result(call_id, value, error)

    def close(self) -> None:
        """See `Engine.close`."""
        self._engine.close()

    # To the host

    def next_action(self, now: float) -> Action:
        """See `Engine.next_action`."""
        while True:
            while self._late and self._late[0][0] <= now:
                self._actions.append(Write(heappop(self._late)[2]))
            if self._actions:
                return self._actions.popleft()
            due = self._late[0][0] if self._late else None
            if self._exit is not None:
                when, action = self._exit
                if due is None and when <= now:
                    return action
                return NeedData(when if due is None else due)
            given = self._engine.next_action(now)
            if isinstance(given, Write):
                *lines, self._held = (self._held + given.data).split(b"\n")
                for line in lines:
                    if self._exit is None:
                        self._pass(line + b"\n", now)
            elif isinstance(given, Exit):
                self._write(self._held)
                self._exit = (now + self._slow_exit, given)
            elif isinstance(given, NeedData):
                return given if due is None else NeedData(due if given.until is None else min(given.until, due))
            else:
                return given

    def _pass(self, line: bytes, now: float) -> None:
        """One line of the engine's, with what goes wrong before, at and after it."""
        self._frames += 1
        frame = _frame(line) if self._faults else None
        # All are counted, whatever the first ones do.
        firing = [fault for number, fault in enumerate(self._faults) if self._is_here(number, fault, frame)]
        for place in ("before", "instead", "after"):
            here = [fault for fault in firing if fault.place == place]
            if place == "instead" and not here:
                self._write(line)
            for fault in here[:1] if place == "instead" else here:
                self._do(fault, line, frame, now)
                if self._exit is not None:
                    return

    def _is_here(self, number: int, fault: Fault, frame: dict[str, Any] | None) -> bool:
        if isinstance(fault.pattern, int):
            return fault.pattern == self._frames
        if frame is None or not fits(fault.pattern, frame):
            return False
        self._seen[number] += 1
        return fault.every or self._seen[number] == fault.nth

    # What goes wrong

    def _do(self, fault: Fault, line: bytes, frame: dict[str, Any] | None, now: float) -> None:
        self._actions.extend(map(WriteErr, fault.stderr))
        what, value = fault.what, fault.value
        if what == "exit":
            self._end(value)
        elif what == "line":
            self._write(value.encode("utf-8", "surrogatepass") + b"\n")
        elif what == "frame":
            self._write(_line(value))
        elif what == "torn":
            self._write(line[: min(value, len(line) - 1)])
            self._end(TORN_EXIT)
        elif what == "oversize":
            missing = max(0, value - len(line))
            self._write(_line({**frame, "padding": "x" * missing}) if frame is not None else b"x" * value + b"\n")
        elif what == "invalid_utf8":
            body, _, end = line.rpartition(b"}")
            self._write(body + b',"invalid":"\xff\xfe"}' + end)
        elif what == "late":
            heappush(self._late, (now + value, self._frames, line))
        elif what == "repeated":
            for _ in range(value):
                self._write(line)
        elif what == "withdraw" and frame is not None and frame.get("type") == "control_request":
            self._withdraw(str(frame.get("request_id")))

    def _write(self, data: bytes) -> None:
        if data:
            self._actions.append(Write(data))

    def _end(self, code: int) -> None:
        self._late.clear()
        self._exit = (0.0, Exit(code))

    def _withdraw(self, request_id: str) -> None:
        self._withdrawn.add(request_id)
        self._write(_line({"type": "control_cancel_request", "request_id": request_id}))
        answer = {"subtype": "error", "request_id": request_id, "error": "the request was withdrawn"}
        self._engine.receive_data(_line({"type": "control_response", "response": answer}))

    def _answers_a_withdrawn(self, line: bytes) -> bool:
        frame = _frame(line) if self._withdrawn else None
        if frame is None or frame.get("type") != "control_response":
            return False
        response = frame.get("response")
        return isinstance(response, dict) and response.get("request_id") in self._withdrawn


def _frame(line: bytes) -> dict[str, Any] | None:
    try:
        frame = loads(line)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _line(frame: dict[str, Any]) -> bytes:
    return dumps(frame, separators=(",", ":")).encode() + b"\n"
