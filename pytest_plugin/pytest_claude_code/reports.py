"""How a failing test of a replayed program reads: where the program was, without the way through the SDK.

Above: `plugin.py`, `in_use.py`.
"""

from __future__ import annotations

import os
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

import pytest

import claude_code_sdk
from claude_code_sdk.cassettes.exception_chain import chain
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.testing.script import ScriptError

if TYPE_CHECKING:
    from .in_use import InUse

VERDICTS = (CassetteMismatch, CassetteError, ScriptError)

_SDK = os.path.dirname(os.path.abspath(claude_code_sdk.__file__)) + os.sep


def leave_out_the_sdk(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Cut the traceback of a verdict where the program called the SDK, and take off its cause: how it was found out
    says nothing about the program.  Not with `--full-trace`, and not for other exceptions."""
    if item.config.getoption("fulltrace", False) or not isinstance(excinfo.value, VERDICTS):
        return
    entries = list(traceback.walk_tb(excinfo.tb))
    files = [frame.f_code.co_filename for frame, _ in entries]
    # The SDK may also stand before the test: use_transport() as its decorator.
    first = max((number for number, file in enumerate(files) if file == str(item.path)), default=0)
    end = next((number for number in range(first, len(files)) if files[number].startswith(_SDK)), len(files))
    excinfo.value.__cause__ = None  # which also hides the context
    if end:
        excinfo.traceback = type(excinfo.traceback)(_first(end, excinfo.tb))


def _first(count: int, trace: TracebackType) -> TracebackType:
    """A copy of the first entries of a traceback."""
    below = None if count == 1 or trace.tb_next is None else _first(count - 1, trace.tb_next)
    return TracebackType(below, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def add_swallowed(in_use: InUse, failure: BaseException, report: pytest.TestReport) -> None:
    """Add to the report of a test that failed otherwise what its runs were told: the likely cause of it."""
    verdict = in_use.swallowed()
    if verdict is not None and verdict not in chain(failure):
        report.sections.append((f"{in_use.name}, swallowed by the program", f"{type(verdict).__name__}: {verdict}"))


def place_of(verdict: BaseException) -> str:
    """`file:line in function` of the program's last step before the SDK; empty when the SDK was on its own."""
    last = ""
    for frame in traceback.extract_tb(verdict.__traceback__):
        if frame.filename.startswith(_SDK):
            if last:
                break
        elif not frame.filename.startswith(os.path.dirname(__file__)):
            last = f"{os.path.relpath(frame.filename)}:{frame.lineno} in {frame.name}"
    return last
