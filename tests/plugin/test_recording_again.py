"""The command that a mismatch names: it records what the test does now, and the test passes from then on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_command_that_a_mismatch_names_records_the_test_again(tmp_path: Path) -> None:
    def session(asked: str) -> list[object]:
        return [spawn(), *handshake(), *turn(asked, "hi"), eof(), exits()]

    folder = tmp_path / "project"
    kept = folder / "cassettes" / "test_it" / "test_greet.jsonl"
    kept.parent.mkdir(parents=True)
    dump(cassette(session("hello")), kept)  # type: ignore[arg-type]
    (folder / "test_it.py").write_text(TEST)
    dump(cassette(session("hullo")), tmp_path / "live.jsonl")  # type: ignore[arg-type]
    live = write_executable(tmp_path, cassette=tmp_path / "live.jsonl")
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]

    failed = run(folder, *pytest)
    assert failed.returncode == 1
    command = "claude-cassette record --out cassettes/test_it/test_greet.jsonl -- pytest test_it.py::test_greet"
    assert f"accept the new behaviour:  {command}\n" in failed.stdout

    words = command.split()
    recorded = run(folder, *words[:2], "--cli", live, *words[2:5], *pytest, words[-1])
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert b"hullo" in kept.read_bytes()
    passed = run(folder, *pytest)
    assert passed.returncode == 0, passed.stdout
