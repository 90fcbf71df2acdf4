"""claude_faults: run a program while everything goes wrong that can, and tell where it hung, leaked or broke.

Above: programs' tests, the fixture of the same name.  Below: `plan.py` (what goes wrong), `attempt.py` (one run).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from copy import copy
from typing import Any, Literal, TypeAlias

from ...cassettes.cassette import Entry
from ..run.wire_log import SessionLog, WireLog
from ..script import Fault, Script
from ..script.format import check_fault
from .attempt import Attempt, Attempts, Judge
from .event_loop import Program
from .far_end import IN_PROCESS, SUBPROCESS
from .leftovers import PrivateTemporaryFiles
from .minimal import minimal_script
from .plan import FAULTS, Trial, trials
from .report import LEAKED, FaultFinding, FaultReport

HANG_AFTER = 900.0
"""Seconds after which a program counts as hung, in process, where they cost nothing; the CLI's own ceiling is 600."""

PROCESS_HANG_AFTER = 10.0
"""The same, where runs are processes and seconds are real."""

Progress: TypeAlias = Callable[[int, int, str], object]


async def claude_faults(
    program: Program,
    script: Script | str | os.PathLike[str],
    *,
    faults: Collection[str] = FAULTS,
    engine: Literal["in-process", "subprocess"] = "in-process",
    hang_after: float | None = None,
    allow: tuple[type[BaseException], ...] = (),
    check: Callable[[Any], object] | None = None,
    progress: Progress | None = None,
) -> FaultReport:
    """Run `program` on `script` once for each thing that can go wrong at each frame of the CLI.

    - `program`: an async callable without parameters, which uses `query()` or clients of this SDK or the official one.
      Each time it is called anew, in a thread and an event loop of its own (asyncio or trio, as the caller's), and the
      script begins anew.  Without a fault it has to succeed.
    - `script`: a `Script`, or the path of its JSON form.  A program that tries again after a failure needs replies for
      that; what is left of them at the end does not matter.
    - `faults`: which words of `FAULTS` are tried.
    - `engine`: where the CLI's runs are played.  In process, time passes only while the program waits, and then at
      once, so that its timeouts cost nothing.  As processes of `fake-claude`, time is real: some tenths of a second for
      each fault, and more where the program waits for a timeout.
    - `hang_after`: seconds after which it counts as hung; by default `HANG_AFTER`, for processes `PROCESS_HANG_AFTER`.
      It should be more than the program's own timeouts and the SDK's.
    - `allow`: what it may raise besides `ClaudeSDKError`, such as `TimeoutError`.
    - `check`: is called with what it returns, and raises AssertionError when that is wrong.
    - `progress`: called before each attempt with its number from 1, how many there are, and the fault in words.

    Returns a `FaultReport`; see `FaultFinding` for what counts.  Like `use_transport` it holds for the whole process:
    nothing else may use the SDK in it meanwhile.

    Raises `ValueError` for words that do not exist; what the program raises without a fault, or its script's verdict;
    `TimeoutError` when it hangs without one; `OSError` or `ScriptFormatError` for a path whose script is wrong.
    Cancelled, it cancels the program and waits for its end, for a bounded time.
    """
    _check_words(faults, engine)
    played = script if isinstance(script, Script) else Script.load(script)
    seconds = hang_after or (HANG_AFTER if engine == IN_PROCESS else PROCESS_HANG_AFTER)
    with PrivateTemporaryFiles() as temporary:
        attempts = Attempts(program, engine, Judge(seconds, allow, check), temporary)
        return await _Campaign(attempts, played, seconds).run(faults, engine == IN_PROCESS, progress)


class _Campaign:
    """All attempts on one script."""

    def __init__(self, attempts: Attempts, script: Script, hang_after: float) -> None:
        self._attempts = attempts
        self._script = script
        self._hang_after = hang_after
        self._report = FaultReport()
        self._always_left = 0  # things that the program leaves behind without a fault: told once

    async def run(self, faults: Collection[str], time_is_free: bool, progress: Progress | None) -> FaultReport:
        report, log = self._report, WireLog()
        first = await self._attempts.learn(self._script, log)
        self._require_success(first)
        if not time_is_free:
            first = await self._attempts.make(self._script)
            self._require_success(first)
        await self._note(first, self._script, None)
        self._always_left = len(first.ended.left)
        runs = [_written_by_the_cli(session) for session in log.sessions]
        report.frames = tuple(map(len, runs))
        planned = list(trials(runs, faults, time_is_free=time_is_free))
        for number, trial in enumerate(planned, 1):
            if progress is not None:
                progress(number, len(planned), trial.told)
            script = spoiled(self._script, trial)
            attempt = await self._attempts.make(script)
            await self._note(attempt, script, trial)
            if attempt.ended.blocked:
                report.left_out = len(planned) - number
                break
        return report

    async def _note(self, attempt: Attempt, script: Script, trial: Trial | None) -> None:
        self._report.attempts += 1
        self._report.outcomes[attempt.outcome] += 1
        wrong = self._attempts.wrong(attempt)
        if len(attempt.ended.left) <= self._always_left:
            wrong = [(kind, text) for kind, text in wrong if kind != LEAKED]
        if not wrong:
            return
        minimal = await minimal_script(self._attempts, script, attempt, {kind for kind, _ in wrong})
        told, added = ("", ()) if trial is None else (trial.told, trial.faults)
        self._report.findings += [FaultFinding(kind, told, text, minimal, added) for kind, text in wrong]

    def _require_success(self, attempt: Attempt) -> None:
        """Raises what the program did wrong although nothing went wrong."""
        ended = attempt.ended
        if ended.hung:
            place = f", at {ended.waited_at}" if ended.waited_at else ""
            raise TimeoutError(
                f"claude_faults: the program did not end within {self._hang_after:g} s "
                f"although nothing went wrong{place}"
            )
        error = ended.error or attempt.verdict
        if error is not None:
            place = f", at {ended.raised_at}" if ended.raised_at else ""
            error.add_note(f"claude_faults: the program failed although nothing went wrong{place}")
            raise error


def _written_by_the_cli(session: SessionLog) -> list[Entry]:
    return [entry for entry in session.entries() if entry.source == "cli" and entry.kind in ("frame", "noise")]


def spoiled(script: Script, trial: Trial) -> Script:
    """The script with what goes wrong added to it."""
    made = copy(script)
    made.faults = list(script.faults)
    for fault in trial.faults:
        check_fault(fault, f"$.faults[{len(made.faults)}]")
        made.faults.append(Fault.from_json(fault))
    return made


def _check_words(faults: Collection[str], engine: str) -> None:
    for word in faults:
        if word not in FAULTS:
            raise ValueError(f"faults={word!r}: it is one of {', '.join(FAULTS)}")
    if engine not in (IN_PROCESS, SUBPROCESS):
        raise ValueError(f"engine={engine!r}: it is one of {IN_PROCESS}, {SUBPROCESS}")
