"""Cassettes whose inventories are missing, damaged or another's: told at the line that needs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.inventory import FOLDER, take_apart
from claude_code_sdk.cassettes.jsonl import dump, load
from claude_code_sdk.errors import CassetteError

from .damage import bits_flipped, bytes_put, truncated
from .playing import cli, exits, says, spawn

INIT = {
    "type": "system",
    "subtype": "init",
    "cwd": "/",
    "tools": [f"tool {number}" for number in range(60)],
    "model": "m",
    "slash_commands": [f"command {number}" for number in range(60)],
    "claude_code_version": "2.1.330",
    "agents": ["one", "two"],
}
FRAME = json.dumps(INIT, separators=(",", ":")).encode()
_APART = take_apart(FRAME)
assert _APART is not None
NAME = _APART.name
LINE = 3
"""The line of the cassette that needs its inventory."""


def written(folder: Path) -> Path:
    """A cassette with its inventory beside it."""
    init = Entry("cli", "frame", data=FRAME, extra={"inventory": NAME})
    path = folder / "it.jsonl"
    dump(Cassette(str(path), {}, [Episode([spawn(), init, cli(says("hello")), exits()])]), path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path)


def sidecar(path: Path) -> Path:
    return path.parent / FOLDER / NAME


def error_of(path: Path) -> str:
    with pytest.raises(CassetteError) as caught:
        load(path).validate()
    return str(caught.value)


def test_a_whole_cassette_has_its_frames_whole(path: Path) -> None:
    assert sidecar(path).exists()
    assert NAME.encode() in path.read_bytes()
    assert load(path).episodes[0].entries[1].frame_bytes == FRAME


def test_a_cassette_without_its_inventory_is_damaged(path: Path) -> None:
    shutil.rmtree(path.parent / FOLDER)
    assert error_of(path).startswith(f"{path}:{LINE}:1: the inventory {NAME} of this line is missing: it is not")


def test_an_inventory_that_is_a_folder_is_damaged(path: Path) -> None:
    sidecar(path).unlink()
    sidecar(path).mkdir()
    assert error_of(path).startswith(f"{path}:{LINE}:1: the inventory {sidecar(path)} cannot be read: Is a directory")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_an_inventory_that_was_changed_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("it"))
    content = sidecar(path).read_bytes()
    changed = data.draw(st.one_of(truncated(content), bits_flipped(content), bytes_put(content)))
    if changed == content:
        return
    sidecar(path).write_bytes(changed)
    assert error_of(path).startswith(f"{path}:{LINE}:1: the inventory {sidecar(path)} is damaged")


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a", "../a.json", "/etc/passwd", "a\0.json", "\ud83d.json", "x" * 300 + ".json", 1, None, [], {}],
    ids=lambda name: repr(name)[:20],
)
def test_an_inventory_with_a_name_that_no_file_has_is_damage(path: Path, name: object) -> None:
    changed = path.read_bytes().replace(json.dumps(NAME).encode(), json.dumps(name).encode())
    path.write_bytes(changed)
    assert error_of(path).startswith(f"{path}:{LINE}:1: ")


def test_an_inventory_of_another_frame_is_damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"tools":60', b'"tools":61'))
    assert error_of(path).startswith(f"{path}:{LINE}:1: the inventory {NAME} does not fit this line; ")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_cassette_with_an_inventory_is_told_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("it"))
    whole = path.read_bytes()
    path.write_bytes(data.draw(st.one_of(truncated(whole), bits_flipped(whole), bytes_put(whole))))
    told = f"{path}:1:1: "
    try:
        load(path).validate()
    except CassetteError as error:
        told = str(error)
    assert told.startswith(f"{path}:")
