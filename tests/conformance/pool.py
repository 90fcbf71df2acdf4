"""Runs cases that share an interpreter, each in a process forked from this one.

    python -m tests.conformance.pool JOBS SDK < CASES

A line of JSON a case comes in; a line of JSON goes out for each, its case and its outcome, in the order of their ends.
Above: `__main__.py`.  Below: `case.py`.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio

from ..scenarios.forks import Job, forked
from .case import Case, Outcome, run

CASE_TIMEOUT = 120.0
"""Seconds that one case may take; scenarios sleep up to seven."""

SAID = 12
"""Lines of what a failed process wrote that are shown."""


def main() -> None:
    at_once, sdk = int(sys.argv[1]), sys.argv[2]
    cases = [Case(*json.loads(line)) for line in sys.stdin]
    _load(sdk, Path(cases[0].shared))
    for end in forked(_jobs(cases), at_once, CASE_TIMEOUT):
        outcome = (
            Outcome(*json.loads(end.data)) if end.data else Outcome(0.0, [end.fault, *end.log.splitlines()[-SAID:]])
        )
        print(json.dumps([end.subject, outcome]), flush=True)


def _load(sdk: str, shared: Path) -> None:
    """Import what every case needs, lazy names and the modules of both event loops too."""
    module = importlib.import_module(sdk)
    for name in module.__all__:
        getattr(module, name)
    sys.path.insert(0, str(shared / "harness"))
    importlib.import_module("obsdiff")
    for backend in ("asyncio", "trio"):
        anyio.run(anyio.sleep, 0, backend=backend)


def _jobs(cases: list[Case]) -> Iterator[Job[Case]]:
    for case in cases:
        directory = Path(tempfile.mkdtemp(prefix="conformance-"))
        if not case.out:
            case = case._replace(out=str(directory))
        yield Job(case, partial(_run, case), directory / "log.txt", [directory])


def _run(case: Case) -> bytes:
    return json.dumps(run(case)).encode()


if __name__ == "__main__":
    main()
