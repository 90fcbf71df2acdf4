"""`claude-cassette check`, as it is typed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .commands import CASSETTES, ROOT, run

DENIED = (CASSETTES / "perm_deny.jsonl").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for short names, with the inventories of the project's cassettes."""
    folder = tmp_path / "cassettes"
    shutil.copytree(CASSETTES / "inventory", folder / "inventory")
    monkeypatch.chdir(folder)
    return folder


def on_line(number: int, before: bytes, after: bytes) -> bytes:
    """The cassette with something else on one line."""
    lines = DENIED.splitlines(keepends=True)
    assert before in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(before, after, 1)
    return b"".join(lines)


def test_the_cassettes_of_the_project_are_whole_and_understood() -> None:
    result = run("check", CASSETTES, ROOT / "docs" / "examples")
    assert result.exit_code == 0, result.stdout
    assert "nothing found\n" in result.stdout


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "c.jsonl:1:1: damaged: the file is empty; the first line of a cassette is its header"),
        (b"[]\n", "c.jsonl:1:1: damaged: the line is not a JSON object: expected '{'"),
        (b"\xff\xfe\n", "c.jsonl:1:1: damaged: the line is not UTF-8 (invalid start byte)"),
        (DENIED[:-10], "c.jsonl:18:25: damaged: the line is not a JSON object: "),
        (on_line(1, b":1,", b":7,"), "c.jsonl:1:13: damaged: format version 7; this release reads version 1."),
        (on_line(14, b'"text":"I', b'"tax":"I'), "c.jsonl:14:33: problem: text block has no `text`"),
        (b'{"cassette":1}\n', "c.jsonl:1:1: cut off: the cassette has no episode"),
        (
            b"".join(DENIED.splitlines(keepends=True)[:12]),
            "c.jsonl:12:1: cut off: episode 1 ends here without an exit: its recording was cut off",
        ),
        (on_line(9, b'"system"', b'"hologram"'), 'c.jsonl:9:33: unknown: frame type "hologram"; this release knows '),
        (
            on_line(8, b'"tool_use"', b'"hyper_use"'),
            'c.jsonl:8:33: unknown: block type "hyper_use" (message.content[0] in an assistant frame)',
        ),
        (
            on_line(10, b'"can_use_tool"', b'"may_use_tool"'),
            'c.jsonl:10:33: unknown: request subtype "may_use_tool"; this release serves ',
        ),
        (
            on_line(11, b'"control_response"', b'"wave"'),
            'c.jsonl:11:34: unknown: a host does not send frames of type "wave"',
        ),
        (on_line(10, b'"request_id"', b'"id"'), "c.jsonl:10:33: problem: control_request frame has no `request_id`"),
    ],
)
def test_each_finding_has_its_place(folder: Path, content: bytes, found: str) -> None:
    (folder / "c.jsonl").write_bytes(content)
    result = run("check", "c.jsonl")
    assert result.exit_code == 1
    assert result.stdout.startswith(found)
    assert result.stdout.count("\n") == 2
    assert result.stdout.endswith(": 1 finding\n")


def test_the_damage_of_every_line_is_found_not_only_the_first(folder: Path) -> None:
    lines = DENIED.splitlines(keepends=True)
    lines[4] = lines[4][:-5] + b"\n"
    lines[9] = lines[9][:-5] + b"\n"
    (folder / "c.jsonl").write_bytes(b"".join(lines))
    found = json.loads(run("check", "c.jsonl", "--json").stdout)["findings"]
    assert [(finding["line"], finding["kind"]) for finding in found] == [(5, "damaged"), (10, "damaged")]


def test_a_missing_inventory_is_damage(folder: Path) -> None:
    (folder / "c.jsonl").write_bytes(DENIED)
    shutil.rmtree(folder / "inventory")
    result = run("check", "c.jsonl")
    assert result.exit_code == 1
    assert result.stdout.startswith("c.jsonl:4:1: damaged: the inventory 2.1.330-")


def test_unknown_things_can_be_allowed_and_are_still_listed(folder: Path) -> None:
    (folder / "c.jsonl").write_bytes(on_line(9, b'"system"', b'"hologram"'))
    result = run("check", "c.jsonl", "--allow-unknown")
    assert result.exit_code == 0
    assert 'unknown: frame type "hologram"' in result.stdout
    (folder / "c.jsonl").write_bytes(b"")
    assert run("check", "c.jsonl", "--allow-unknown").exit_code == 1


def test_a_file_that_cannot_be_read_is_a_finding(folder: Path) -> None:
    (folder / "c.jsonl").symlink_to("nowhere.jsonl")
    result = run("check", ".")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        "c.jsonl:1:1: damaged: the cassette cannot be read: No such file or directory",
    )


# Which files


def nothing(folder: Path) -> None:
    """An empty folder."""


def only_hidden(folder: Path) -> None:
    for name in (".venv", "node_modules", "inventory"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "c.jsonl").write_bytes(DENIED)


def only_others(folder: Path) -> None:
    (folder / "log.jsonl").write_text('{"t":1}\n')


@pytest.mark.parametrize("make", [nothing, only_hidden, only_others])
@pytest.mark.parametrize("subcommand", ["check", "show", "stats"])
def test_an_empty_selection_is_never_green(subcommand: str, make: Callable[[Path], None], folder: Path) -> None:
    make(folder)
    result = run(subcommand, ".")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: no cassettes in .")


def test_a_path_that_is_not_there_is_exit_code_1(folder: Path) -> None:
    result = run("check", "nowhere")
    assert (result.exit_code, result.stderr) == (1, "Error: nowhere: there is no such file or folder\n")


def test_folders_are_searched_and_files_counted_once(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    for name in ("z.jsonl", "a/y.jsonl", "a/b/x.jsonl"):
        (folder / name).write_bytes(DENIED)
    told = json.loads(run("check", ".", "a", "z.jsonl", "--json").stdout)
    assert (told["cassettes"], told["episodes"], told["entries"]) == (3, 3, 51)


def test_files_of_another_format_are_named_and_a_torn_header_is_none(folder: Path) -> None:
    (folder / "c.jsonl").write_bytes(DENIED)
    (folder / "log.jsonl").write_text('{"t":1}\n')
    (folder / "torn.jsonl").write_text('{"casse\n')
    result = run("check", ".")
    assert result.exit_code == 1
    assert "torn.jsonl:1:2: damaged: " in result.stdout
    assert result.stdout.endswith("of another format, and not checked: log.jsonl\n")


def test_a_header_that_lost_its_key_is_damage_and_not_another_format(folder: Path) -> None:
    (folder / "damaged.jsonl").write_bytes(DENIED.replace(b'{"cassette"', b'{"casseqte"', 1))
    (folder / "whole.jsonl").write_bytes(DENIED)
    result = run("check", folder)
    assert result.exit_code == 1
    assert "damaged.jsonl:1:1: damaged: this is no cassette" in result.stdout
