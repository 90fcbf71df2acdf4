"""One case: a scenario's program on the fake, on one leg, and how that compares with its recording.

Runs in a process of its own, which `pool.py` forks.  Above: `pool.py`.  Below: `engines.py`, `compare.py`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
import types
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio

from claude_code_sdk import use_transport
from claude_code_sdk.transports.in_process import InProcessTransport

from ..scenarios.observations import Observations
from ..scenarios.places import Places
from ..scenarios.program import drive, load_scenario, write_files
from ..scenarios.recording import localised, make_cassette
from . import compare, engines, restored
from .legs import LEGS
from .tap import Tapped, WireLog
from .world import script_of

if TYPE_CHECKING:
    from claude_code_sdk.protocol.command import Command
    from claude_code_sdk.protocol.engine import Engine

MODEL_URL = "http://127.0.0.1:8765"
"""Where the harness has its stand-in for the model; the CLI puts it into texts, and nothing answers there."""

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "USER": "user",
    "SHELL": "/bin/bash",
    "TERM": "dumb",
    "ANTHROPIC_API_KEY": "made-up-key-for-the-loopback-server",
    "ANTHROPIC_BASE_URL": MODEL_URL,
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The whole environment of a program, besides HOME and PATH: that of the harness."""

END_GRACE = 8.0
"""Seconds that CLI processes get to end after the program, as in the harness."""


class Case(NamedTuple):
    """A scenario of one set on one leg.

    - `folder`: the set: its scenarios/ and wire/.
    - `harness`: the shared folder's harness/.
    - `engine`: `engines.SCRIPT` or `engines.CASSETTE`.
    - `fake_claude`: path of the executable.
    - `keep`: where the wires and observations are left, or "".
    - `diff`: whether the outcome has the differences.
    """

    folder: str
    scenario: str
    leg: str
    harness: str
    engine: str
    fake_claude: str
    keep: str
    diff: bool


class Outcome(NamedTuple):
    """How a case compares: 1.0 is equal; `None` where it is not compared, or could not be.

    - `error`: why the case did not run, or "".
    - `lines`: what differs, for people.
    """

    scenario: str
    leg: str
    skeleton: float | None
    deep: float | None
    observed: float | None
    error: str
    lines: list[str]


class Loud(Observations):
    """Observations whose errors go to stderr, too, with their tracebacks: the fake may have raised them."""

    def __call__(self, kind: str, **fields: Any) -> None:
        super().__call__(kind, **fields)
        for error in fields.values():
            if isinstance(error, BaseException):
                traceback.print_exception(error)


def run(case: Case, base: Path, places: Places) -> Outcome:
    """Drive the program, and compare; changes this process's environment for good.

    `base` is an empty directory for files of our own; the wires and observations are in `base/out` afterwards.
    """
    leg = LEGS[case.leg]
    real, out, tools = Path(case.folder) / "wire" / case.scenario, base / "out", base / "bin"
    out.mkdir()
    tools.mkdir()
    log = Loud(places)
    log.cli = str(engines.tee(tools, Path(case.harness)))
    log.api = types.SimpleNamespace(url=MODEL_URL, requests=[], used=[], n=0)
    os.environ.clear()
    os.environ.update(ENVIRONMENT, HOME=str(places.home), PATH=f"{tools}:/usr/bin:/bin")
    scenario = _load(case, base, places, log)
    played = _played(case, scenario, base, places)
    around: AbstractContextManager[None] = nullcontext()
    if played is not None and leg.process:
        cli = engines.executable(base, case.engine, played, case.fake_claude)
        os.environ.update(TEECLI_REAL=str(cli), TEECLI_LOG=str(out / "wire.jsonl"), TEECLI_BIN=str(tools))
    elif played is not None:
        around = _in_process(engines.ENGINES[case.engine](played), out)
    write_files(getattr(scenario, "FILES", {}), places)
    os.environ.update(getattr(scenario, "ENV", {}))
    os.chdir(places.project)
    sdk = importlib.import_module(leg.sdk)

    def make_options(**given: Any) -> Any:
        return sdk.ClaudeAgentOptions(**{"cwd": str(places.project), "cli_path": log.cli, **given})

    problem = ""
    try:
        with around:
            anyio.run(drive, sdk, scenario, make_options, log, backend="asyncio")
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    _wait_for_processes(f"{tools}/teecli")
    restored.observations(log.items, places, out / "observed.json")
    for wire in out.glob("wire*.jsonl"):
        restored.wire(wire, places)
    return compare.outcome(case, real, out, problem)


def _load(case: Case, base: Path, places: Places, log: Observations) -> types.ModuleType:
    """The scenario's program, under a name that says nothing: the fake shall not learn it."""
    programs = Path(case.folder) / "scenarios"
    common = [folder / "_util.py" for folder in (programs, Path(case.harness).parent / "scenarios")]
    own = base / "program.py"
    own.write_bytes((programs / f"{case.scenario}.py").read_bytes())
    return load_scenario([own, next(path for path in common if path.exists())], base, places, log)


def _played(case: Case, scenario: types.ModuleType, base: Path, places: Places) -> Path | None:
    """The file that the CLI is played from; `None` for a program that never got as far as starting a CLI."""
    real = Path(case.folder) / "wire" / case.scenario
    local = base / "recorded"
    local.mkdir()
    if case.engine == engines.CASSETTE:
        return make_cassette(real, local, places)
    recorded = localised(real, local, places)
    if not recorded:
        return None
    path = base / "script.json"
    path.write_text(json.dumps(script_of(scenario, recorded)))
    return path


@contextmanager
def _in_process(make_engine: Any, out: Path) -> Iterator[None]:
    wires = WireLog(out)

    def tapped(command: Command) -> Engine:
        return Tapped(make_engine(command), wires.next())

    with use_transport(InProcessTransport(tapped)):
        yield


def _wait_for_processes(mark: str) -> None:
    """Wait until no process has `mark` in its command line; end those that stay longer than the grace."""
    deadline = time.monotonic() + END_GRACE
    while (left := _processes(mark.encode())) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)


def _processes(mark: bytes) -> list[int]:
    if sys.platform != "linux":
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark in command:
                found.append(int(entry.name))
    return found
