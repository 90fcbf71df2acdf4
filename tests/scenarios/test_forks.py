"""Jobs in forked processes: what comes back, and what becomes of one that fails or hangs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

LIMIT = 60.0  # seconds

PROGRAM = """
import json, os, sys, time
from pathlib import Path
from tests.scenarios.forks import Job, forked

def jobs():
    for number, run in enumerate(RUNS):
        directory = Path(sys.argv[1]) / str(number)
        directory.mkdir()
        yield Job(number, run, directory / "log.txt", [directory])

print(json.dumps([tuple(end) for end in forked(jobs(), AT_ONCE, LIMIT)]))
"""


def ends(folder: Path, runs: str, at_once: int = 2, limit: float = LIMIT) -> dict[int, tuple[str, str, str]]:
    """Data, fault and log of each job; it runs in a process without threads, which alone may be forked."""
    folder.mkdir()
    program = PROGRAM.replace("RUNS", runs).replace("AT_ONCE", str(at_once)).replace("LIMIT", str(limit))
    program = program.replace("tuple(end)", "[end.subject, end.data.decode(), end.fault, end.log]")
    done = subprocess.run(
        [sys.executable, "-c", dedent(program), str(folder)], capture_output=True, text=True, timeout=LIMIT, check=True
    )
    return {subject: (data, fault, log) for subject, data, fault, log in json.loads(done.stdout)}


def test_what_a_job_returns_comes_back(tmp_path: Path) -> None:
    assert ends(tmp_path / "jobs", '[lambda: b"a" * 70_000, lambda: b"b"]') == {
        0: ("a" * 70_000, "", ""),
        1: ("b", "", ""),
    }


def test_each_job_has_a_process_of_its_own(tmp_path: Path) -> None:
    pids = ends(tmp_path / "jobs", "[lambda: str(os.getpid()).encode()] * 3", at_once=1)
    assert len({data for data, _, _ in pids.values()}) == 3


def test_a_job_that_raises_tells_how_its_process_ended_and_what_it_wrote(tmp_path: Path) -> None:
    data, fault, log = ends(tmp_path / "jobs", "[lambda: [][1]]")[0]
    assert (data, fault) == ("", "its process ended with 1")
    assert log.endswith("IndexError: list index out of range\n")


def test_a_job_whose_time_is_over_is_ended(tmp_path: Path) -> None:
    found = ends(tmp_path / "jobs", "[lambda: time.sleep(600), lambda: b'done']", limit=0.5)
    assert found == {0: ("", "took more than 0.5 s", ""), 1: ("done", "", "")}


def test_the_directories_of_a_job_are_gone_after_its_end(tmp_path: Path) -> None:
    ends(tmp_path / "jobs", "[lambda: b'', lambda: os._exit(3)]")
    assert list((tmp_path / "jobs").iterdir()) == []
