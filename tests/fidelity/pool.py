"""Runs cases, each in a process forked from this one, which has imported the SDK once.

    python -m tests.fidelity.pool JOBS SDK < CASES

A line of JSON a case comes in, a line of JSON an outcome goes out, in the order of their ends.
Above: `__main__.py`.  Below: `case.py`.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio

from ..scenarios.forks import Ended, Job, forked
from ..scenarios.places import Places
from . import compare
from .case import Case, Outcome, run
from .legs import LEGS
from .restored import new_directory

CASE_TIMEOUT = 90.0
"""Seconds that a case may take; a program has 60."""

SAID = 30
"""Lines of a program's stderr that are shown."""


def main() -> None:
    at_once, sdk = int(sys.argv[1]), sys.argv[2]
    cases = [Case(*json.loads(line)) for line in sys.stdin]
    _load(sdk, Path(cases[0].harness))
    for end in forked(_jobs(cases), at_once, CASE_TIMEOUT):
        print(json.dumps(_outcome(end)), flush=True)


def _load(sdk: str, harness: Path) -> None:
    """Import what every case needs, lazy names and the event loop's modules too."""
    module = importlib.import_module(sdk)
    for name in module.__all__:
        getattr(module, name)
    compare.use_harness(harness)
    for name in ("normalise", "difftrace", "obsdiff"):
        importlib.import_module(name)
    anyio.run(anyio.sleep, 0, backend="asyncio")


def _jobs(cases: list[Case]) -> Iterator[Job[Case]]:
    for case in cases:
        base = Path(tempfile.mkdtemp(prefix="fidelity-")).resolve()
        places = Places(new_directory("/project"), new_directory("/home/user"))
        yield Job(case, partial(_run, case, base, places), base / "log.txt", [base, places.project, places.home])


def _run(case: Case, base: Path, places: Places) -> bytes:
    """What the forked process does: the outcome of a case, whatever becomes of its program."""
    try:
        outcome = run(case, base, places)
    except BaseException as error:
        text = f"{type(error).__name__}: {error}"
        outcome = Outcome(case.scenario, case.leg, None, None, None, text, traceback.format_exc().splitlines())
    _keep(case, base)
    return json.dumps(outcome).encode()


def _outcome(end: Ended[Case]) -> Outcome:
    case = end.subject
    if not end.data:
        return Outcome(case.scenario, case.leg, None, None, None, end.fault, [])
    outcome = Outcome(*json.loads(end.data))
    if case.diff and outcome.lines and not LEGS[case.leg].process:
        return outcome._replace(lines=[*outcome.lines, *_said(end.log)])
    return outcome


def _said(log: str) -> list[str]:
    """The end of what the process wrote to stderr: tracebacks, most of the time."""
    lines = [line for line in log.splitlines() if line.strip(" ^~")]
    return ["stderr of the program", *(f"  {line}" for line in lines[-SAID:])] if lines else []


def _keep(case: Case, base: Path) -> None:
    if case.keep and (base / "out").is_dir():
        shutil.copytree(base / "out", Path(case.keep) / case.leg / case.scenario, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
