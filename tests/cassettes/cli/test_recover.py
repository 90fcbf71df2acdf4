"""`claude-cassette recover`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.entry_line import encode_entry
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.partial import PartialWriter, mark
from tests.cassettes.playing import eof, exits, handshake, host, prompt, spawn, turn

from .commands import run


def lines(*entries: Entry) -> bytes:
    return b"".join(encode_entry(entry) + b"\n" for entry in entries)


WHOLE = lines(spawn(), *handshake(), *turn("one", "First."), eof(), exits()) + mark("closed", True)
CUT_OFF = lines(spawn(), *handshake(), host(prompt("two"))) + mark("held", 12)


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """Where the cassette is to be; its partial file is there."""
    path = tmp_path / "c.jsonl"
    writer = PartialWriter(f"{path}.partial")
    writer.write(1, WHOLE, began=100)
    writer.write(2, CUT_OFF, began=200)
    writer.close()
    return path


def test_what_is_there_becomes_a_cassette_and_what_is_missing_is_said(cassette: Path) -> None:
    result = run("recover", f"{cassette}.partial")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        f"{cassette}: 2 episodes\n"
        "  1 episode without an exit: cut off while the CLI still ran\n"
        "  12 bytes were lost with the process that held them\n"
    )
    assert [episode.exit_code for episode in load(cassette).episodes] == [0, None]
    assert sorted(path.name for path in cassette.parent.glob("c.jsonl*")) == ["c.jsonl"]


def test_it_can_go_somewhere_else_and_leave_the_partial_file(cassette: Path, tmp_path: Path) -> None:
    out = tmp_path / "other.jsonl"
    result = run("recover", f"{cassette}.partial", "--out", out, "--keep", "--json")
    assert json.loads(result.stdout) == {
        "cassette": str(out),
        "changed": True,
        "episodes": 2,
        "unfinished": 1,
        "lost": 12,
        "cli": None,
        "redacted": {},
    }
    assert len(load(out).episodes) == 2
    assert not cassette.exists()
    assert Path(f"{cassette}.partial").exists()


def test_the_cassette_may_be_named_instead_of_its_partial_file(cassette: Path) -> None:
    assert run("recover", cassette).exit_code == 0
    assert len(load(cassette).episodes) == 2


def test_parts_of_several_processes_are_put_in_the_order_of_their_start(tmp_path: Path) -> None:
    cassette, parts = tmp_path / "c.jsonl", tmp_path / "c.jsonl.parts"
    for name, began, data in (("1.partial", 300, WHOLE), ("2.partial", 200, CUT_OFF)):
        writer = PartialWriter(str(parts / name))
        writer.write(1, data, began=began)
        writer.close()
    (parts / "3.partial").write_bytes(b'{"cassette":1,"par')  # killed before it had begun
    assert run("recover", parts).exit_code == 0
    assert [episode.exit_code for episode in load(cassette).episodes] == [None, 0]
    assert not parts.exists()


def test_there_is_nothing_to_recover(tmp_path: Path) -> None:
    result = run("recover", tmp_path / "c.jsonl.partial")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {tmp_path}/c.jsonl.partial: there is nothing to recover: neither ")


def test_a_partial_file_that_is_still_written_is_left_alone(cassette: Path) -> None:
    writer = PartialWriter(f"{cassette}.partial")
    try:
        result = run("recover", f"{cassette}.partial")
    finally:
        writer.close()
    assert (result.exit_code, cassette.exists()) == (1, False)
    assert "it is still being recorded; recover it when that process has ended" in result.stderr


def test_damage_is_told_with_its_place_and_nothing_is_lost(cassette: Path) -> None:
    partial = Path(f"{cassette}.partial")
    damaged = partial.read_bytes().replace(b'"exit":0', b'"exit":"0"')
    partial.write_bytes(damaged)
    result = run("recover", partial)
    assert (result.exit_code, cassette.exists()) == (1, False)
    assert result.stderr.startswith(f"Error: {partial}:")
    assert partial.read_bytes() == damaged
