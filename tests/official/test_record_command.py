"""`claude-cassette record` around programs on the official SDK: in their own process, and where our package is not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import claude_code_sdk
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.transcript import Transcript
from claude_code_sdk.testing.executable import write_executable
from tests.cassettes.cli.programs import record, write_program

pytest.importorskip("claude_agent_sdk")

CASSETTE = Path(__file__).parents[2] / "cassettes" / "oneshot_query.jsonl"
PROGRAM = """
import sys, anyio
from claude_agent_sdk import query

async def main():
    async for message in query(prompt=sys.argv[1]):
        print(type(message).__name__)

anyio.run(main)
print("with our package:", "claude_code_sdk" in sys.modules)
"""

# Python runs this behind our own hook, and finds our package no more.
WITHOUT_US = """
import os, sys
sys.path[:] = [folder for folder in sys.path if folder != SOURCE]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
"""


@pytest.fixture
def cli(tmp_path: Path) -> str:
    (tmp_path / "bin").mkdir()
    return write_executable(tmp_path / "bin", cassette=CASSETTE, answers="ignore", name="claude")


def program(folder: Path, prompt: str = "Say hello") -> list[str]:
    return ["--", sys.executable, write_program(folder, PROGRAM), prompt]


def recorded(out: Path) -> list[list[str]]:
    return [[event.text for event in Transcript(episode).texts] for episode in load(out).episodes]


def test_a_program_is_recorded_in_its_own_process_and_can_be_played(tmp_path: Path, cli: str) -> None:
    out = tmp_path / "c.jsonl"
    done = record(out, "--cli", cli, *program(tmp_path))
    said = "SystemMessage\nAssistantMessage\nResultMessage\nwith our package: True\n"
    assert (done.returncode, done.stdout) == (0, said), done.stderr
    assert recorded(out) == [["Hello from the scripted model."]]
    assert load(out).header["sdk"] == load(CASSETTE).header["sdk"]
    played = record(out, "--mode", "none", *program(tmp_path))
    assert (played.returncode, played.stdout, played.stderr) == (0, said, "")


def test_it_does_not_matter_which_sdk_is_imported_first(tmp_path: Path, cli: str) -> None:
    out = tmp_path / "c.jsonl"
    program = write_program(tmp_path, "from claude_code_sdk import query as ours\n" + PROGRAM)
    done = record(out, "--cli", cli, "--", sys.executable, program, "Say hello")
    assert done.returncode == 0, done.stderr
    assert recorded(out) == [["Hello from the scripted model."]]


def test_a_program_whose_python_does_not_have_our_package_is_recorded_by_the_executable(
    tmp_path: Path, cli: str
) -> None:
    out = tmp_path / "c.jsonl"
    (tmp_path / "sitecustomize.py").write_text(f"if {'CCSDK_RECORDER'!r} in __import__('os').environ:{_indented()}")
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}
    done = record(out, "--cli", cli, *program(tmp_path), **env)
    said = "SystemMessage\nAssistantMessage\nResultMessage\nwith our package: False\n"
    assert (done.returncode, done.stdout) == (0, said), done.stderr
    assert recorded(out) == [["Hello from the scripted model."]]
    played = record(out, "--mode", "none", *program(tmp_path), **env)
    assert (played.returncode, played.stdout, played.stderr) == (0, said, "")


def _indented() -> str:
    source = str(Path(claude_code_sdk.__file__).parents[1])
    return WITHOUT_US.replace("SOURCE", repr(source)).replace("\n", "\n    ")


def test_a_program_that_does_something_else_is_told_so_at_the_end(tmp_path: Path, cli: str) -> None:
    out = tmp_path / "c.jsonl"
    record(out, "--cli", cli, *program(tmp_path))
    done = record(out, "--mode", "none", *program(tmp_path, "Say nothing"))
    assert done.returncode == 1
    assert '    + message.content: "Say nothing"\n' in done.stderr.split("\nclaude-cassette: CassetteMismatch: ")[1]
