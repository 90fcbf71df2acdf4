"""A raw episode becomes what is stored: in order, and in little memory."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload
from uuid import UUID

import pytest

from claude_code_sdk.cassettes.aliases import Aliases
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.entry_line import decode_line, encode_entry
from claude_code_sdk.cassettes.id_table import IdTable
from claude_code_sdk.cassettes.inventory import Inventory
from claude_code_sdk.cassettes.normalize import normalize, normalize_lines
from claude_code_sdk.cassettes.plain import Stretch, stretches_in

ARGV = ["claude", "--input-format", "stream-json"]
SESSION = "f805a4e3-3c08-444d-aa9c-3bc2077cf7ed"


class Window(Sequence[Entry]):
    """A recording of `plain` plain frames that exists only while it is looked at, with all ids unlike."""

    def __init__(self, plain: int) -> None:
        self.plain = plain

    def __len__(self) -> int:
        return self.plain + 4

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        assert isinstance(index, int)
        if index >= len(self):
            raise IndexError(index)
        line = self.line(index)
        return decode_line(line, 0, len(line), index + 2, "window")

    def line(self, index: int) -> bytes:
        ends = {
            0: Entry("host", "spawn", {"argv": ARGV, "cwd": None, "env": {}}),
            1: Entry("host", "frame", {"type": "user", "message": {"role": "user", "content": "go"}}),
            len(self) - 2: Entry("host", "eof", True),
            len(self) - 1: Entry("cli", "exit", 0),
        }
        return encode_entry(ends[index]) if index in ends else encode_entry(self.frame(index))

    def frame(self, index: int) -> Entry:
        chance = random.Random(index)
        own = {"session_id": SESSION, "uuid": str(UUID(int=chance.getrandbits(128), version=4))}
        message = f"msg_01{index // 10:022d}"
        if index % 10 < 6:
            event = {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "word " * (index % 7)}}
            return Entry("cli", "frame", {"type": "stream_event", "event": event, **own, "api_message_id": message})
        block = {"type": "tool_use", "id": f"toolu_01{index:022d}", "name": "Bash", "input": {}}
        return Entry("cli", "frame", {"type": "assistant", "message": {"id": message, "content": [block]}, **own})


class Blocks(Window):
    """The same, read many lines at a time."""

    def stretches(self, *, all_lines: bool = True) -> Iterator[Stretch]:
        for first in range(0, len(self), 100):
            lines = [self.line(index) + b"\n" for index in range(first, min(first + 100, len(self)))]
            yield from stretches_in(b"".join(lines), first)


def no_sidecar(inventory: Inventory) -> None:
    raise AssertionError(inventory.name)


def lines(window: Sequence[Entry]) -> list[bytes]:
    return b"".join(normalize_lines(window, Aliases(), no_sidecar)).splitlines()


def test_a_window_that_is_read_in_blocks_gives_the_same_lines() -> None:
    one, other = lines(Blocks(350)), lines(Window(350))
    assert one == other == [encode_entry(entry) for entry in normalize(Window(350))]
    assert len(set(one)) == 354


@pytest.mark.parametrize("window", [Window, Blocks])
def test_of_a_plain_frame_less_is_kept_than_one_object_takes(window: Any) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in normalize_lines(window(count), Aliases(), no_sidecar):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(300)  # what is made once
    assert (peak(3300) - peak(300)) / 3000 < 40


def test_a_table_of_ids_knows_what_was_put_there_and_nothing_else() -> None:
    table = IdTable()
    names = [b"%d" % number for number in range(3000)]
    for number, name in enumerate(names, 1):
        assert table.get(name) == 0
        table.put(name, number)
    assert [table.get(name) for name in names] == list(range(1, 3001))
    assert len(table) == 3000
    assert table.get(b"x") == 0
    table.put(b"7", 9)
    assert (table.get(b"7"), len(table)) == (9, 3000)


def test_text_of_the_cli_that_is_not_utf_8_comes_through() -> None:
    spawn = Entry("host", "spawn", {"argv": ARGV, "cwd": None, "env": {"A": "\ud800"}})
    noise = Entry("cli", "noise", "\udcff { \u2028")
    assert [entry.value for entry in normalize([spawn, noise])] == [spawn.value, noise.value]


def test_further_keys_of_a_line_are_kept() -> None:
    spawn = Entry("host", "spawn", {"argv": ARGV, "cwd": None, "env": {}})
    torn = Entry("cli", "frame", {"type": "assistant", "uuid": SESSION}, extra={"torn": True}, at=7)
    entry = list(normalize([spawn, torn]))[1]
    assert (entry.extra, entry.at) == ({"torn": True}, 7)
    assert json.loads(encode_entry(entry))["torn"] is True


def test_a_recording_of_the_project_is_normal() -> None:
    from claude_code_sdk.cassettes.jsonl import load

    for path in sorted((Path(__file__).parents[2] / "cassettes").glob("*.jsonl")):
        for episode in load(path).episodes:
            again = [entry.value for entry in normalize(episode.entries)]
            assert again == [entry.value for entry in episode.entries], path.name
