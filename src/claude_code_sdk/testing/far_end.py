"""A far end that does exactly what it is told: the peer that the transport checks talk to.

The steps of a far end, done one after the other; it exits with 0 after the last:

    Step("say", TEXT)         write TEXT to the output
    Step("flood", COUNT)      write COUNT numbered lines of 100 bytes
    Step("complain", TEXT)    write one line to stderr; TEXT has no line end
    Step("hear")              wait for one line of input
    Step("echo")              send every line of input back, until the input ends
    Step("end")               wait until the input ends
    Step("signal", NUMBER)    wait until that signal comes
    Step("linger")            stay until killed, whatever ends and whatever signal comes
    Step("exit", CODE)        end

They are acted out by `FarEnd`, an engine for transports without a process, and by the program of `far_end_command` for
those with one.  Above: `checks.py` and your own tests.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..protocol.command import Command
from ..protocol.engine import Exit, NeedData, Write, WriteErr

if TYPE_CHECKING:
    from ..protocol.engine import Action

PROGRAM = Path(__file__).with_name("_far_end_program.py")


class Step(NamedTuple):
    """One thing that the far end does; see the module's text."""

    action: str
    value: Any = None


def flood_line(number: int) -> bytes:
    """Line `number` of a flood, counted from 0: 100 bytes."""
    return b"%099d\n" % number


def far_end_command(steps: Sequence[Step], *, env: Mapping[str, str] | None = None) -> Command:
    """A command whose process acts out `steps`."""
    # Isolated, without site: it starts in a third of the time.
    argv = (sys.executable, "-SEI", str(PROGRAM), json.dumps(steps))
    return Command(argv, env=env or {})


class FarEnd:
    """Acts out `steps` as an `Engine`."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = deque(steps)
        self._input = b""
        self._ended = False
        self._signals: set[int] = set()

    def open(self, command: Command) -> None:
        """Any command will do."""

    def receive_data(self, data: bytes) -> None:
        self._input += data
        self._ended = self._ended or not data

    def receive_signal(self, number: int) -> None:
        self._signals.add(number)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        raise AssertionError("a far end makes no calls")

    def close(self) -> None:
        """Nothing is held."""

    def next_action(self, now: float) -> Action:
        while self._steps:
            action, value = self._steps[0]
            done: Action | None = getattr(self, f"_{action}")(value)
            if done is not None:
                return done
            self._steps.popleft()
        return Exit(0)

    # One method a step: an action (and the step stays, or has taken itself off), or None when the step is done.

    def _say(self, text: str) -> Action:
        self._steps.popleft()
        return Write(text.encode())

    def _flood(self, count: int) -> Action:
        self._steps.popleft()
        return Write(b"".join(map(flood_line, range(count))))

    def _complain(self, text: str) -> Action:
        self._steps.popleft()
        return WriteErr(text)

    def _hear(self, _: None) -> Action | None:
        _line, end, rest = self._input.partition(b"\n")
        if end:
            self._input = rest
        return None if end or self._ended else NeedData()

    def _echo(self, _: None) -> Action | None:
        lines, end, rest = self._input.rpartition(b"\n")
        if end:
            self._input = rest
            return Write(lines + end)
        return None if self._ended else NeedData()

    def _end(self, _: None) -> Action | None:
        return None if self._ended else NeedData()

    def _signal(self, number: int) -> Action | None:
        return None if number in self._signals else NeedData()

    def _linger(self, _: None) -> Action:
        return NeedData()

    def _exit(self, code: int) -> Action:
        return Exit(code)
