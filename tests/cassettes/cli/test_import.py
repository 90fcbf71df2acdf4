"""`claude-cassette import`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claude_code_sdk.cassettes import importer
from claude_code_sdk.cassettes.cli import main
from claude_code_sdk.cassettes.jsonl import load
from tests.cassettes.wires import from_cli, meta, spawned, to_cli, write_wire

EXIT = meta("exit", code=0)
VERSION = '{"type":"system","subtype":"init","claude_code_version":"2.1.330"}'


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a wire file in the current folder."""
    monkeypatch.chdir(tmp_path)
    write_wire(Path("wire.jsonl"), spawned(), to_cli("{}"), from_cli(VERSION), from_cli("{}"), meta("exit", code=0))
    return "wire.jsonl"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments])


def test_it_writes_the_cassette_and_says_what_is_in_it(wire: str) -> None:
    write_wire(Path("wire.2.jsonl"), spawned(), to_cli("{}"))
    result = run(wire, "wire.2.jsonl", "--out", "c.jsonl")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "c.jsonl: 2 episodes (CLI 2.1.330)\n"
        "  1  wire.jsonl: 1 frame from the host, 2 from the CLI, exit 0\n"
        "  2  wire.2.jsonl: 1 frame from the host, 0 from the CLI, no exit recorded\n"
    )
    assert [len(episode.entries) for episode in load("c.jsonl").episodes] == [5, 2]


def test_it_names_the_wire_of_each_episode_whatever_order_they_were_given_in(wire: str) -> None:
    write_wire(Path("wire.2.jsonl"), {"t": 9.0, **spawned()}, to_cli("{}"))
    episodes = json.loads(run("wire.2.jsonl", wire, "--out", "c.jsonl", "--json").stdout)["episodes"]
    assert [episode["wire"] for episode in episodes] == ["wire.jsonl", "wire.2.jsonl"]


def test_json_prints_one_object_for_machines(wire: str) -> None:
    result = run(wire, "--out", "c.jsonl", "--json")
    assert json.loads(result.stdout) == {
        "cassette": "c.jsonl",
        "changed": True,
        "cli": "2.1.330",
        "sdk": None,
        "episodes": [
            {"number": 1, "wire": "wire.jsonl", "entries": 5, "host_frames": 1, "cli_frames": 2, "exit": 0},
        ],
    }


RESULT = '{"type":"result","subtype":"success","result":"%s","duration_ms":%d}'


def test_the_same_behaviour_imported_again_leaves_the_file_byte_for_byte(wire: str) -> None:
    write_wire(Path(wire), spawned(), to_cli("{}"), from_cli(VERSION), from_cli(RESULT % ("done", 12)), EXIT)
    run(wire, "--out", "c.jsonl")
    before = Path("c.jsonl").read_bytes()
    write_wire(Path(wire), spawned(), to_cli("{}"), from_cli(VERSION), from_cli(RESULT % ("done", 3456)), EXIT)
    result = run(wire, "--out", "c.jsonl")
    assert result.stdout.startswith(
        "c.jsonl: 1 episode (CLI 2.1.330); the behaviour is what it was, and the file is unch"
    )
    assert Path("c.jsonl").read_bytes() == before
    assert json.loads(run(wire, "--out", "c.jsonl", "--json").stdout)["changed"] is False


def test_where_the_behaviour_changed_the_other_entries_keep_what_is_volatile(wire: str) -> None:
    first, second = from_cli(RESULT % ("one", 12)), from_cli(RESULT % ("two", 34))
    write_wire(Path(wire), spawned(), from_cli(VERSION), first, second, EXIT)
    run(wire, "--out", "c.jsonl")
    before = Path("c.jsonl").read_bytes().splitlines()
    write_wire(
        Path(wire), spawned(), from_cli(VERSION), from_cli(RESULT % ("one", 56)), from_cli(RESULT % ("2", 78)), EXIT
    )
    assert "unchanged" not in run(wire, "--out", "c.jsonl").stdout
    after = Path("c.jsonl").read_bytes().splitlines()
    assert [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] == [4]


def test_a_secret_that_would_be_left_is_refused_with_its_place(wire: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that the scrubber did not see: here because it saw nothing."""
    key = "sk-ant-api03-" + "Ab1" * 31 + "AA"
    write_wire(Path(wire), spawned(), from_cli(json.dumps({"type": "x", "text": f"the key is {key}"})), EXIT)
    Path("c.jsonl").write_text("old")
    monkeypatch.setattr(importer, "_scrubbed", lambda entries, scrubber: entries)
    result = run(wire, "--out", "c.jsonl")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "Error: c.jsonl: not written, for a secret would stand in it:\n  wire.jsonl:2: frame.text: anthropic-key\n"
    )
    assert key not in result.output
    assert Path("c.jsonl").read_text() == "old"


def test_home_and_temp_are_taken_from_the_options(wire: str) -> None:
    write_wire(Path(wire), spawned(), from_cli('{"t":"/a/x /b/x"}'))
    assert run(wire, "--out", "c.jsonl", "--home", "/a", "--temp", "/b").exit_code == 0
    assert load("c.jsonl").episodes[0].entries[1].value == {"t": "{{home}}/x {{temp}}/x"}


def test_what_is_no_wire_file_is_exit_code_1_and_leaves_the_old_cassette(wire: str) -> None:
    Path("c.jsonl").write_text("old")
    Path("notes.txt").write_text("# Notes\n")
    result = run(wire, "notes.txt", "--out", "c.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: notes.txt:1:1: not a wire record: Expecting value")
    assert Path("c.jsonl").read_text() == "old"


def test_a_cassette_that_cannot_be_written_is_exit_code_1(wire: str) -> None:
    Path("taken").write_text("a file")
    result = run(wire, "--out", "taken/c.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: taken/c.jsonl: the cassette cannot be written: File exists\n"


def test_the_folder_of_the_cassette_is_made(wire: str) -> None:
    assert run(wire, "--out", "cassettes/test_it/test_one.jsonl").exit_code == 0
    assert len(load("cassettes/test_it/test_one.jsonl").episodes) == 1


@pytest.mark.parametrize("arguments", [[], ["wire.jsonl"], ["--out", "c.jsonl"], ["wire.jsonl", "--out", "c", "--x"]])
def test_wrong_usage_is_exit_code_2(wire: str, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: main import [OPTIONS] WIRE.jsonl...")


def test_help_tells_what_a_wire_file_is_what_changes_and_the_exit_codes() -> None:
    text = " ".join(run("--help").stdout.split())
    assert "one episode for each WIRE file" in text
    assert "frames are put in canonical order; flags stay as recorded" in text
    assert "Exit codes: 0 written, or nothing to change; 1 a wire file is damaged" in text


def test_the_command_lists_its_subcommands() -> None:
    assert "import   Turn wire recordings into a cassette" in CliRunner().invoke(main, ["--help"]).stdout


def test_an_unknown_subcommand_is_exit_code_2() -> None:
    assert CliRunner().invoke(main, ["sing"]).exit_code == 2
