"""Damaged partial files, made at random: `recover` takes what is whole, or tells the damage, and makes nothing up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Cassette
from claude_code_sdk.cassettes.entry_line import encode_entry
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.saving import recover, save
from claude_code_sdk.errors import CassetteError

from .damage import WHOLE, bits_flipped, bytes_put, encoded_otherwise, fields_changed, lines_moved, truncated

ENTRIES = WHOLE.splitlines(keepends=True)[1:]
PARTIAL = b"".join(
    [
        b'{"cassette":1,"partial":true,"pid":1,"program":"p"}\n',
        b'{"run":1,"began":100}\n',
        *ENTRIES[:9],
        b'{"run":2,"began":50}\n',
        *ENTRIES[15:20],
        b'{"redacted":{"email":1}}\n{"held":12}\n{"run":1}\n',
        *ENTRIES[9:15],
        b'{"closed":true}\n{"run":2}\n',
        *ENTRIES[20:],
        b'{"closed":true}\n',
    ]
)
"""Both episodes of `WHOLE`, of two runs at once."""

HEADER, RUN, *_ = PARTIAL.splitlines(keepends=True)
SPAWN = ENTRIES[15]


def damaged_partials() -> st.SearchStrategy[bytes]:
    ways = (truncated, bits_flipped, bytes_put, lines_moved, encoded_otherwise, fields_changed)
    return st.one_of(*(way(PARTIAL) for way in ways))


@pytest.fixture(scope="module")
def partial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recording") / "it.jsonl.partial"


def lines_of(cassette: Cassette) -> list[bytes]:
    return [encode_entry(entry) + b"\n" for episode in cassette.episodes for entry in episode.entries]


def recovered(partial: Path, data: bytes) -> Cassette | CassetteError:
    """What `recover` makes of a partial with this content, or raises."""
    partial.write_bytes(data)
    try:
        return recover(partial)
    except CassetteError as error:
        return error


def test_the_runs_of_a_whole_partial_are_recovered(partial: Path) -> None:
    found = recovered(partial, PARTIAL)
    assert isinstance(found, Cassette)
    assert [lines_of(Cassette("", {}, [episode])) for episode in found.episodes] == [ENTRIES[:15], ENTRIES[15:]]


@settings(max_examples=300, deadline=None)
@given(truncated(PARTIAL))
def test_of_a_partial_that_was_cut_every_whole_line_is_recovered(partial: Path, data: bytes) -> None:
    found = recovered(partial, data)
    whole = [line for line in data.splitlines(keepends=True) if line.endswith(b"\n") and line.startswith(b'{"at":')]
    if isinstance(found, Cassette):
        assert sorted(lines_of(found)) == sorted(whole)
    else:
        assert not data.startswith(HEADER)
        assert whole == []


@settings(max_examples=600, deadline=None)
@given(damaged_partials())
def test_a_damaged_partial_is_told_or_what_it_says_is_recovered(partial: Path, data: bytes) -> None:
    found = recovered(partial, data)
    if isinstance(found, CassetteError):
        place = re.match(rf"{re.escape(str(partial))}:(\d+):\d+: ", str(found))
        assert place is not None, found
        assert int(place[1]) <= data.count(b"\n") + 1
    else:
        entries = [entry for run in found.episodes for entry in run.entries]
        assert all(entry.frame_bytes in data for entry in entries if entry.kind == "frame")


@settings(max_examples=150, deadline=None)
@given(damaged_partials())
def test_what_is_saved_of_a_damaged_partial_is_a_whole_cassette(partial: Path, data: bytes) -> None:
    partial.write_bytes(data)
    path = partial.parent / "it.jsonl"
    path.unlink(missing_ok=True)
    try:
        save(path, [partial])
    except CassetteError:
        assert not path.exists()
    else:
        load(path).validate()


# ---------------------------------------------------------------- holes that were found this way


@pytest.mark.parametrize(
    "mark",
    [
        '{"run":true}',
        '{"run":2,"began":"x"}',
        '{"run":2,"began":null}',
        '{"held":"x"}',
        '{"redacted":{"a":"x"}}',
        '{"redacted":[]}',
        '{"closed":1}',
        "{}",
        "[1]",
        '{"redacted":' + "[" * 100_000,
    ],
    ids=lambda mark: mark[:25],
)
def test_a_mark_that_says_what_no_mark_says_is_damage(partial: Path, mark: str) -> None:
    found = recovered(partial, HEADER + RUN + SPAWN + mark.encode() + b"\n")
    assert str(found) == f"{partial}:4:1: neither an entry nor a mark of a partial file"


def test_a_header_that_is_nested_too_deep_is_none(partial: Path) -> None:
    found = recovered(partial, b"[" * 100_000 + b"\n")
    assert str(found) == f"{partial}:1:1: this is no partial file: its first line is not the header of one"


@pytest.mark.parametrize("place", [10, 12, 14])
@pytest.mark.parametrize(("line", "kind"), [(ENTRIES[14], "exit"), (SPAWN, "spawn")])
def test_a_run_that_begins_or_ends_twice_is_not_saved(partial: Path, line: bytes, kind: str, place: int) -> None:
    run = [*ENTRIES[:place], line, *ENTRIES[place:15]]
    found = recovered(partial, HEADER + RUN + b"".join(run))
    assert isinstance(found, CassetteError)
    assert str(found).startswith(f"{partial}:{place + 3}:1: '{kind}' in the middle of a run")
    with pytest.raises(CassetteError, match=f"'{kind}' in the middle of a run"):
        save(partial.parent / "it.jsonl", [partial])
