"""check_engine: the contract of `protocol/engine.py` as checks that any engine can be put through.

You give a maker of runs: an engine that is fresh, the command that it is opened with, and what the host says.  A check
fails with an AssertionError that says what was expected.

    def run() -> EngineRun:
        return EngineRun(MyEngine(), Command(("claude",)), [INITIALIZE, PROMPT])

    def test_my_engine() -> None:
        check_engine(run)

Each item of `ENGINE_CHECKS` is one of the checks, for tests that want them one by one.  Above: tests.  Below: an
`Engine`, which is driven here with a clock that nobody waits for.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ..protocol.engine import Call, Exit, NeedData, Write, WriteErr

if TYPE_CHECKING:
    from ..protocol.command import Command
    from ..protocol.engine import Action, Engine
else:  # so that `typing.get_type_hints` works: on the fake path there is no `typing`
    Command = Action = Engine = Any

MOST_ACTIONS = 100_000
"""Actions that one run may take."""

MOST_IDLE = 100
"""Times in a row that an engine may ask for a moment that is not later, without having done anything."""


class EngineRun:
    """A run that is about to begin, and the host's part in it.

    - `engine`: one that nobody has opened.  Functions that it asks the driver to call must not be coroutine functions.
    - `lines`: what the host says, whole lines, each when the engine waits.  At the end of its input, which comes after
      the last, the engine ends the run.
    - `answer`: what the host says to a line of the engine, `b""` for nothing.
    """

    __slots__ = ("answer", "command", "engine", "lines")

    def __init__(
        self,
        engine: Engine,
        command: Command,
        lines: Sequence[bytes] = (),
        *,
        answer: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.engine = engine
        self.command = command
        self.lines = list(lines)
        self.answer = answer


RunMaker: TypeAlias = Callable[[], EngineRun]
"""Makes a run; each is like the others."""

EngineCheck: TypeAlias = Callable[[RunMaker], None]


def check_engine(maker: RunMaker) -> None:
    """Put an engine through every check of the contract, one after the other.

    Raises AssertionError at the first that fails, and whatever the engine raises; a note on the error names the check.
    """
    for check in ENGINE_CHECKS:
        try:
            check(maker)
        except Exception as error:
            error.add_note(f"in the engine check {check.__name__!r}")
            raise


def the_end_of_input_ends_the_run(maker: RunMaker) -> None:
    code = Drive(maker()).finish().code
    _expect(isinstance(code, int), True, f"an exit code, not {code!r}")


def an_engine_that_waits_goes_on_waiting(maker: RunMaker) -> None:
    drive = Drive(maker())
    first = drive.until_it_waits()
    for _ in range(3):
        again = drive.next()
        _expect(isinstance(again, NeedData), True, f"NeedData again while nothing arrives, not {_shown(again)}")
        assert isinstance(again, NeedData)
        _expect(again.until, first.until, "the same moment as before")


def bytes_may_come_in_any_pieces(maker: RunMaker) -> None:
    whole = Drive(maker()).finish()
    for size in (1, 7, 64):
        pieces = Drive(maker(), piece=size).finish()
        _expect(pieces.seen, whole.seen, f"what it does when the host's bytes come {size} at a time")


def runs_are_alike(maker: RunMaker) -> None:
    first, second = Drive(maker()).finish(), Drive(maker()).finish()
    _expect(second.seen, first.seen, "what it did in the run before")


def runs_at_once_are_apart(maker: RunMaker) -> None:
    alone = Drive(maker()).finish()
    pair = [Drive(maker()), Drive(maker())]
    while any(drive.code is None for drive in pair):
        for drive in pair:
            if drive.code is None:
                drive.step()
    for drive in pair:
        _expect(drive.seen, alone.seen, "what it does in a run alone")


def time_is_what_the_driver_says(maker: RunMaker) -> None:
    early, late = Drive(maker()).finish(), Drive(maker(), now=1e6).finish()
    _expect(late.seen, early.seen, "what it does whenever the driver's clock begins")


def output_is_in_whole_lines(maker: RunMaker) -> None:
    drive = Drive(maker()).finish()
    for what, data in drive.seen:
        if what == "stdout":
            _expect(data != b"", True, "no empty Write")
        elif what == "stderr":
            _expect("\n" in data, False, f"a line a WriteErr, without its end, not {data!r}")
    output = b"".join(data for what, data in drive.seen if what == "stdout")
    _expect(output == b"" or output.endswith(b"\n"), True, "an end of the last line")


def sigterm_ends_the_run(maker: RunMaker) -> None:
    drive = Drive(maker())
    drive.until_it_waits()
    drive.engine.receive_signal(signal.SIGTERM)
    drive.lines.clear()
    drive.finish(say_end=False)


def it_may_be_closed_at_any_time(maker: RunMaker) -> None:
    length = Drive(maker()).finish().steps
    for steps in range(length):
        drive = Drive(maker())
        for _ in range(steps):
            drive.step()
        drive.engine.close()


ENGINE_CHECKS: tuple[EngineCheck, ...] = (
    the_end_of_input_ends_the_run,
    an_engine_that_waits_goes_on_waiting,
    bytes_may_come_in_any_pieces,
    runs_are_alike,
    runs_at_once_are_apart,
    time_is_what_the_driver_says,
    output_is_in_whole_lines,
    sigterm_ends_the_run,
    it_may_be_closed_at_any_time,
)


# What the checks are written with


class Drive:
    """Drives a run: says the host's lines, skips what the engine waits for, and keeps what it does in `seen`.

    - `piece`: bytes of the host that are handed over at a time; all of a line by default.
    """

    def __init__(self, run: EngineRun, *, now: float = 0.0, piece: int | None = None) -> None:
        self.engine = run.engine
        self.lines = run.lines
        self.seen: list[tuple[str, Any]] = []
        self.code: int | None = None
        self.steps = 0
        self._answer = run.answer
        self._rest = b""  # output that is no line yet
        self._now = now
        self._piece = piece
        self._idle = 0
        self._ended = False
        self.engine.open(run.command)

    def next(self) -> Action:
        """What the engine says next."""
        self.steps += 1
        _expect(self.steps <= MOST_ACTIONS, True, f"the end of the run within {MOST_ACTIONS:,} actions")
        return self.engine.next_action(self._now)

    def step(self, *, say_end: bool = True) -> None:
        """One action; where the engine waits, what it waits for."""
        action = self.next()
        if isinstance(action, NeedData):
            self._meet(action, say_end)
            return
        self._idle = 0
        self._take(action)

    def finish(self, *, say_end: bool = True) -> Drive:
        """Go on to the exit."""
        while self.code is None:
            self.step(say_end=say_end)
        self.engine.close()
        return self

    def until_it_waits(self) -> NeedData:
        """Go on until the engine waits for the first time, for the host or for a moment to come."""
        while not isinstance(action := self.next(), NeedData):
            self._take(action)
            _expect(self.code, None, "a wait for the host before the run ends")
        return action

    def _take(self, action: Action) -> None:
        if isinstance(action, Write):
            self.seen.append(("stdout", action.data))
            *lines, self._rest = (self._rest + action.data).split(b"\n")
            for line in lines:
                self._say(self._answer(line) if self._answer is not None else b"")
        elif isinstance(action, WriteErr):
            self.seen.append(("stderr", action.line))
        elif isinstance(action, Exit):
            self.seen.append(("exit", action.code))
            self.code = action.code
        else:
            _expect(isinstance(action, Call), True, f"an action of protocol/engine.py, not {action!r}")
            assert isinstance(action, Call)
            self._call(action)

    def _call(self, call: Call) -> None:
        try:
            self.engine.receive_result(call.call_id, call.function(*call.args), None)
        except Exception as error:
            self.engine.receive_result(call.call_id, None, error)

    def _meet(self, need: NeedData, say_end: bool) -> None:
        if self.lines:
            self._say(self.lines.pop(0))
        elif say_end and not self._ended:
            self._ended = True
            self.engine.receive_data(b"")
        else:
            _expect(need.until is not None, True, "an action or an exit: nobody will say anything any more")
            assert need.until is not None
            self._idle = self._idle + 1 if need.until <= self._now else 0
            _expect(self._idle < MOST_IDLE, True, "a moment to come in NeedData, again and again it was none")
            self._now = max(self._now, need.until)

    def _say(self, data: bytes) -> None:
        size = self._piece or max(1, len(data))
        for start in range(0, len(data), size):
            self.engine.receive_data(data[start : start + size])


def _shown(action: Action) -> str:
    return f"{type(action).__name__}({', '.join(repr(getattr(action, name)) for name in type(action).__slots__)})"


def _expect(got: object, wanted: object, what: str) -> None:
    """Fail unless `got == wanted`."""
    if got != wanted:
        text = f"expected {what}"
        if wanted is not True:
            text += f"\n  wanted: {str(wanted)[:400]}\n  got:    {str(got)[:400]}"
        raise AssertionError(text)
