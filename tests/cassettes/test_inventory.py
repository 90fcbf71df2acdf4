"""What a CLI says about itself stands in a sidecar, once for all cassettes; a frame is whole again when it is read."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.inventory import KEY, folder_of, take_apart
from claude_code_sdk.cassettes.jsonl import dump, load, loads
from claude_code_sdk.cassettes.normalize import normalize
from claude_code_sdk.errors import CassetteError

SAMPLE = Path(__file__).parents[2] / "cassettes" / "perm_allow.jsonl"
TOOLS = [f"Tool{number}" for number in range(200)]
INIT: dict[str, Any] = {
    "type": "system",
    "subtype": "init",
    "tools": TOOLS,
    "mcp_servers": [{"name": "kit", "status": "connected"}],
    "model": "m",
    "slash_commands": ["clear", "tools"],
    "claude_code_version": "2.1.330",
    "agents": ["Plan"],
    "skills": [],
    "analytics_disabled": True,
    "note": '"tools":200',
}
LISTS = {"commands": [{"name": "n" * 50, "description": '"models":2'}] * 30, "models": [1, 2], "pid": 9}
ANSWER: dict[str, Any] = {
    "type": "control_response",
    "response": {"subtype": "success", "request_id": "req_1", "response": LISTS},
}


def recorded(*frames: dict[str, Any]) -> Cassette:
    spawn = Entry("host", "spawn", {"argv": ["claude"], "cwd": None, "env": {}})
    return Cassette("x", {}, [Episode(list(normalize([spawn, *(Entry("cli", "frame", frame) for frame in frames)])))])


def sidecars(folder: Path) -> list[str]:
    return sorted(os.listdir(folder / "inventory")) if (folder / "inventory").exists() else []


def test_the_lists_of_an_init_stand_in_a_sidecar_and_their_sizes_in_the_frame(tmp_path: Path) -> None:
    dump(recorded(INIT), tmp_path / "c.jsonl")
    (name,) = sidecars(tmp_path)
    line = json.loads((tmp_path / "c.jsonl").read_text().splitlines()[2])
    assert line[KEY] == name
    assert line["frame"] == {
        **{key: INIT[key] for key in ("type", "subtype", "mcp_servers", "model", "claude_code_version", "note")},
        "tools": 200,
        "slash_commands": 2,
        "agents": "3 members",
    }
    assert json.loads((tmp_path / "inventory" / name).read_text()) == {
        key: INIT[key] for key in ("tools", "slash_commands", "agents", "skills", "analytics_disabled")
    }


def test_the_lists_of_the_initialize_answer_stand_in_a_sidecar(tmp_path: Path) -> None:
    dump(recorded(ANSWER), tmp_path / "c.jsonl")
    frame = json.loads((tmp_path / "c.jsonl").read_text().splitlines()[2])["frame"]
    assert frame["response"]["response"] == {"commands": "2 members", "pid": 9}


@pytest.mark.parametrize("frame", [INIT, ANSWER])
def test_a_frame_is_whole_when_it_is_read(tmp_path: Path, frame: dict[str, Any]) -> None:
    cassette = recorded(frame)
    dump(cassette, tmp_path / "c.jsonl")
    entry = load(tmp_path / "c.jsonl").episodes[0].entries[1]
    assert entry.frame_bytes == cassette.episodes[0].entries[1].frame_bytes
    assert entry.value == frame


def test_a_sidecar_is_named_for_the_version_of_the_cli_and_its_content(tmp_path: Path) -> None:
    dump(recorded(INIT), tmp_path / "one.jsonl")
    dump(recorded({**INIT, "claude_code_version": "2.2.0", "tools": TOOLS[1:]}), tmp_path / "other.jsonl")
    first, second = sidecars(tmp_path)
    assert first.startswith("2.1.330-")
    assert second.startswith("2.2.0-")


def test_cassettes_share_a_sidecar_and_do_not_write_it_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "cassettes" / f"test_{name}"
        folder.mkdir(parents=True)
        dump(recorded(INIT), folder / "c.jsonl")
        (found,) = sidecars(tmp_path / "cassettes")
        assert sidecars(folder) == []
        file = tmp_path / "cassettes" / "inventory" / found
        if name == "one":
            os.utime(file, (1, 1))
    assert file.stat().st_mtime == 1


def test_sidecars_lie_in_the_nearest_folder_named_cassettes(tmp_path: Path) -> None:
    inner = tmp_path / "cassettes" / "more" / "cassettes"
    assert folder_of(str(inner / "test_it" / "c.jsonl")) == str(inner / "inventory")
    assert folder_of(str(tmp_path / "c.jsonl")) == str(tmp_path / "inventory")


def test_a_small_inventory_stays_in_the_frame(tmp_path: Path) -> None:
    dump(recorded({**INIT, "tools": ["Bash"]}), tmp_path / "c.jsonl")
    assert sidecars(tmp_path) == []


def test_a_damaged_sidecar_is_written_again(tmp_path: Path) -> None:
    dump(recorded(INIT), tmp_path / "c.jsonl")
    (name,) = sidecars(tmp_path)
    content = (tmp_path / "inventory" / name).read_bytes()
    (tmp_path / "inventory" / name).write_bytes(content[:-9])
    dump(recorded(INIT), tmp_path / "c.jsonl")
    assert (tmp_path / "inventory" / name).read_bytes() == content
    assert sidecars(tmp_path) == [name]


def test_a_cassette_that_was_copied_alone_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path / "c.jsonl")
    with pytest.raises(CassetteError) as caught:
        load(tmp_path / "c.jsonl")
    name = load(SAMPLE).episodes[0].entries[2].extra
    assert name is not None
    assert str(caught.value) == (
        f"{tmp_path}/c.jsonl:4:1: the inventory {name[KEY]} of this line is missing: "
        f"it is not in {tmp_path}/inventory. A cassette is copied together with its inventories; or record again"
    )


def test_a_cassette_is_found_its_inventories_beside_it_and_through_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "cassettes" / "test_it"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE, folder)
    shutil.copytree(SAMPLE.parent / "inventory", folder / "inventory")
    (tmp_path / "link.jsonl").symlink_to(SAMPLE)
    for path in (folder / SAMPLE.name, tmp_path / "link.jsonl"):
        assert load(path).episodes[0].entries[2].value == load(SAMPLE).episodes[0].entries[2].value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content[:-1], "is damaged; take both from the same commit, or record again"),
        (lambda content: b"", "is damaged"),
        (lambda content: content.replace(b"Tool7", b"Tool8"), "is damaged"),
        (lambda content: b"\xff" * 20, "is damaged"),
    ],
)
def test_a_damaged_sidecar_is_told_with_the_line_that_needs_it(tmp_path: Path, change: Any, said: str) -> None:
    dump(recorded(INIT), tmp_path / "c.jsonl")
    (name,) = sidecars(tmp_path)
    file = tmp_path / "inventory" / name
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(CassetteError) as caught:
        load(tmp_path / "c.jsonl")
    assert str(caught.value).startswith(f"{tmp_path}/c.jsonl:3:1: the inventory {file} {said}")


def test_a_sidecar_that_does_not_fit_its_line_is_told(tmp_path: Path) -> None:
    dump(recorded(INIT), tmp_path / "c.jsonl")
    path = tmp_path / "c.jsonl"
    path.write_text(path.read_text().replace('"tools":200,"mcp', '"tools":201,"mcp'))
    with pytest.raises(CassetteError, match=r"c\.jsonl:3:1: the inventory .* does not fit this line"):
        load(path)


@pytest.mark.parametrize("name", ["../x.json", "x", 7, "/etc/passwd"])
def test_the_name_of_an_inventory_is_no_path(name: Any) -> None:
    spawn = b'{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null}}\n'
    line = b'{"at":1,"from":"cli","inventory":%b,"frame":{}}\n' % json.dumps(name).encode()
    with pytest.raises(CassetteError, match=r'c\.jsonl:3:1: "inventory" is the name of a file'):
        loads(b'{"cassette":1}\n' + spawn + line, path="c.jsonl")


def test_a_permission_prompt_run_takes_at_most_8_kb() -> None:
    kinds = [entry.kind for entry in load(SAMPLE).episodes[0].entries]
    assert kinds.count("frame") >= 10
    assert SAMPLE.stat().st_size <= 8000


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["tools", "agents", "skills", "view_mode", "cwd", "uuid", "x", "2 members", "slash_commands"])


@given(st.dictionaries(keys, values), st.sampled_from([(",", ":"), (", ", ": ")]), st.booleans())
def test_whatever_is_taken_apart_can_be_put_together(frame: dict[str, Any], separators: Any, ascii_only: bool) -> None:
    from claude_code_sdk.cassettes import inventory

    data = json.dumps(frame, separators=separators, ensure_ascii=ascii_only).encode("utf-8", "backslashreplace")
    apart = take_apart(data, least=1)
    if apart is not None:
        json.loads(apart.frame)
        json.loads(apart.content)
        assert inventory._put_together(apart.frame, inventory._parse(apart.content)) == data
