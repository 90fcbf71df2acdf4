"""Runs cases, each in a process forked from this one, which has imported the SDK once.

    python -m tests.fidelity.pool JOBS SDK < CASES

A line of JSON a case comes in, a line of JSON an outcome goes out, in the order of their ends.
Above: `__main__.py`.  Below: `case.py`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import anyio

from ..scenarios.places import Places
from . import compare
from .case import Case, Outcome, run
from .legs import LEGS
from .restored import new_directory

CASE_TIMEOUT = 90.0
"""Seconds that a case may take; a program has 60."""

SAID = 30
"""Lines of a program's stderr that are shown."""


class Running(NamedTuple):
    """A forked case: its outcome comes through `pipe`."""

    case: Case
    pid: int
    pipe: int
    deadline: float
    directories: list[Path]


def main() -> None:
    jobs, sdk = int(sys.argv[1]), sys.argv[2]
    waiting = [Case(*json.loads(line)) for line in sys.stdin]
    waiting.reverse()
    _load(sdk, Path(waiting[0].harness))
    running: list[Running] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(_start(waiting.pop()))
        nearest = max(0.0, min(one.deadline for one in running) - time.monotonic())
        ready, _, _ = select.select([one.pipe for one in running], [], [], nearest)
        for one in list(running):
            if one.pipe in ready or time.monotonic() > one.deadline:
                running.remove(one)
                print(json.dumps(_finish(one)), flush=True)


def _load(sdk: str, harness: Path) -> None:
    """Import what every case needs, lazy names and the event loop's modules too."""
    module = importlib.import_module(sdk)
    for name in module.__all__:
        getattr(module, name)
    compare.use_harness(harness)
    for name in ("normalise", "difftrace", "obsdiff"):
        importlib.import_module(name)
    anyio.run(anyio.sleep, 0, backend="asyncio")
    gc.freeze()  # pages that the forked processes share stay shared


def _start(case: Case) -> Running:
    base = Path(tempfile.mkdtemp(prefix="fidelity-")).resolve()
    places = Places(new_directory("/project"), new_directory("/home/user"))
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return Running(case, pid, read, time.monotonic() + CASE_TIMEOUT, [base, places.project, places.home])
    os.setsid()  # so that it can be ended with what it started
    log = os.open(base / "log.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        outcome = run(case, base, places)
    except BaseException as error:
        text = f"{type(error).__name__}: {error}"
        outcome = Outcome(case.scenario, case.leg, None, None, None, text, traceback.format_exc().splitlines())
    if case.diff and outcome.lines and not LEGS[case.leg].process:
        outcome = outcome._replace(lines=[*outcome.lines, *_said(base / "log.txt")])
    _keep(case, base)
    data = memoryview(json.dumps(outcome).encode())
    while data:
        data = data[os.write(write, data) :]
    os._exit(0)


def _said(log: Path) -> list[str]:
    """The end of what the process wrote to stderr: tracebacks, most of the time."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip(" ^~")]
    return ["stderr of the program", *(f"  {line}" for line in lines[-SAID:])] if lines else []


def _keep(case: Case, base: Path) -> None:
    if case.keep and (base / "out").is_dir():
        shutil.copytree(base / "out", Path(case.keep) / case.leg / case.scenario, dirs_exist_ok=True)


def _finish(one: Running) -> Outcome:
    """The outcome of a case that has ended, or that is ended now because it took too long."""
    data = b""
    late = time.monotonic() > one.deadline
    if late:
        os.killpg(one.pid, signal.SIGKILL)
    else:
        while chunk := os.read(one.pipe, 1 << 20):
            data += chunk
    os.close(one.pipe)
    _, status = os.waitpid(one.pid, 0)
    for directory in one.directories:
        shutil.rmtree(directory, ignore_errors=True)
    if data:
        return Outcome(*json.loads(data))
    text = (
        f"took more than {CASE_TIMEOUT:g} s" if late else f"the worker ended with {os.waitstatus_to_exitcode(status)}"
    )
    return Outcome(one.case.scenario, one.case.leg, None, None, None, text, [])


if __name__ == "__main__":
    main()
