"""Recording again: the same behaviour gives the same bytes, and a change changes what it must."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.stable import write
from claude_code_sdk.errors import CassetteError

TWICE = Path(__file__).parent / "data" / "twice"
HEADER = {"cassette": 1, "cli": "2.1.330", "recorded": "2026-01-02", "mode": "record"}
LATER = {**HEADER, "recorded": "2027-01-02"}


def uuid(seed: int) -> str:
    return f"{seed:08x}-1111-4222-8333-444444444444"


class Run:
    """One recording of a session with random ids, times and counts; `salt` tells recordings apart."""

    def __init__(self, salt: int, *argv: str) -> None:
        self.salt = salt * 1000
        self.entries = [Entry("host", "spawn", {"argv": ["claude", *argv], "cwd": "{{cwd}}", "env": {}})]

    def __call__(self, *words: str) -> list[Entry]:
        for word in words:
            self.add(word)
        return self.entries

    def add(self, word: str) -> None:
        number = len(self.entries)
        own = {"session_id": uuid(self.salt), "uuid": uuid(self.salt + number)}
        at = self.salt + 7 * number
        if word.startswith(">"):
            frame: dict[str, Any] = {"type": "user", "message": {"role": "user", "content": word[1:]}}
            self.entries.append(Entry("host", "frame", frame, at=at))
        elif word == "ask":
            request = {"subtype": "can_use_tool", "tool_name": "Bash", "input": {"timeout_ms": 5}}
            asked = {"type": "control_request", "request_id": uuid(self.salt + 500 + number), "request": request}
            answer = {"subtype": "success", "request_id": asked["request_id"], "response": {"behavior": "allow"}}
            self.entries.append(Entry("cli", "frame", asked, at=at))
            self.entries.append(Entry("host", "frame", {"type": "control_response", "response": answer}, at=at))
        elif word == "done":
            times = {"duration_ms": at, "total_cost_usd": at / 7, "usage": {"input_tokens": at}}
            self.entries.append(Entry("cli", "frame", {"type": "result", **times, **own}, at=at))
        else:
            said = {"role": "assistant", "content": [{"type": "text", "text": word}]}
            frame = {"type": "assistant", "message": said, **own, "timestamp": f"2026-01-01T00:00:{at}Z"}
            self.entries.append(Entry("cli", "frame", frame, at=at))


def run(salt: int, words: str, *argv: str) -> list[Entry]:
    return Run(salt, *argv)(*words.split())


def changed_lines(before: str, after: str) -> list[str]:
    """What a person reviews: the lines of a diff, without their heads."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def texts(path: Path) -> list[str]:
    """What the episodes of a file say, one text each."""
    return [
        " ".join(
            entry.value["message"]["content"][0]["text"]
            for entry in episode.entries
            if entry.kind == "frame" and entry.value["type"] == "assistant"
        )
        for episode in load(path).episodes
    ]


def ids(path: Path) -> list[str]:
    return [
        e.value["uuid"] for ep in load(path).episodes for e in ep.entries if e.kind == "frame" and "uuid" in e.value
    ]


# ---------------------------------------------------------------- nothing changed


@pytest.mark.parametrize("name", ["client_two_turns", "mcp_greet", "mcp_two_servers"])
def test_a_second_recording_of_the_real_cli_leaves_the_file_byte_for_byte(name: str, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    first, second = (import_wires([str(TWICE / f"{name}.{which}.jsonl")]) for which in ("first", "second"))
    assert write(path, first.header, [episode.entries for episode in first.episodes])
    content, state = path.read_bytes(), path.stat()
    assert not write(path, second.header, [episode.entries for episode in second.episodes])
    assert path.read_bytes() == content
    assert path.stat().st_mtime_ns == state.st_mtime_ns
    assert path.stat().st_ino == state.st_ino


def test_sessions_recorded_in_another_order_leave_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    assert write(path, HEADER, [run(1, ">a one done"), run(2, ">b two done"), run(3, ">b two done")])
    assert not write(path, LATER, [run(4, ">b two done"), run(5, ">a one done"), run(6, ">b two done")])


def test_writing_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    for salt, words in enumerate((">a one done", ">a one done", ">a two done"), 1):
        write(tmp_path / "c.jsonl", HEADER, [run(salt, words)])
        assert os.listdir(tmp_path) == ["c.jsonl"]


# ---------------------------------------------------------------- something changed


def test_an_entry_that_changed_is_the_only_difference(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one two three done")])
    before = path.read_text()
    assert write(path, HEADER, [run(2, ">a one 2 three done")])
    removed, added = changed_lines(before, path.read_text())
    assert '"two"' in removed
    assert '"2"' in added


def test_an_entry_more_is_the_only_difference_although_ids_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one ask three done")])
    before = path.read_text()
    assert write(path, HEADER, [run(2, ">a one new ask three done")])
    (added,) = changed_lines(before, path.read_text())
    assert '"new"' in added
    assert len(set(ids(path))) == len(ids(path))


def test_a_file_that_was_changed_before_is_left_when_the_new_behaviour_comes_again(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one ask three done")])
    assert write(path, HEADER, [run(2, ">a one new ask three done")])
    assert not write(path, LATER, [run(3, ">a one new ask three done")])


def test_the_date_of_the_recording_changes_with_the_entries(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done")])
    write(path, LATER, [run(2, ">a two done")])
    assert load(path).header["recorded"] == "2027-01-02"


def test_another_version_of_the_cli_is_a_change(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done")])
    assert write(path, {**HEADER, "cli": "2.2.0"}, [run(2, ">a one done")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"input": {"timeout_ms": 5}}, {"input": {"timeout_ms": 6}}),
        ({"input": {"tokens": 5}}, {"input": {"tokens": 6}}),
        ({"input": 5}, {"input": 6}),
    ],
)
def test_what_a_tool_is_given_is_never_volatile(tmp_path: Path, one: Any, other: Any) -> None:
    def asked(given: Any) -> list[Entry]:
        frame = {"type": "control_request", "request_id": uuid(1), "request": {"subtype": "can_use_tool", **given}}
        return [*run(1, ">a"), Entry("cli", "frame", frame)]

    write(tmp_path / "c.jsonl", HEADER, [asked(one)])
    assert write(tmp_path / "c.jsonl", HEADER, [asked(other)])


def test_another_inventory_is_a_change(tmp_path: Path) -> None:
    def started(tool: str) -> list[Entry]:
        frame = {"type": "system", "subtype": "init", "tools": [tool] * 300, "slash_commands": ["x"]}
        return [*run(1, ">a"), Entry("cli", "frame", frame)]

    path = tmp_path / "c.jsonl"
    write(path, HEADER, [started("Bash")])
    assert not write(path, HEADER, [started("Bash")])
    assert write(path, HEADER, [started("Read")])
    assert load(path).episodes[0].entries[2].value["tools"] == ["Read"] * 300


# ---------------------------------------------------------------- which episodes belong together


def test_episodes_keep_their_places_and_new_ones_come_behind(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done"), run(2, ">b two done")])
    write(path, HEADER, [run(3, ">c three done"), run(4, ">b two done"), run(5, ">a one done")])
    assert texts(path) == ["one", "two", "three"]
    assert len(set(ids(path))) == len(ids(path))


def test_an_episode_that_changed_is_known_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one one done"), run(2, ">b two two done")])
    before = path.read_text()
    write(path, HEADER, [run(3, ">b two 2 done"), run(4, ">a one 1 done")])
    assert len(changed_lines(before, path.read_text())) == 4
    assert texts(path) == ["one 1", "two 2"]


def test_an_episode_that_is_no_more_goes(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done"), run(2, ">b two done")])
    before = path.read_text()
    assert write(path, HEADER, [run(3, ">b two done")])
    assert texts(path) == ["two"]
    assert all(line.startswith("-") for line in changed_lines(before, path.read_text()))


def test_kept_episodes_stay_and_new_ones_come_behind(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done"), run(2, ">b two done")])
    before = path.read_bytes()
    assert write(path, HEADER, [run(3, ">c three done")], kept=load(path).episodes)
    assert path.read_bytes().startswith(before)
    assert texts(path) == ["one", "two", "three"]
    assert len(set(ids(path))) == len(ids(path))


# ---------------------------------------------------------------- failures


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("<<<<<<< a merge\n")
    assert write(path, HEADER, [run(1, ">a one done")])
    assert texts(path) == ["one"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done")])
    before = path.read_bytes()

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CassetteError, match=r"c\.jsonl: the cassette cannot be written: No space left on device"):
        write(path, HEADER, [run(2, ">a two done")])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.jsonl"]


def test_a_recording_that_is_damaged_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write(path, HEADER, [run(1, ">a one done")])
    before = path.read_bytes()
    with pytest.raises(CassetteError, match="the frame is not JSON"):
        write(path, HEADER, [[*run(2, ">a"), Entry("cli", "frame", data=b'{"type":')]])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.jsonl"]


# ---------------------------------------------------------------- in general

words = st.lists(st.sampled_from([">a", ">b", "one", "two", "ask", "done"]), max_size=10).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(words, max_size=3), st.lists(words, max_size=3))
def test_what_is_written_over_a_file_says_what_a_new_file_would(
    tmp_path: Path, before: list[str], after: list[str]
) -> None:
    """Whatever stood there: the same entries but for ids and volatile fields, and written again it stays."""

    def said(path: Path) -> list[str]:
        episodes = [
            json.dumps([shape(entry.value) for entry in episode.entries], sort_keys=True)
            for episode in load(path).episodes
        ]
        return sorted(episodes)

    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    for path in (old, new):
        path.unlink(missing_ok=True)
    write(old, HEADER, [run(10 + n, words) for n, words in enumerate(before)])
    write(old, HEADER, [run(20 + n, words) for n, words in enumerate(after)])
    write(new, HEADER, [run(30 + n, words) for n, words in enumerate(after)])
    assert said(old) == said(new)
    assert len(set(ids(old))) == len(ids(old))
    assert not write(old, LATER, [run(40 + n, words) for n, words in enumerate(after)])


def shape(value: Any) -> Any:
    """A value without ids and volatile fields."""
    if isinstance(value, dict):
        volatile = ("uuid", "session_id", "request_id", "timestamp", "duration_ms", "total_cost_usd", "usage")
        return {key: shape(item) for key, item in value.items() if key not in volatile}
    return [shape(item) for item in value] if isinstance(value, list) else value
