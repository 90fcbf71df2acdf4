"""One attempt: a program on a script, from the script's beginning, and what is wrong with how it ended.

Above: `campaign.py`.  Below: `event_loop.py`, `far_end.py`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..._override import use_transport
from ...cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from ...errors import ClaudeSDKError
from ..run.wire_log import WireLog
from ..script import Script, ScriptError
from .event_loop import Course, Ended, Program, in_own_loop
from .far_end import SUBPROCESS, AsProcesses, FarEnd, InProcess
from .jumping_clock import JumpingClock
from .leftovers import Leftovers
from .report import HUNG, LEAKED, RAISED, UNHEARD, VERDICT, WRONG

_VERDICTS = (ScriptError, CassetteMismatch, UnplayedEpisode)


@dataclass(frozen=True)
class Judge:
    """What a program may do.

    - `hang_after`: seconds until it counts as hung.
    - `allowed`: exceptions that it may raise.
    - `check`: is given what it returns, and raises AssertionError when that is wrong.
    """

    hang_after: float
    allowed: tuple[type[BaseException], ...]
    check: Callable[[Any], object] | None


@dataclass(frozen=True)
class Attempt:
    """How a program ended, what the script says of it, and which of its turns and expectations were used up."""

    ended: Ended
    verdict: ScriptError | None
    turns: frozenset[int]
    expectations: frozenset[int]

    @property
    def outcome(self) -> str:
        """In a word or two."""
        if self.ended.hung:
            return "hung"
        return "returned" if self.ended.error is None else f"raised {type(self.ended.error).__name__}"


class Attempts:
    """Makes attempts, in process or as processes.

    - `temporary`: the directory in which programs make their temporary files.
    """

    def __init__(self, program: Program, engine: str, judge: Judge, temporary: Path) -> None:
        self._program = program
        self._engine = engine
        self._judge = judge
        self._temporary = temporary

    @property
    def in_process(self) -> bool:
        """Whether time costs nothing."""
        return self._engine != SUBPROCESS

    async def learn(self, script: Script, log: WireLog) -> Attempt:
        """An attempt in process, whose frames go into `log`."""
        return await self._make(InProcess(script, log), in_process=True)

    async def make(self, script: Script) -> Attempt:
        """An attempt."""
        if self.in_process:
            return await self._make(InProcess(script), in_process=True)
        directory = self._temporary.parent
        with tempfile.TemporaryDirectory(dir=directory, ignore_cleanup_errors=True) as folder:
            return await self._make(AsProcesses(script, Path(folder)), in_process=False)

    async def _make(self, far_end: FarEnd, *, in_process: bool) -> Attempt:
        hang_after = self._judge.hang_after
        clock = JumpingClock(hang_after) if in_process else None
        course = Course(self._program, hang_after, Leftovers(self._temporary), clock)
        with use_transport(far_end.transport, replaces_processes=True):
            ended = await in_own_loop(course)
        state = far_end.state
        used = (frozenset(claims.claimed()) for claims in (state.turns, state.expectations))
        return Attempt(ended, far_end.verdict(), *used)

    def wrong(self, attempt: Attempt) -> list[tuple[str, str]]:
        """What is wrong with it: kinds of findings, and texts."""
        ended = attempt.ended
        found = _hung(ended, self._judge.hang_after)
        error = ended.error
        if isinstance(error, _VERDICTS):
            found.append((VERDICT, str(error)))
        elif error is not None and not ended.hung and not self._may_raise(error):
            found.append((RAISED, f"{_named(error)}{_at(ended.raised_at)}"))
        if attempt.verdict is not None and not _has(error, attempt.verdict):
            found.append((VERDICT, f"{attempt.verdict}\n(the program swallowed this)"))
        for unheard in ended.unheard:
            if unheard is not attempt.verdict:
                found.append((UNHEARD, f"{_named(unheard)} ended a task, and nobody was told"))
        if ended.left:
            found.append((LEAKED, "\n".join(ended.left)))
        if not ended.hung and error is None and self._judge.check is not None:
            try:
                self._judge.check(ended.value)
            except AssertionError as wrong:
                found.append((WRONG, f"it returned {ended.value!r:.200}{f': {wrong}' if str(wrong) else ''}"))
        return found

    def _may_raise(self, error: BaseException) -> bool:
        if isinstance(error, BaseExceptionGroup):
            return all(self._may_raise(one) for one in error.exceptions)
        official: Any = sys.modules.get("claude_agent_sdk")
        theirs = () if official is None else (official.ClaudeSDKError,)
        return isinstance(error, (ClaudeSDKError, *theirs, *self._judge.allowed))


def _hung(ended: Ended, hang_after: float) -> list[tuple[str, str]]:
    if not ended.hung:
        return []
    if ended.blocked:
        return [(HUNG, f"its event loop stood still{_at(ended.waited_at)}; no more attempts were made")]
    stubborn = "\nit did not end when it was cancelled either" if ended.stubborn else ""
    return [(HUNG, f"it did not end within {hang_after:g} s{_at(ended.waited_at)}{stubborn}")]


def _at(place: str) -> str:
    return f"\nat {place}" if place else ""


def _named(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _has(error: BaseException | None, wanted: BaseException) -> bool:
    """Whether it is this one, or has it inside."""
    if isinstance(error, BaseExceptionGroup):
        return any(_has(one, wanted) for one in error.exceptions)
    return error is wanted or (isinstance(error, ScriptError) and str(error) == str(wanted))
