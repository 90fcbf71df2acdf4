"""What all subcommands have in common: exit codes, pipes, damage, help."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from claude_code_sdk.cassettes.cli import COMMANDS, main
from tests.cassettes.damage import damaged

from .commands import CASSETTES, command, run

READERS = ["show", "check", "stats"]


def test_help_lists_every_subcommand_with_a_line() -> None:
    said = run("--help").stdout
    assert all(f"\n  {name}  " in said for name in COMMANDS)
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_examples_fits_80_columns_and_tells_the_exit_codes(name: str) -> None:
    said = run(name, "--help").stdout
    assert max(map(len, said.splitlines())) <= 80
    *_, examples = said.split("\nExamples:\n")
    assert all(line.startswith(f"  claude-cassette {name} ") for line in examples.splitlines())
    assert "--json" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_usage_is_exit_code_2(name: str) -> None:
    assert run(name, "--no-such-option").exit_code == 2


@pytest.mark.parametrize("arguments", [["show", "--full"], ["show", "--raw"], ["show", "--json"], ["stats"]])
def test_a_reader_that_goes_away_ends_it_without_a_word(arguments: list[str], tmp_path: Path) -> None:
    # More than a pipe holds, so that something is written after the reader went.
    cassettes = tmp_path / "cassettes"
    shutil.copytree(CASSETTES / "inventory", cassettes / "inventory")
    for number in range(60):
        shutil.copy(CASSETTES / "interrupt_stream.jsonl", cassettes / f"{number}.jsonl")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command(*arguments, cassettes), stdout=writer, stderr=subprocess.PIPE, check=False, timeout=50
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    fifo = tmp_path / "endless.jsonl"
    os.mkfifo(fifo)
    process = subprocess.Popen(command("stats", fifo), stderr=subprocess.PIPE)
    with fifo.open("wb"):  # which waits until the command reads
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.strip() == b""


@settings(max_examples=60, deadline=None)
@given(damaged())
def test_no_damage_makes_a_traceback(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.jsonl"
        path.write_bytes(content)
        for name in READERS:
            for form in ([], ["--json"]):
                result = CliRunner().invoke(main, [name, *form, str(path)])
                assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
                assert result.exit_code in (0, 1)
                assert "Traceback" not in result.output
