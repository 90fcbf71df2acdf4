"""The recorded directories again in what was recorded here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..scenarios.places import Places
from . import restored


@pytest.fixture
def places() -> Iterator[Places]:
    made = Places(restored.new_directory("/project"), restored.new_directory("/home/user"))
    yield made
    made.project.rmdir()
    made.home.rmdir()


def piece(text: str, key: str = "partial_json") -> dict[str, Any]:
    return {"type": "stream_event", "event": {"type": "content_block_delta", "delta": {key: text}}}


def edge(kind: str) -> dict[str, Any]:
    return {"type": "stream_event", "event": {"type": f"content_block_{kind}"}}


def test_the_directories_have_names_of_the_recorded_length(places: Places) -> None:
    assert [len(str(places.project)), len(str(places.home))] == [len("/project"), len("/home/user")]


def test_a_path_that_was_cut_in_two_is_restored_in_both_pieces(places: Places) -> None:
    path = f"{places.project}/note.txt"
    frames = [edge("start"), piece(path[:3]), piece(path[3:]), edge("stop"), piece(path)]
    restored.stitched(frames, places)
    assert [frame["event"]["delta"]["partial_json"] for frame in (*frames[1:3], frames[4])] == [
        "/pr",
        "oject/note.txt",
        "/project/note.txt",
    ]


def test_pieces_of_different_blocks_are_not_put_together(places: Places) -> None:
    path = str(places.project)
    frames = [piece(path[:3], "text"), edge("stop"), edge("start"), piece(path[3:], "text")]
    assert restored.stitched(frames, places) == set()


def test_a_wire_is_restored_in_place(places: Places, tmp_path: Path) -> None:
    said = str(places.project)
    lines = [json.dumps(frame) for frame in (piece(said[:5]), piece(said[5:]), {"cwd": said})]
    records: list[dict[str, Any]] = [{"t": 0, "dir": "from_cli", "line": line} for line in [*lines, "no JSON"]]
    records.append({"t": 0, "dir": "meta", "line": {"event": "spawn", "cwd": said}})
    path = tmp_path / "wire.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    restored.wire(path, places)
    after = [json.loads(line)["line"] for line in path.read_text().splitlines()]
    assert [json.loads(line) for line in after[:3]] == [piece("/proj"), piece("ect"), {"cwd": "/project"}]
    assert after[3:] == ["no JSON", {"event": "spawn", "cwd": "/project"}]


def test_a_lone_surrogate_is_written_as_its_escape(places: Places, tmp_path: Path) -> None:
    restored.observations([{"kind": "note", "text": "\ud800"}], places, tmp_path / "observed.json")
    assert '"\\ud800"' in (tmp_path / "observed.json").read_text()
