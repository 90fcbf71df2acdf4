"""`claude-cassette show`, as it is typed."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from threading import Thread

import pytest

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dump
from tests.cassettes.playing import cli, exits, handshake, host, prompt, says, spawn, turn

from .commands import CASSETTES, on_terminal, run

DENIED = CASSETTES / "perm_deny.jsonl"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Two episodes, the second with a long text."""
    return write(tmp_path, turn("one", "First."), turn("two", "\n".join(f"line {n}" for n in range(1, 41))))


def write(folder: Path, *episodes: list[Entry]) -> Path:
    path = folder / "long.jsonl"
    made = [Episode([spawn(), *handshake(), *entries, exits()]) for entries in episodes]
    dump(Cassette(str(path), {"cli": "2.1.330"}, made), path)
    return path


def test_it_prints_the_transcript_with_the_lines_of_the_file() -> None:
    result = run("show", DENIED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{DENIED}\n"
        "CLI 2.1.330, claude-agent-sdk 0.2.187, 2026-11-22, imported\n"
        "\n"
        "   2  start       claude --output-format stream-json --verbose --system-prompt '' "
        "--permission-prompt-tool stdio --input-format stream-json\n"
        "   3  initialize\n"
        "   5  prompt      touch\n"
        "   7  session     claude-opus-5-5, permissions default, 25 tools\n"
        '   8  call        Bash(command="touch made.txt", description="touch")\n'
        "  10  permission  Bash → deny (Not in this house.)\n"
        "  13  error       Bash: Not in this house.\n"
        "  14  model       I was told not to.\n"
        "  15  turn end    success, 2 turns, 0.64 s, $0.0016, 203 tokens in, 40 out, 1 denied\n"
        "  17  input ends\n"
        "  18  exit        0\n"
    )


def test_times_are_seconds_since_the_start() -> None:
    assert "   5  0.825  prompt      touch\n" in run("show", "--times", DENIED).stdout


def test_the_episodes_of_a_cassette_have_a_heading_each(long: Path) -> None:
    assert re.findall("^Episode.*", run("show", long).stdout, re.MULTILINE) == ["Episode 1 of 2", "Episode 2 of 2"]


def test_one_episode_can_be_asked_for(long: Path) -> None:
    said = run("show", "--episode", "1", long).stdout
    assert "First." in said
    assert "line 1" not in said
    missing = run("show", "--episode", "3", long)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr == f"Error: {long}: there is no episode 3; it has 2 episodes\n"


def test_a_long_text_is_folded_and_says_how_to_see_it(long: Path) -> None:
    said = run("show", long).stdout
    assert "line 12\n" in said
    assert "line 13" not in said
    assert "… 28 more lines, 196 characters (--full shows them)\n" in said
    assert "line 40" in run("show", "--full", long).stdout


def test_a_long_line_is_folded_too(tmp_path: Path) -> None:
    path = write(tmp_path, turn("hi", "x" * 3000))
    assert f"{'x' * 800}\n" in run("show", path).stdout
    assert "… 2,200 characters (--full shows them)" in run("show", path).stdout
    assert "x" * 3000 in run("show", "--full", path).stdout


def test_raw_prints_the_lines_of_the_file_byte_for_byte(long: Path) -> None:
    lines = long.read_bytes().splitlines(keepends=True)
    assert run("show", "--raw", long).stdout_bytes == b"".join(lines[1:])
    second = next(n for n, line in enumerate(lines) if b'"spawn"' in line and n > 1)
    assert run("show", "--raw", "--episode", "2", long).stdout_bytes == b"".join(lines[second:])


def test_raw_reads_a_pipe_once(long: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(long.read_bytes(),), daemon=True)
    writer.start()
    result = run("show", "--raw", pipe)
    writer.join(10)
    assert result.stdout_bytes == run("show", "--raw", long).stdout_bytes


def test_json_prints_one_object() -> None:
    told = json.loads(run("show", "--json", DENIED).stdout)
    (cassette,) = told["cassettes"]
    (episode,) = cassette["episodes"]
    assert (cassette["cassette"], cassette["header"]["cli"]) == (str(DENIED), "2.1.330")
    assert (episode["number"], episode["line"], episode["exit"]) == (1, 2, 0)
    (asked,) = [event for event in episode["events"] if event["kind"] == "permission"]
    assert (asked["line"], asked["answer_line"], asked["behavior"]) == (10, 11, "deny")
    calls = [event for event in episode["events"] if event["kind"] == "tool_call"]
    assert [(call["name"], call["result"]) for call in calls] == [("Bash", 13)]


def test_raw_and_json_exclude_each_other() -> None:
    result = run("show", "--raw", "--json", DENIED)
    assert result.exit_code == 2
    assert "--raw prints entries, which are JSON already" in result.stderr


def test_a_damaged_cassette_is_one_line_with_its_place(tmp_path: Path) -> None:
    shutil.copytree(CASSETTES / "inventory", tmp_path / "inventory")
    path = tmp_path / "torn.jsonl"
    path.write_bytes(DENIED.read_bytes()[:-10])
    result = run("show", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(rf"Error: {re.escape(str(path))}:\d+:\d+: the line is not a JSON object: .*\n", result.stderr)


def test_what_a_terminal_would_obey_is_shown(tmp_path: Path) -> None:
    text = "\x1b[31mred\x07 \u202eback \ud83d\x9b"
    said = run("show", write(tmp_path, [host(prompt("hi")), cli(says(text))])).stdout
    assert "model       ␛[31mred␇ \\u202eback \\ud83d\\u009b\n" in said


def test_a_subagent_is_set_apart() -> None:
    assert "  18  call        │ Read(file_path=" in run("show", CASSETTES / "agents_subagent.jsonl").stdout


def test_a_terminal_gets_colours_and_lines_of_its_width() -> None:
    said = on_terminal("show", DENIED, NO_COLOR="")
    assert "\x1b[31m" in said  # the denial, red
    plain = ESCAPE.sub("", said)
    assert max(map(len, plain.splitlines())) <= 80
    assert f"203 tokens in, 40 out, 1\n{' ' * 18}denied\n" in plain


def test_no_color_is_respected() -> None:
    colours = re.findall(r"\x1b\[(?:3|9)\d", on_terminal("show", DENIED, NO_COLOR="1"))
    assert colours == []
