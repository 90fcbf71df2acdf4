"""Inventories beside cassettes: named when nobody needs them, pruned when asked for, searched for secrets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dump, load
from claude_code_sdk.cassettes.stable import write
from tests.cassettes.playing import cli, exits, spawn

from .commands import run

KEY = "sk-ant-api03-" + "Ab1" * 31 + "AA"


def recording(version: str, secret: str = "") -> list[Entry]:
    """A run whose `init` has an inventory, which differs by the version of the CLI."""
    commands = [f"command-{number}" for number in range(100)]
    frame = {"type": "system", "subtype": "init", "slash_commands": commands, "model": "m"}
    frame |= {"agents": [secret or "none"], "claude_code_version": version}
    return [spawn(), cli(frame), exits()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`cassettes/` with two cassettes, each with an inventory of its own; the current folder is above it."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "cassettes"
    made.mkdir()
    for name, version in (("a", "1.0.0"), ("b", "2.0.0")):
        write(made / f"{name}.jsonl", {"cli": version}, [recording(version)])
    assert len(list((made / "inventory").iterdir())) == 2
    return made


def inventories(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in (folder / "inventory").glob("*.json"))


def test_an_inventory_that_is_needed_is_not_named(folder: Path) -> None:
    assert run("check", "cassettes", "--prune").stdout == "2 cassettes, 2 episodes, 6 entries: nothing found\n"
    assert inventories(folder) == ["1.0.0", "2.0.0"]


def test_one_that_no_cassette_names_any_more_is_named_and_does_not_fail(folder: Path) -> None:
    (folder / "b.jsonl").unlink()
    result = run("check", "cassettes")
    assert result.exit_code == 0
    name = next(path.name for path in (folder / "inventory").glob("2.0.0-*"))
    assert result.stdout.splitlines()[-1] == (
        f"1 inventory that no cassette names any more: cassettes/inventory/{name} (--prune removes them)"
    )
    told = json.loads(run("check", "cassettes", "--json").stdout)
    assert (told["unused"], told["pruned"]) == ([f"cassettes/inventory/{name}"], False)


def test_prune_removes_it_and_nothing_else(folder: Path) -> None:
    (folder / "b.jsonl").unlink()
    (folder / "inventory" / "notes.json").write_text("{}")
    (folder / "inventory" / "3.0.0-0123456789ab.json").write_text('{\n"tools":[]\n}\n')  # not called by its content
    result = run("check", "cassettes", "--prune")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("removed 1 inventory that no cassette names any more: ")
    assert inventories(folder) == ["1.0.0", "3.0.0", "notes.json"]
    assert load(folder / "a.jsonl").episodes[0].entries[1].value["model"] == "m"


def test_nothing_is_removed_where_a_damaged_cassette_might_name_it(folder: Path) -> None:
    (folder / "b.jsonl").write_bytes((folder / "b.jsonl").read_bytes().replace(b'"inventory"', b'"inventorx"'))
    (folder / "torn.jsonl").write_bytes(b'{"cass')
    result = run("check", "cassettes", "--prune")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "no inventory was removed: a damaged cassette might name it"
    assert inventories(folder) == ["1.0.0", "2.0.0"]


def test_cassettes_below_the_folder_of_the_inventories_count_wherever_they_are(folder: Path) -> None:
    (folder / "test_module").mkdir()
    shutil.move(folder / "b.jsonl", folder / "test_module" / "b.jsonl")
    assert "names any more" not in run("check", "cassettes").stdout


def test_scan_finds_a_secret_in_an_inventory_with_its_line(folder: Path) -> None:
    made = Cassette("x", {"cli": "3.0.0"}, [Episode([*recorded_with_key(folder)])])
    dump(made, folder / "leaking.jsonl")
    file = next((folder / "inventory").glob("3.0.0-*"))
    for path in ("cassettes", "cassettes/leaking.jsonl"):
        result = run("scan", path)
        assert result.exit_code == 1
        assert f"cassettes/inventory/{file.name}:4: agents[0]: anthropic-key\n" in result.stdout
        assert KEY not in result.output
    told = json.loads(run("scan", "cassettes", "--json").stdout)
    assert (told["cassettes"], told["inventories"], len(told["findings"])) == (3, 3, 1)


def recorded_with_key(folder: Path) -> list[Entry]:
    """A run that an older release has recorded, which did not know such a key."""
    write(folder / "leaking.jsonl", {"cli": "3.0.0"}, [recording("3.0.0", KEY)])
    entries = list(load(folder / "leaking.jsonl").episodes[0].entries)
    assert KEY.encode() not in (folder / "leaking.jsonl").read_bytes()
    return entries


def test_scrub_takes_it_out_and_the_inventory_that_had_it_is_gone(folder: Path) -> None:
    recorded_with_key(folder)
    assert run("scrub", "cassettes", "--check").exit_code == 1
    assert run("scrub", "cassettes").exit_code == 0
    assert run("scan", "cassettes").exit_code == 0
    assert inventories(folder) == ["1.0.0", "2.0.0", "3.0.0"]
    assert run("check", "cassettes").stdout == "3 cassettes, 3 episodes, 9 entries: nothing found\n"
    agents = load(folder / "leaking.jsonl").episodes[0].entries[1].value["agents"]
    assert agents[0].startswith("sk-ant-api03-REDACTED")


def test_scrub_leaves_an_inventory_that_another_cassette_still_names(folder: Path) -> None:
    recorded_with_key(folder)
    shutil.copy(folder / "leaking.jsonl", folder / "other.jsonl")
    assert run("scrub", "cassettes/leaking.jsonl").exit_code == 0
    assert inventories(folder) == ["1.0.0", "2.0.0", "3.0.0", "3.0.0"]
    assert run("scrub", "cassettes").exit_code == 0
    assert inventories(folder) == ["1.0.0", "2.0.0", "3.0.0"]
    assert run("check", "cassettes").exit_code == 0


def test_scan_reads_what_a_killed_recording_of_several_processes_left(folder: Path) -> None:
    parts = folder / "c.jsonl.parts"
    parts.mkdir()
    (parts / "1-2.partial").write_text(json.dumps({"text": KEY}) + "\n")
    result = run("scan", "cassettes")
    assert result.exit_code == 1
    assert "cassettes/c.jsonl.parts/1-2.partial:1: text: anthropic-key" in result.stdout
