"""Runs every scenario on the scripted fake and compares its wire, and what the program observes, with the real CLI.

    python -m tests.fidelity --shared ../shared [--official PYTHON] [--only NAME,…] [--leg LEG …] [--diff] …

DIR holds `scenarios/`, `wire/` (the same programs on the real CLI) and `harness/` (the comparison).  A second set of
the same layout lies in `held_out/` beside this file; `--scenarios DIR` measures that set alone, or any other.  Needs no
root, no CLI, no network.  Exit status 1 when a figure is below its bar or below docs/reference/fidelity.md, unless the
run was of some scenarios only (`--only`, `--diff`); 2 for wrong usage.

To work on the fake, name a scenario, and see what differs in process (or on the legs of `--leg`):

    python -m tests.fidelity --shared ../shared --only NAME --diff
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
from typing import Any

from . import engines, figures, not_run, page
from .again import real_against_itself
from .case import Case, Outcome
from .legs import LEGS

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = Path(__file__).with_name("held_out")
FIRST_MEASURE = "first_measure.json"
"""In a set that nobody had looked at: what it gave then."""


def main() -> int:
    given = parse()
    legs = given.leg or (
        ["in_process"] if given.diff else [leg for leg in LEGS if given.official or not LEGS[leg].official]
    )
    only = frozenset(given.only.split(",")) - {""}
    sets: dict[str, list[Outcome]] = {}
    started = time.monotonic()
    for folder in [path.resolve() for path in given.scenarios or [given.shared, HELD_OUT] if (path / "wire").is_dir()]:
        name = "shared" if folder == given.shared.resolve() else folder.name
        found = [one for one in scenarios(folder) if not only or one in only]
        if found:
            sets[name] = measure(given, folder, found, legs)
    if not sets:
        print("fidelity: no scenario of that name, or no wire/ in the folder: see --help", file=sys.stderr)
        return 2
    for name, outcomes in sets.items():
        print(f"\n{name}\n{page.summary(figures.of_set(outcomes))}", end="")
    print(f"fidelity: {time.monotonic() - started:.0f} s")
    if only or given.diff:
        return 0
    return judge(given, sets)


def judge(given: argparse.Namespace, sets: dict[str, list[Outcome]]) -> int:
    """Hold the figures against the bars and against the page, or write the page."""
    faults = []
    before = page.stored(given.page)
    for name, outcomes in sets.items():
        got = figures.of_set(outcomes)
        needed = figures.SCENARIOS if name == "shared" else 0
        faults += figures.missed(name, got, scenarios=needed)
        if not given.write:
            faults += figures.fallen(name, got, before.get(name, {}))
    if given.write:
        page.write(sets, real_against_itself(given.shared), version_of(given.shared), given.page, unseen(given))
        print(f"fidelity: wrote {given.page}")
    for fault in faults:
        print(f"fidelity: {fault}")
    return 1 if faults else 0


def unseen(given: argparse.Namespace) -> dict[str, tuple[dict[str, Any], list[Outcome]]]:
    """The sets that have a first measure, with that and what they give now, in process."""
    found = {}
    for first in sorted(Path(__file__).parent.glob(f"*/{FIRST_MEASURE}")):
        outcomes = measure(given, first.parent, scenarios(first.parent), ["in_process"])
        found[first.parent.name] = (json.loads(first.read_bytes()), outcomes)
    return found


def measure(given: argparse.Namespace, folder: Path, names: list[str], legs: list[str]) -> list[Outcome]:
    """Run `names` on `legs`; tells what falls short as it comes."""
    cases = [
        Case(
            folder=str(folder),
            scenario=name,
            leg=leg,
            harness=str(given.shared.resolve() / "harness"),
            engine=given.engine,
            fake_claude=str(Path(sys.executable).with_name("fake-claude")),
            keep=str(given.keep.resolve() / folder.name) if given.keep else "",
            diff=given.diff,
        )
        for leg in legs
        for name in names
        if given.diff or not not_run.reason(name, leg)
    ]
    outcomes = [
        Outcome(name, leg, None, None, None, reason, [])
        for leg in legs
        for name in names
        if (reason := "" if given.diff else not_run.reason(name, leg))
    ]
    for official, python in ((False, sys.executable), (True, given.official)):
        todo = [case for case in cases if LEGS[case.leg].official == official]
        for outcome in pooled(python, todo, given.jobs) if todo else ():
            outcomes.append(outcome)
            tell(outcome, given.diff)
            if sys.stderr.isatty():
                print(f"\r\x1b[K{len(outcomes)} of {len(cases)}\r", end="", file=sys.stderr, flush=True)
    return sorted(outcomes)


def pooled(python: str, cases: list[Case], jobs: int) -> Iterator[Outcome]:
    """The outcomes of cases that share an interpreter, as they come."""
    here = [str(ROOT / "src"), str(ROOT / "pytest_plugin")]  # this tree, whatever is installed there
    command = [python, "-m", "tests.fidelity.pool", str(jobs), LEGS[cases[0].leg].sdk]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(here)},
    ) as pool:
        assert pool.stdin is not None
        assert pool.stdout is not None
        pool.stdin.write("".join(json.dumps(case) + "\n" for case in cases))
        pool.stdin.close()
        yield from (Outcome(*json.loads(line)) for line in pool.stdout)
    if pool.returncode:
        sys.exit(f"fidelity: the pool of {python} ended with {pool.returncode}")


def tell(outcome: Outcome, diff: bool) -> None:
    """A line for a scenario that falls short, as `measure.py` prints them; with `--diff`, for each."""
    wire, observed = LEGS[outcome.leg].wire, outcome.observed or 0.0
    short = not figures.runs(outcome) or observed < 1.0
    short = short or (
        wire and ((outcome.skeleton or 0.0) < figures.SKELETON_MEAN or (outcome.deep or 0.0) < figures.DEEP_MEAN)
    )
    if not short and not diff:
        return
    scores = f"skeleton={outcome.skeleton} deep={outcome.deep} " if wire else ""
    error = outcome.error.splitlines()[0] if outcome.error else ""
    print(f"{outcome.scenario:32} {outcome.leg:19} {scores}observed={outcome.observed} {error}".rstrip())
    if diff or not figures.runs(outcome):
        print("".join(f"    {line}\n" for line in outcome.lines), end="", flush=True)


def scenarios(folder: Path) -> list[str]:
    """The names of a set: those recorded that do not drive the CLI by hand."""
    names = sorted(path.name for path in (folder / "wire").iterdir() if not path.name.startswith("raw_"))
    return [name for name in names if (folder / "scenarios" / f"{name}.py").exists()]


def version_of(shared: Path) -> str:
    """The version of the CLI that was recorded."""
    for meta in sorted((shared / "wire").glob("*/meta.json")):
        version = json.loads(meta.read_bytes()).get("cli_version")
        if version:
            return str(version)
    return "of an unknown version"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fidelity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", required=True, type=Path, help="the folder with scenarios/, wire/ and harness/")
    parser.add_argument("--scenarios", action="append", type=Path, metavar="DIR", help="measure this set instead")
    parser.add_argument("--official", default="", metavar="PYTHON", help="interpreter that has the official SDK too")
    parser.add_argument("--only", default="", metavar="NAME,…")
    parser.add_argument("--leg", action="append", choices=list(LEGS), help="may be given several times")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the wires and observations here")
    parser.add_argument("--diff", action="store_true", help="show what differs")
    parser.add_argument("--write", action="store_true", help="write the figures to the page")
    parser.add_argument("--page", type=Path, default=page.PAGE, help=argparse.SUPPRESS)
    parser.add_argument(
        "--engine", choices=[engines.SCRIPT, engines.CASSETTE], default=engines.SCRIPT, help=argparse.SUPPRESS
    )
    given = parser.parse_args()
    if not (given.shared / "harness" / "difftrace.py").exists():
        parser.error(f"there is no {given.shared}/harness; name the folder of recordings: SHARED=…")
    if given.leg and not given.official and any(LEGS[leg].official for leg in given.leg):
        parser.error("the official SDK's legs need --official PYTHON")
    if given.write and (given.only or given.diff or given.leg or given.scenarios or not given.official):
        parser.error("--write writes the whole page: with --official, without --only, --leg, --scenarios and --diff")
    return given


if __name__ == "__main__":
    sys.exit(main())
