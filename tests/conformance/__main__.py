"""Runs every scenario of a shared folder against its recording and compares what the program observed.

    python -m tests.conformance --shared ../shared [--official PYTHON] [--leg LEG] [--only NAME,…] [--jobs N] …

DIR holds `scenarios/` (small programs on the SDK's public API), `wire/` (the same programs recorded on the real CLI
with the official SDK: what went over the wire, what the program observed) and `harness/obsdiff.py` (the comparison).
Each recording is imported as a cassette and played in process and through `fake-claude`, on asyncio and, where the
scenario does not name asyncio, on trio.  On the leg `recorded` each is recorded anew while it is played, and the new
recording is played too.  With PYTHON, an interpreter that has this project and the official SDK, the recordings are
played into that SDK as well.  Needs no root, no CLI and no network; every case is a process of its own, with
temporary directories in place of /project and /home/user.  Programs that were recorded twice must give one cassette
(`stability.py`).  Exit status 1 when one case differs.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from . import stability

NOT_OURS = frozenset({"session_functions", "rewind_files", "long_text_5mb", "long_text_default_limit"})
"""Sessions on disk and rewinding are later parts; the two long texts test a limit that this SDK does not have."""

CASE_TIMEOUT = 120.0
"""Seconds that one case may take; scenarios sleep up to seven."""


class Case(NamedTuple):
    """One scenario on one leg and one event loop."""

    scenario: str
    leg: str
    backend: str

    def __str__(self) -> str:
        return f"{self.scenario} [{self.leg}, {self.backend}]"


class Outcome(NamedTuple):
    """What a case came to: its score (1.0 is equal) and the lines that say what differs."""

    case: Case
    score: float
    lines: list[str]


OURS = ["in_process", "subprocess", "recorded"]
OFFICIAL = ["official", "official_subprocess"]


def cases(shared: Path, only: frozenset[str], legs: list[str]) -> list[Case]:
    """All cases, in the order of their names."""
    found = []
    for path in sorted((shared / "scenarios").glob("*.py")):
        name = path.stem
        if name.startswith(("_", "raw_")) or name in NOT_OURS or (only and name not in only):
            continue
        backends = ["asyncio"] if "asyncio" in path.read_text(encoding="utf-8") else ["asyncio", "trio"]
        # The official SDK orders messages and callbacks by trio's chance; the recordings were made on asyncio.
        found += [
            Case(name, leg, backend) for leg in legs for backend in (["asyncio"] if leg in OFFICIAL else backends)
        ]
    return found


def run(case: Case, shared: Path, keep: Path | None, official: str) -> Outcome:
    """Run one case in a process of its own."""
    python = official if case.leg in OFFICIAL else sys.executable
    with tempfile.TemporaryDirectory(prefix="conformance-") as directory:
        out = Path(directory) if keep is None else keep / f"{case.scenario}-{case.leg}-{case.backend}"
        out.mkdir(parents=True, exist_ok=True)
        command = [python, "-m", "tests.conformance.worker", str(shared), *case, str(out)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=CASE_TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return Outcome(case, 0.0, [f"took more than {CASE_TIMEOUT:g} s"])
    try:
        verdict = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return Outcome(case, 0.0, [f"the worker ended with {done.returncode}", *done.stderr.splitlines()[-12:]])
    return Outcome(case, verdict["score"], verdict["lines"])


def say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__.split("\n")[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--only", default="")
    parser.add_argument("--leg", choices=[*OURS, *OFFICIAL])
    parser.add_argument("--official", default="", metavar="PYTHON", help="interpreter that has the official SDK too")
    parser.add_argument("--keep", type=Path, help="leave the observations here")
    given = parser.parse_args()
    shared = given.shared.resolve()
    legs = [given.leg] if given.leg else OURS + (OFFICIAL if given.official else [])
    if not given.official and set(legs) & set(OFFICIAL):
        parser.error("the official SDK's legs need --official PYTHON")
    todo = cases(shared, frozenset(given.only.split(",")) - {""}, legs)
    if not (shared / "scenarios").is_dir():
        print(f"conformance: there is no {shared}/scenarios; name the folder of recordings: SHARED=…", file=sys.stderr)
        return 2
    if not todo:
        print(f"conformance: no scenario of that name in {shared}/scenarios", file=sys.stderr)
        return 2
    started = time.monotonic()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for number, outcome in enumerate(pool.map(lambda case: run(case, shared, given.keep, given.official), todo), 1):
            say(f"conformance: {number} of {len(todo)} cases")
            if outcome.score < 1.0 or outcome.lines:
                failed += 1
                say("")
                print(f"DIFFERS {outcome.case}: score {outcome.score:.3f}")
                print("".join(f"    {line}\n" for line in outcome.lines[:12]), end="", flush=True)
    say("")
    names = {case.scenario for case in todo}
    failed_again = (
        0 if given.leg else stability.report(shared, [name for name in stability.pairs(shared) if name in names])
    )
    print(
        f"conformance: {len(todo) - failed} of {len(todo)} cases equal "
        f"({len(names)} scenarios, {time.monotonic() - started:.0f} s)"
    )
    return 1 if failed or failed_again else 0


if __name__ == "__main__":
    sys.exit(main())
