"""One case: a scenario's program on the recording of the same program on the real CLI.

Runs in a process of its own, which `pool.py` forks.  Scenarios see what the harness that recorded them showed:
`drive(sdk, make_options, log)`, with `log` in place of its observation log.  Above: `pool.py`, `__main__.py`.
"""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import anyio

from claude_code_sdk import record, use_cassette, use_transport
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.testing.executable import write_executable

from ..scenarios.observations import Observations
from ..scenarios.places import Places
from ..scenarios.program import drive, load_scenario, write_files
from ..scenarios.recording import make_cassette, wires


class Leg(NamedTuple):
    """How a program meets a recording.

    - `sdk`: the module that it is written for.
    - `process`: whether `fake-claude` plays the recording as a process of its own.
    - `again`: whether it is recorded while it is replayed, and then runs once more on that recording.
    """

    sdk: str = "claude_code_sdk"
    process: bool = False
    again: bool = False


LEGS = {
    "in_process": Leg(),
    "subprocess": Leg(process=True),
    "recorded": Leg(again=True),
    "official": Leg(sdk="claude_agent_sdk"),
    "official_subprocess": Leg(sdk="claude_agent_sdk", process=True),
}


OURS = [name for name, leg in LEGS.items() if leg.sdk == "claude_code_sdk"]
OFFICIAL = [name for name in LEGS if name not in OURS]


class Case(NamedTuple):
    """One scenario of the folder `shared` on one leg and one event loop; `out` gets the observations."""

    shared: str
    scenario: str
    leg: str
    backend: str
    out: str

    def __str__(self) -> str:
        return f"{self.scenario} [{self.leg}, {self.backend}]"


class Outcome(NamedTuple):
    """What a case came to: its score (1.0 is equal) and the lines that say what differs."""

    score: float
    lines: list[str]


class Run:
    """One case: its scenario, where it runs, and the cassette made of its recording (None when no CLI was started)."""

    def __init__(self, shared: Path, name: str, leg: Leg, backend: str, base: Path) -> None:
        self.shared, self.name, self.leg, self.backend, self.base = shared, name, leg, backend, base
        self.places = Places(base / "project", base / "home" / "user")
        self._sdk = importlib.import_module(leg.sdk)
        environment = {"HOME": str(self.places.home), "PATH": os.environ["PATH"]}
        os.environ.clear()
        os.environ.update(environment | {"LANG": "C.UTF-8", "TZ": "UTC", "USER": "user"})
        os.chdir(self.places.project)
        self.cassette = make_cassette(shared / "wire" / name, base, self.places)

    def observe(self, around: Callable[[], Any]) -> tuple[list[dict[str, Any]], list[str]]:
        """Drive the program in the block that `around` makes; returns its observations and what that block says."""
        log = Observations(self.places)
        programs = self.shared / "scenarios"
        scenario = load_scenario([programs / f"{self.name}.py", programs / "_util.py"], self.base, self.places, log)
        write_files(getattr(scenario, "FILES", {}), self.places)
        os.environ.update(getattr(scenario, "ENV", {}))
        problems: list[str] = []
        try:
            with around():
                anyio.run(drive, self._sdk, scenario, self._make_options, log, backend=self.backend)
        except Exception as error:
            problems = f"{type(error).__name__}: {error}".splitlines()
        return log.items, problems

    @cached_property
    def _executable(self) -> str:
        """What plays the recording as a process; each run of the program plays on where the one before stopped."""
        assert self.cassette is not None
        return write_executable(self.base, cassette=self.cassette)

    def _make_options(self, **given: Any) -> Any:
        defaults: dict[str, Any] = {"cwd": str(self.places.project)}
        if self.leg.process and self.cassette is not None:
            defaults["cli_path"] = self._executable
        return self._sdk.ClaudeAgentOptions(**{**defaults, **given})

    def judged(self, around: Callable[[], Any], file: Path) -> Outcome:
        """Observe, leave the observations in `file`, and compare them with what was observed on the real CLI."""
        import obsdiff  # type: ignore[import-not-found]  # the shared folder's own comparison

        items, problems = self.observe(around)
        text = self.places.restore(json.dumps(items, indent=1, ensure_ascii=False))
        text = self.with_task_ids(text)
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
        score, lines = obsdiff.compare(str(self.shared / "wire" / self.name), str(file))
        return Outcome(score, [*problems, *(line for line in lines if not line.startswith("  ="))])

    def with_task_ids(self, text: str) -> str:
        """Our recordings have aliases of shell tasks' ids, which the comparison takes for text; in order of number."""
        said = b"".join(path.read_bytes() for path in wires(self.shared / "wire" / self.name))
        recorded = dict.fromkeys(re.findall(r'"task_id\\":\\"(b[0-9a-z]{8})\\"', said.decode("utf-8", "replace")))
        aliases = sorted(set(re.findall(r"\bbca5\d{5}\b", text)))
        for alias, task in zip(aliases, recorded, strict=False):
            text = text.replace(alias, task)
        return text


@contextmanager
def played(run: Run) -> Iterator[None]:
    """The recording is played: in process, or by the executable that the options name."""
    if run.leg.process or run.cassette is None:
        yield
        return
    transport = CassetteTransport(run.cassette)
    with use_transport(transport):
        yield
    transport.check()


def run(case: Case) -> Outcome:
    """Run the case's program in this process, which serves nothing else afterwards."""
    out = Path(case.out)
    one = Run(Path(case.shared), case.scenario, LEGS[case.leg], case.backend, (out / "base").resolve())
    if not one.leg.again or one.cassette is None:
        return one.judged(lambda: played(one), out / "observed.json")
    return record_and_replay(one, out)


def record_and_replay(run: Run, out: Path) -> Outcome:
    """Record the program while it is replayed, then replay that recording, its callbacks' answers verified."""
    assert run.cassette is not None
    recording = run.base / "again" / f"{run.name}.jsonl"
    transport = CassetteTransport(run.cassette)
    first = run.judged(lambda: record(recording, live=transport), out / "observed.json")
    if first.lines:
        return first
    second = run.judged(lambda: use_cassette(recording), out / "observed_again.json")
    return second._replace(lines=[f"on the new recording: {line}" for line in second.lines])
