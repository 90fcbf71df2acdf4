"""How a failing test of a replayed program reads: where the program was, without the way through the SDK.

Above: `plugin.py`, `in_use.py`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

import pytest

import claude_code_sdk
from claude_code_sdk.cassettes.exception_chain import chain
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.transcript_events import Event, Exit, Session, Start, Stderr
from claude_code_sdk.cassettes.transcript_text import text_of, told
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.script import ScriptError
from claude_code_sdk.testing.stdio import VERDICT_EXIT
from claude_code_sdk.transports.live_guard import LiveRunRefused

if TYPE_CHECKING:
    from .in_use import InUse

TAIL = 20
"""Lines of a transcript that a report has at most."""

WIDEST = 200
"""Characters of such a line."""

SPOKEN_BY = "fake-claude: "
"""What a process begins its verdict with, on stderr."""

VERDICTS = (CassetteMismatch, CassetteError, ScriptError, LiveRunRefused)

_OURS = os.path.dirname(os.path.abspath(claude_code_sdk.__file__)) + os.sep


def _sdks() -> tuple[str, ...]:
    """The folders of this SDK, and of the official one where that is loaded."""
    theirs = getattr(sys.modules.get("claude_agent_sdk"), "__file__", None)
    return (_OURS,) if theirs is None else (_OURS, os.path.dirname(os.path.abspath(theirs)) + os.sep)


def _is_verdict(error: BaseException) -> bool:
    """Whether it is one, or the program's error for a process that ended with one, or the official SDK's for either."""
    if isinstance(error, VERDICTS) or f"{SPOKEN_BY}Cassette" in str(error) or f"{SPOKEN_BY}Script" in str(error):
        return True
    cause = error.__cause__
    if isinstance(cause, VERDICTS) and str(cause) == str(error):
        return True
    return type(error).__name__ == "ProcessError" and getattr(error, "exit_code", None) == VERDICT_EXIT


def leave_out_the_sdk(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Cut the traceback of a verdict where the program called the SDK, and take off its cause: how it was found out
    says nothing about the program.  Not with `--full-trace`, and not for other exceptions."""
    if item.config.getoption("fulltrace", False) or not _is_verdict(excinfo.value):
        return
    entries = list(traceback.walk_tb(excinfo.tb))
    files = [frame.f_code.co_filename for frame, _ in entries]
    sdks = _sdks()
    # The SDK may also stand before the test: use_transport() as its decorator.
    first = max((number for number, file in enumerate(files) if file == str(item.path)), default=0)
    end = next((number for number in range(first, len(files)) if files[number].startswith(sdks)), len(files))
    excinfo.value.__cause__ = None  # which also hides the context
    if end:
        excinfo.traceback = type(excinfo.traceback)(_first(end, excinfo.tb))


def _first(count: int, trace: TracebackType) -> TracebackType:
    """A copy of the first entries of a traceback."""
    below = None if count == 1 or trace.tb_next is None else _first(count - 1, trace.tb_next)
    return TracebackType(below, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def explain(in_use: InUse, failure: BaseException, report: pytest.TestReport) -> None:
    """Add to the report of a test that failed what its runs tell of it."""
    add_swallowed(in_use, failure, report)
    lost = in_use.abandon(failure)
    if lost:
        report.sections.append((f"{in_use.name}, not recorded", lost))
    if report.failed:
        add_transcript(in_use, report)
        add_http(in_use, report)


def add_swallowed(in_use: InUse, failure: BaseException, report: pytest.TestReport) -> None:
    """Add to the report of a test that failed otherwise what its runs were told: the likely cause of it."""
    verdict = in_use.swallowed()
    if verdict is not None and verdict not in chain(failure) and not _has(report.longreprtext, str(verdict)):
        report.sections.append((f"{in_use.name}, swallowed by the program", f"{type(verdict).__name__}: {verdict}"))
        leave_out_spoken(verdict, report)


def leave_out_spoken(verdict: BaseException, report: pytest.TestReport) -> None:
    """Take a verdict out of the captured stderr, to which a process of the official SDK has spoken it."""
    spoken = f"{SPOKEN_BY}{type(verdict).__name__}: {verdict}\n"
    sections = [(title, text.replace(spoken, "") if "stderr" in title else text) for title, text in report.sections]
    report.sections = [
        section for section, before in zip(sections, report.sections, strict=True) if section[1] or not before[1]
    ]


def add_http(in_use: InUse, report: pytest.TestReport) -> None:
    """Add the first request of the program's tools that was not recorded, unless it stands in the report already."""
    verdict = in_use.missed_http()
    told_already = "\n".join([report.longreprtext, *(text for _, text in report.sections)])
    if verdict is not None and not _has(told_already, str(verdict)):
        report.sections.append((f"{in_use.name}, HTTP", f"{type(verdict).__name__}: {verdict}"))


def _has(report: str, verdict: str) -> bool:
    """Whether a verdict is told already: a process tells it on stderr, whose end is in the program's error."""
    return _squeezed(verdict) in _squeezed(report)


def _squeezed(text: str) -> str:
    """The lines without margins and empty ones; `E` is pytest's margin of an error."""
    lines = (line.removeprefix("E ").strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def add_transcript(in_use: InUse, report: pytest.TestReport) -> None:
    """Add the end of what was said in the test's runs."""
    try:
        lines = _transcript(in_use.played.run)
    except (CassetteError, OSError) as error:
        lines = [f"cannot be read: {error}"]
    if lines:
        whole = "" if len(lines) <= TAIL else f", the last {TAIL} of {len(lines)} lines"
        report.sections.append((f"{in_use.name}, transcript{whole}", "\n".join(lines[-TAIL:])))


def _transcript(run: Run) -> list[str]:
    """A line or more for each thing that happened; sessions have titles where there are several."""
    sessions = run.sessions
    lines: list[str] = []
    for session in sessions:
        if len(sessions) > 1:
            lines.append(f"session {session.number}")
        events = [event for event in told(session.facts.events) if not _is_quiet(event)]
        lines += text_of(_without_verdict(events)).splitlines()
    return [line if len(line) <= WIDEST else f"{line[:WIDEST]}…" for line in lines]


def _is_quiet(event: Event) -> bool:
    """Whether an event says nothing of what happened: how a session was set up, and that it was ended by force."""
    return isinstance(event, (Start, Session)) or (isinstance(event, Exit) and event.code is None)


def _without_verdict(events: Iterable[Event]) -> Iterator[Event]:
    """The events without the verdict that a process says last on stderr: it is told elsewhere."""
    verdict = False
    for event in events:
        if isinstance(event, Stderr):
            verdict = verdict or event.text.startswith(SPOKEN_BY)
            if verdict:
                continue
        yield event


def place_of(verdict: BaseException) -> str:
    """`file:line in function` of the program's last step before the SDK; empty when the SDK was on its own."""
    last, sdks = "", _sdks()
    for frame in traceback.extract_tb(verdict.__traceback__):
        if frame.filename.startswith(sdks):
            if last:
                break
        elif not frame.filename.startswith(os.path.dirname(__file__)):
            last = f"{os.path.relpath(frame.filename)}:{frame.lineno} in {frame.name}"
    return last
