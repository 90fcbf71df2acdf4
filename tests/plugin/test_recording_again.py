"""The commands that failures name, run by a shell: they record what the test does now, and it passes from then on."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.testing.executable import write_executable
from tests.cassettes.playing import cassette, eof, exits, handshake, spawn, turn

LIMIT = 120.0  # seconds; two runs of pytest take three

TEST = """
import pytest
from claude_code_sdk import ResultMessage, query

@pytest.fixture
def anyio_backend(): return "asyncio"

@pytest.mark.anyio
async def test_greet(claude_cassette):
    said = [message.result async for message in query(prompt="hullo") if isinstance(message, ResultMessage)]
    assert said == ["hi"]
"""
KEPT = "cassettes/test_it/test_greet.jsonl"


class Downstream:
    """A project whose `claude` on the PATH plays a recording: what is live here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        (self.folder / "test_it.py").write_text(TEST)
        live = folder / "bin"
        live.mkdir()
        self.session(live / "live.jsonl", "hullo")
        write_executable(live, cassette=live / "live.jsonl")
        self.path = os.pathsep.join([str(live), os.path.dirname(sys.executable), os.environ["PATH"]])

    def session(self, path: Path, asked: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        dump(cassette([spawn(), *handshake(), *turn(asked, "hi"), eof(), exits()]), path)

    def run(self, command: str, *, where: str = ".") -> subprocess.CompletedProcess[str]:
        words = shlex.split(command)
        at = words.index("pytest")
        words[at : at + 1] = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
        return subprocess.run(
            words,
            cwd=self.folder / where,
            env={**os.environ, "PATH": self.path, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def downstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Downstream:
    monkeypatch.delenv("CCSDK_LIVE", raising=False)
    return Downstream(tmp_path)


def command_after(label: str, output: str) -> str:
    (line,) = {line for line in output.splitlines() if label in line}
    return line.partition(label)[2].strip()


def test_the_command_that_a_mismatch_names_records_the_test_again(downstream: Downstream) -> None:
    downstream.session(downstream.folder / KEPT, "hello")

    failed = downstream.run("pytest")
    assert failed.returncode == 1
    command = command_after("accept the new behaviour:", failed.stdout)
    assert command == "pytest test_it.py::test_greet --claude-record=all"

    recorded = downstream.run(command)
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert f"recorded   {KEPT}\n" in recorded.stdout
    assert b"hullo" in (downstream.folder / KEPT).read_bytes()
    passed = downstream.run("pytest")
    assert passed.returncode == 0, passed.stdout


def test_the_command_that_a_missing_cassette_names_records_it(downstream: Downstream) -> None:
    failed = downstream.run("pytest")
    assert failed.returncode == 1
    command = command_after("record it:", failed.stdout)
    assert command == "pytest test_it.py::test_greet --claude-record=once"

    recorded = downstream.run(command)
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert f"recorded   {KEPT}\n" in recorded.stdout
    passed = downstream.run("pytest")
    assert passed.returncode == 0, passed.stdout


@pytest.mark.parametrize(("label", "mode"), [("record it:", "once"), ("accept the new behaviour:", "all")])
def test_the_command_is_for_the_folder_in_which_pytest_was_started(
    downstream: Downstream, label: str, mode: str
) -> None:
    (downstream.folder / "pytest.ini").write_text("[pytest]\n")  # here is the root, from which pytest names tests
    (downstream.folder / "unit").mkdir()
    (downstream.folder / "test_it.py").rename(downstream.folder / "unit" / "test_it.py")
    if mode == "all":
        downstream.session(downstream.folder / "unit" / KEPT, "hello")

    failed = downstream.run("pytest", where="unit")
    assert failed.returncode == 1
    command = command_after(label, failed.stdout)
    assert command == f"pytest test_it.py::test_greet --claude-record={mode}"

    recorded = downstream.run(command, where="unit")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert f"recorded   {KEPT}\n" in recorded.stdout


def test_the_command_that_records_any_program_records_a_test_too(downstream: Downstream) -> None:
    recorded = downstream.run(f"claude-cassette record --out {KEPT} -- pytest test_it.py::test_greet")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    passed = downstream.run("pytest")
    assert passed.returncode == 0, passed.stdout
