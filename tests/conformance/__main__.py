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
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import stability
from .case import LEGS, OFFICIAL, OURS, Case, Outcome

NOT_OURS = frozenset({"session_functions", "rewind_files", "long_text_5mb", "long_text_default_limit"})
"""Sessions on disk and rewinding are later parts; the two long texts test a limit that this SDK does not have."""


def cases(shared: Path, only: frozenset[str], legs: list[str], keep: Path | None) -> list[Case]:
    """All cases, in the order of their names; their observations are left in `keep`."""
    found = []
    for path in sorted((shared / "scenarios").glob("*.py")):
        name = path.stem
        if name.startswith(("_", "raw_")) or name in NOT_OURS or (only and name not in only):
            continue
        backends = ["asyncio"] if "asyncio" in path.read_text(encoding="utf-8") else ["asyncio", "trio"]
        # The official SDK orders messages and callbacks by trio's chance; the recordings were made on asyncio.
        found += [
            Case(str(shared), name, leg, backend, str(keep / f"{name}-{leg}-{backend}") if keep else "")
            for leg in legs
            for backend in (["asyncio"] if leg in OFFICIAL else backends)
        ]
    return found


def run(python: str, cases: list[Case], jobs: int) -> Iterator[tuple[Case, Outcome]]:
    """Run cases that share an interpreter; yields them as they end."""
    for case in cases:
        if case.out:
            Path(case.out).mkdir(parents=True, exist_ok=True)
    command = [python, "-m", "tests.conformance.pool", str(jobs), LEGS[cases[0].leg].sdk]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pool:
        assert pool.stdin is not None
        assert pool.stdout is not None
        pool.stdin.write("".join(json.dumps(case) + "\n" for case in cases))
        pool.stdin.close()
        for line in pool.stdout:
            case, outcome = json.loads(line)
            yield Case(*case), Outcome(*outcome)
    if pool.returncode:
        sys.exit(f"conformance: the pool of {python} ended with {pool.returncode}")


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
    keep = given.keep.resolve() if given.keep else None
    todo = cases(shared, frozenset(given.only.split(",")) - {""}, legs, keep)
    if not (shared / "scenarios").is_dir():
        print(f"conformance: there is no {shared}/scenarios; name the folder of recordings: SHARED=…", file=sys.stderr)
        return 2
    if not todo:
        print(f"conformance: no scenario of that name in {shared}/scenarios", file=sys.stderr)
        return 2
    started = time.monotonic()
    failed = ended = 0
    for official, python in ((False, sys.executable), (True, given.official)):
        cases_here = [case for case in todo if (case.leg in OFFICIAL) == official]
        for case, outcome in run(python, cases_here, given.jobs) if cases_here else ():
            ended += 1
            say(f"conformance: {ended} of {len(todo)} cases")
            if outcome.score < 1.0 or outcome.lines:
                failed += 1
                say("")
                print(f"DIFFERS {case}: score {outcome.score:.3f}")
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
