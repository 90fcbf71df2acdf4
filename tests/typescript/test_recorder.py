"""`claude-cassette record` around a program in TypeScript: recorded by the executable, and played back."""

from __future__ import annotations

from pathlib import Path

from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.transcript import Transcript
from claude_code_sdk.testing import Script, write_executable
from tests.cassettes.cli.programs import record

from .conftest import Node


def live(folder: Path) -> str:
    """A CLI to record."""
    (folder / "live").mkdir()
    return write_executable(folder / "live", Script().calls("Bash", command="touch made").returns("").says("Made it"))


def test_a_program_is_recorded_and_played_back(node: Node, tmp_path: Path) -> None:
    out = tmp_path / "recorded.jsonl"
    program = ["--", *node.line("recorded.mjs", "Make a file")]
    done = record(out, "--cli", live(tmp_path), *program, **node.env)
    assert (done.returncode, done.stdout) == (0, "Made it\n"), done.stderr
    (episode,) = load(out).episodes
    assert [event.text for event in Transcript(episode).texts] == ["Made it"]
    again = record(out, "--mode", "none", *program, **node.env)
    assert (again.returncode, again.stdout, again.stderr) == (0, "Made it\n", "")


def test_a_program_that_does_something_else_is_told_so(node: Node, tmp_path: Path) -> None:
    out = tmp_path / "recorded.jsonl"
    record(out, "--cli", live(tmp_path), "--", *node.line("recorded.mjs", "Make a file"), **node.env)
    done = record(out, "--mode", "none", "--", *node.line("recorded.mjs", "Break a file"), **node.env)
    assert done.returncode != 0
    assert "Break a file" in done.stderr.split("CassetteMismatch")[-1]


def test_recording_it_again_leaves_the_file_as_it_is(node: Node, tmp_path: Path) -> None:
    out = tmp_path / "recorded.jsonl"
    contents = set()
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        cli = live(tmp_path / str(number))
        record(out, "--cli", cli, "--mode", "all", "--", *node.line("recorded.mjs", "Make a file"), **node.env)
        contents.add(out.read_bytes())
    assert len(contents) == 1
