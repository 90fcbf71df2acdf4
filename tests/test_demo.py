"""The demo shows what it promises, and fails when something is not so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from claude_code_sdk.testing.executable import write_executable

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
CASSETTE = EXAMPLES / "cassettes" / "office_assistant.jsonl"


def run_demo(*arguments: str, examples: Path = EXAMPLES, **env: str) -> subprocess.CompletedProcess[str]:
    """Run it as `make demo` does, on a terminal of 80 columns."""
    command = [sys.executable, str(examples / "demo.py"), *arguments]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1", **env}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=50)


def test_the_demo_shows_the_program_in_process_as_a_process_and_in_pytest() -> None:
    done = run_demo()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for shown in (
        "model        I greet Ada first.",
        "your policy  may it use mcp__office__greet? allow",
        'your tool    greet(name="Ada") -> Welcome, Ada!',
        "your hook    PreToolUse Bash: deny (this office deletes nothing)",
        'tool call    Write(file_path="visitors.txt", content="hello Ada\\n")',
        "10 messages came over pipes, equal to those above.",
        "passed test_nothing_is_deleted_and_the_model_is_told_why[trio]",
        "CassetteMismatch: frame 24 of episode 1 is not what was recorded",
        "6 tests with pytest, start to end",
    ):
        assert shown in " ".join(done.stdout.split("\n")), shown
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_demo_fails_when_the_program_does_something_else(tmp_path: Path) -> None:
    examples = shutil.copytree(EXAMPLES, tmp_path / "docs" / "examples")
    program = examples / "office_assistant.py"
    program.write_text(program.read_text().replace("this office deletes nothing", "this office deletes little"))
    done = run_demo(examples=examples)
    assert done.returncode == 1
    assert "failed: frame 24 of episode 1 is not what was recorded" in done.stdout


def test_live_runs_the_claude_on_path(tmp_path: Path) -> None:
    write_executable(tmp_path, cassette=CASSETTE, answers="verify")
    done = run_demo("--live", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "model        Ada is greeted and noted in visitors.txt" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="PATH is looked up differently there")
def test_live_without_a_claude_says_so(tmp_path: Path) -> None:
    done = run_demo("--live", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "failed: there is no claude on PATH" in done.stdout
