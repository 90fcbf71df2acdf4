"""The file format: what is read, what is written, and how damage is told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes import stable
from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.entry_line import OWN_FRAME
from claude_code_sdk.cassettes.jsonl import dump, dumps, load, loads
from claude_code_sdk.errors import CassetteError, CassetteNotFound

HEADER = b'{"cassette":1,"sdk":null}\n'
SPAWN = b'{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":"{{cwd}}","env":{}}}\n'
FRAME = b'{"at":12,"from":"cli","frame":{"type":"system","n":1}}\n'
EXIT = b'{"at":99,"from":"cli","exit":0}\n'

SAMPLES = sorted((Path(__file__).parents[2] / "cassettes").glob("*.jsonl"))

texts = st.text(st.characters(codec=None), max_size=20)
entries = st.one_of(
    st.builds(Entry, st.sampled_from(["host", "cli"]), st.just("frame"), st.dictionaries(texts, texts)),
    st.builds(Entry, st.sampled_from(["host", "cli"]), st.just("noise"), texts),
    st.builds(Entry, st.just("cli"), st.just("stderr"), texts, at=st.integers(0, 10**6)),
    st.builds(Entry, st.just("host"), st.just("signal"), st.just("SIGINT")),
    st.builds(Entry, st.just("host"), st.just("eof"), st.just(True), extra=st.just({"note": "x"})),
)


def only(data: bytes) -> Episode:
    (episode,) = loads(HEADER + SPAWN + data, path="c.jsonl").episodes
    return episode


def entry(line: bytes) -> Entry:
    return only(line).entries[1]


def facts(entry: Entry) -> tuple[Any, ...]:
    return entry.source, entry.kind, entry.at, entry.value, entry.extra


# ---------------------------------------------------------------- reading


def test_an_episode_reaches_from_its_spawn_to_the_next() -> None:
    cassette = loads(HEADER + SPAWN + FRAME + EXIT + SPAWN + EXIT)
    assert [(e.number, e.first_line, len(e.entries)) for e in cassette.episodes] == [(1, 2, 3), (2, 5, 2)]


def test_an_episode_may_lack_its_exit_when_another_follows() -> None:
    assert [len(e.entries) for e in loads(HEADER + SPAWN + FRAME + SPAWN).episodes] == [2, 1]


def test_a_cassette_may_have_no_episode() -> None:
    assert loads(HEADER).episodes == []


def test_the_header_is_kept_with_all_its_fields() -> None:
    assert loads(b'{"cassette":1,"new":[2]}').header == {"cassette": 1, "new": [2]}


def test_an_entry_knows_its_line() -> None:
    assert [e.number for e in only(FRAME + EXIT).entries] == [2, 3, 4]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (FRAME, ("cli", "frame", 12, {"type": "system", "n": 1}, None)),
        (b'{"at":3,"from":"host","frame":{}}\n', ("host", "frame", 3, {}, None)),
        (b'{"at":431,"from":"cli","stderr":"warning"}\n', ("cli", "stderr", 431, "warning", None)),
        (b'{"at":505,"from":"cli","noise":"not JSON"}\n', ("cli", "noise", 505, "not JSON", None)),
        (b'{"at":500,"from":"host","eof":true}\n', ("host", "eof", 500, True, None)),
        (b'{"at":550,"from":"host","signal":"SIGTERM"}\n', ("host", "signal", 550, "SIGTERM", None)),
        (b'{"at":600,"from":"cli","exit":-9}\n', ("cli", "exit", 600, -9, None)),
        (b'{"at":1,"from":"cli","torn":true,"noise":"{"}\n', ("cli", "noise", 1, "{", {"torn": True})),
    ],
)
def test_every_kind_of_entry_is_read(line: bytes, expected: tuple[Any, ...]) -> None:
    assert facts(entry(line)) == expected


@pytest.mark.parametrize(
    "line",
    [
        b'{ "at": 1, "from": "cli", "frame": {"a": [1,  2]} }\n',
        b'{"frame":{"a": [1,  2]},"from":"cli","at":1}\r\n',
        '{"note":"ü","at":1,"from":"cli","frame":{"a": [1,  2]}}\n'.encode(),
        b'{"at":1,"from":"cli","frame":{"a": [1,  2]}}',
    ],
)
def test_a_hand_written_frame_is_delivered_as_it_was_written(line: bytes) -> None:
    assert entry(line).frame_bytes == b'{"a": [1,  2]}'


def test_line_separators_inside_a_frame_do_not_split_its_line() -> None:
    line = '{"at":1,"from":"cli","frame":{"t":"a\u2028b\u2029c\x85d"}}\n'.encode()
    assert entry(line).value == {"t": "a\u2028b\u2029c\x85d"}


def test_entries_are_a_sequence() -> None:
    found = only(FRAME + EXIT).entries
    assert [e.kind for e in found] == ["spawn", "frame", "exit"]
    assert [e.kind for e in found[1:]] == ["frame", "exit"]
    assert found[-1].kind == "exit"
    with pytest.raises(IndexError):
        _ = found[3]


def test_a_frame_in_our_own_writing_is_not_decoded_at_load() -> None:
    damaged_inside = b'{"at":1,"from":"cli","frame":{"a":1,}}\n'
    assert entry(damaged_inside + EXIT).frame_bytes == b'{"a":1,}'


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "c.jsonl:1:1: the file is empty; the first line of a cassette is its header"),
        (b"\n", "c.jsonl:1:1: the line is not a JSON object: expected '{'"),
        (b'{"sdk":1}\n', 'c.jsonl:1:1: this is no cassette: its first line has no "cassette", the format version'),
        (
            b'{"sdk":"x","cassette":2}\n',
            "c.jsonl:1:23: format version 2; this release reads version 1. Record it again, or use the release that",
        ),
        (b'{"cassette":true}', "c.jsonl:1:13: format version True; this release reads version 1"),
        (HEADER + FRAME, "c.jsonl:2:1: an entry before any spawn; an episode begins with spawn and ends with exit"),
        (HEADER + SPAWN + EXIT + FRAME, "c.jsonl:4:1: an entry after the exit of its episode"),
        (HEADER + SPAWN + EXIT + EXIT, "c.jsonl:4:1: an entry after the exit of its episode"),
        (HEADER + SPAWN + FRAME[:-9], "c.jsonl:3:"),
        (HEADER + SPAWN + FRAME[:-2], "c.jsonl:3:54: the line is not a JSON object: expected ','"),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","frame":{"a":{"b":1}}', "c.jsonl:3:42: the frame is not JSON: "),
        (HEADER + SPAWN + b"\n" + FRAME, "c.jsonl:3:1: the line is not a JSON object: expected '{'"),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","exit":0}]\n', "c.jsonl:3:31: the line is not a JSON object: more"),
        (HEADER + SPAWN + b'{"at":1,"at":1}\n', 'c.jsonl:3:9: the line is not a JSON object: "at" stands there twice'),
        (HEADER + SPAWN + b'{"at":1 "from":1}\n', "c.jsonl:3:9: the line is not a JSON object: expected ','"),
        (HEADER + SPAWN + b"{at:1}\n", "c.jsonl:3:2: the line is not a JSON object: expected a key"),
        (HEADER + SPAWN + b'{"a":NaN}\n', "c.jsonl:3:1: the line is not a JSON object: NaN is not JSON"),
        (HEADER + SPAWN + b'{"\xc3\xa4":"\xff"}\n', "c.jsonl:3:7: the line is not UTF-8 (invalid start byte)"),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","shout":1}\n', "c.jsonl:3:1: no known entry kind in the line; a line"),
        (HEADER + SPAWN + b'{"at":1,"exit":1,"eof":true}\n', "c.jsonl:3:1: two entry kinds in one line: eof, exit; a"),
        (HEADER + SPAWN + b'{"from":"cli","exit":0}\n', 'c.jsonl:3:1: "at" must be there: whole milliseconds'),
        (HEADER + SPAWN + b'{"at":-1,"from":"cli","exit":0}\n', 'c.jsonl:3:7: "at" must be there: whole'),
        (HEADER + SPAWN + b'{"at":1,"exit":0}\n', 'c.jsonl:3:1: "from" must be "cli" for exit'),
        (HEADER + SPAWN + b'{"at":1,"from":"host","exit":0}\n', 'c.jsonl:3:16: "from" must be "cli" for exit'),
        (HEADER + SPAWN + b'{"at":1,"from":"me","frame":{}}\n', 'c.jsonl:3:16: "from" must be "host" or "cli" for'),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","frame":[]}\n', "c.jsonl:3:30: a frame is a JSON object"),
        (HEADER + SPAWN + b'{"at":1,"from":"host","eof":1}\n', 'c.jsonl:3:29: "eof" is true'),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","exit":true}\n', 'c.jsonl:3:29: "exit" is the exit code, negative'),
        (HEADER + SPAWN + b'{"at":1,"from":"cli","stderr":1}\n', 'c.jsonl:3:31: "stderr" is text'),
        (HEADER + b'{"at":0,"from":"host","spawn":[]}\n', 'c.jsonl:2:31: "spawn" is an object with argv, cwd and'),
        (HEADER + b'{"at":0,"from":"host","spawn":{"argv":[]}}\n', 'c.jsonl:2:31: "argv" of a spawn is a list of'),
        (HEADER + SPAWN.replace(b'"{{cwd}}"', b"1"), 'c.jsonl:2:31: "cwd" of a spawn is a path or null'),
        (HEADER + SPAWN.replace(b'"env":{}', b'"env":{"A":1}'), 'c.jsonl:2:31: "env" of a spawn is an object'),
    ],
)
def test_structural_damage_is_told_with_file_line_and_column(data: bytes, error: str) -> None:
    with pytest.raises(CassetteError) as caught:
        loads(data, path="c.jsonl")
    assert str(caught.value).startswith(error)


@given(st.data())
def test_a_file_that_is_cut_anywhere_is_whole_up_to_there_or_damaged(data: st.DataObject) -> None:
    whole = HEADER + SPAWN + FRAME + EXIT + SPAWN + FRAME + FRAME + EXIT
    cut = data.draw(st.integers(0, len(whole) - 1))
    at_a_line_end = whole[cut - 1 : cut] == b"\n" or whole[cut : cut + 1] == b"\n"
    try:
        loads(whole[:cut])
    except CassetteError:
        assert cut == 0 or not at_a_line_end
    else:
        assert at_a_line_end


@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_change_of_a_file_is_read_or_told_and_nothing_else(noise: bytes, at: int) -> None:
    data = HEADER + SPAWN + FRAME + EXIT
    changed = data[:at] + noise + data[at + len(noise) :]
    told = "<memory>:"
    try:
        loads(changed).validate()
    except CassetteError as error:
        told = str(error)
    assert told.startswith("<memory>:")


def test_a_missing_file_is_another_error_than_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(CassetteNotFound, match=r"none\.jsonl: there is no such cassette$"):
        load(path)


def test_a_path_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r": the cassette cannot be read: Is a directory$") as caught:
        load(tmp_path)
    assert not isinstance(caught.value, CassetteNotFound)


# ---------------------------------------------------------------- writing


@given(st.lists(st.lists(entries, max_size=5), max_size=3))
def test_what_is_written_is_read_again(runs: list[list[Entry]]) -> None:
    spawn = Entry("host", "spawn", {"argv": ["claude", "ü\ud800"], "cwd": None, "env": {"A": "b"}})
    written = Cassette("x", {"cassette": 1, "mode": "once"}, [Episode([spawn, *run]) for run in runs])
    read = loads(dumps(written))
    assert read.header == written.header
    assert [[facts(e) for e in episode.entries] for episode in read.episodes] == [
        [facts(e) for e in episode.entries] for episode in written.episodes
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_file_in_our_own_writing_is_written_again_byte_for_byte(path: Path, tmp_path: Path) -> None:
    cassette = load(path)
    cassette.validate()
    dump(cassette, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()
    for sidecar in (tmp_path / "inventory").iterdir():
        assert sidecar.read_bytes() == (path.parent / "inventory" / sidecar.name).read_bytes()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_cassette_can_be_written_into_one_file(path: Path) -> None:
    whole = loads(dumps(load(path)))
    apart = load(path)
    assert [facts(e)[:-1] for e in whole.episodes[0].entries] == [facts(e)[:-1] for e in apart.episodes[0].entries]
    assert any("inventory" in (e.extra or {}) for e in apart.episodes[0].entries)
    assert not any("inventory" in (e.extra or {}) for e in whole.episodes[0].entries)


def test_our_own_writing_is_utf_8_with_the_frame_last() -> None:
    spawn = Entry("host", "spawn", {"argv": ["claude"], "cwd": None, "env": {}})
    frame = Entry("cli", "frame", {"t": "é"}, at=7, extra={"torn": True})
    lines = dumps(Cassette("x", {}, [Episode([spawn, frame])])).decode().splitlines()
    assert lines == [
        '{"cassette":1}',
        '{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null,"env":{}}}',
        '{"at":7,"from":"cli","torn":true,"frame":{"t":"é"}}',
    ]


def test_dump_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("old")
    dump(loads(HEADER + SPAWN + EXIT), path)
    assert path.read_bytes() == HEADER + SPAWN + EXIT
    assert os.listdir(tmp_path) == ["c.jsonl"]


@pytest.mark.parametrize("way", ["dump", "stable.write"])
def test_what_a_killed_writer_left_is_in_nobodys_way(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container the next process has the id of the one before."""
    path = tmp_path / "x.jsonl"
    entries = [Entry("host", "spawn", {"argv": ["claude"]}), Entry("cli", "exit", 0)]

    def write() -> None:
        if way == "dump":
            dump(Cassette(str(path), {"cli": None}, [Episode(entries)]), path)
        else:
            stable.write(path, {"cli": None}, [entries])

    def killed(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", killed)
        patched.setattr(os, "unlink", lambda _: None)  # as if nobody were there any more to do it
        write()
    assert list(tmp_path.iterdir())
    write()
    assert load(path).episodes[0].exit_code == 0
    assert list(tmp_path.iterdir()) == [path]


def test_dump_through_a_symbolic_link_replaces_what_it_names(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    dump(loads(HEADER), link)
    assert link.is_symlink()
    assert target.read_bytes() == HEADER


def test_a_dump_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CassetteError, match=r"c\.jsonl: the cassette cannot be written: No space left on device"):
        dump(loads(HEADER), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["c.jsonl"]


# ---------------------------------------------------------------- long recordings


def test_stops_are_the_entries_that_need_a_look(tmp_path: Path) -> None:
    lines = [FRAME, b'{"at":1,"from":"host","frame":{"type":"user"}}\n', FRAME, FRAME]
    lines += [b'{"at":1,"from":"cli","frame":{"type":"control_request"}}\n', b'{"at":2, "from":"cli","frame":{}}\n']
    cassette = loads(HEADER + SPAWN + EXIT + SPAWN + b"".join(lines) + EXIT)
    found = [episode.entries.stops(b'"control_') for episode in cassette.episodes]  # type: ignore[attr-defined]
    assert found == [[0, 1], [0, 2, 5, 6, 7]]


def test_frames_between_stops_come_in_pieces_of_about_the_size_asked_for() -> None:
    found = [json.dumps({"n": n, "pad": "x" * 40}).encode() for n in range(6)]
    lines = b"".join(b'{"at":1,"from":"cli","frame":%b}\n' % frame for frame in found)
    entries = only(lines + EXIT).entries
    frames = entries.frames  # type: ignore[attr-defined]
    assert frames(1, 7, 1) == found[:1]
    assert frames(1, 7, 200) == found[:2]
    assert frames(3, 7, 10**6) == found[2:]


own_lines = st.builds(
    lambda at, inside: b'{"at":%d,"from":"cli","frame":{%b}}' % (at, inside),
    st.integers(0, 10**17),
    st.sampled_from([b"", b'"a":1', b'"a":{}', b'"b":[{"at":1,"from":"cli","frame":{}}]', '"c":"é\u2028"'.encode()]),
)
other_lines = st.sampled_from(
    [
        b'{"at":1,"from":"host","frame":{}}',
        b'{"at":1, "from":"cli","frame":{}}',
        b'{"from":"cli","at":1,"frame":{}}',
        b'{"at":1,"from":"cli","frame":{}, "note":{}}',
        b'{"at":1,"from":"cli","note":1,"frame":{}}',
        b'{"at":1,"from":"cli","frame":{} }',
        b'{"at":1,"from":"cli","noise":"{}}"}',
    ]
)


@given(st.lists(st.one_of(own_lines, own_lines, other_lines), max_size=12))
def test_many_lines_are_told_apart_as_one_is(lines: list[bytes]) -> None:
    entries = only(b"".join(line + b"\n" for line in lines)).entries
    assert [(e.number, e.at, e.source, e.kind) for e in entries[1:]] == [
        (number, found["at"], found["from"], "frame" if "frame" in found else "noise")
        for number, found in enumerate(map(json.loads, lines), 3)
    ]
    plain = [
        i
        for i, line in enumerate(lines, 1)
        if OWN_FRAME.match(line) and b'"from":"cli"' in line[:40] and line.endswith(b"}}")
    ]
    stops = entries.stops(b"no such mark")  # type: ignore[attr-defined]
    assert stops == [i for i in range(len(lines) + 1) if i not in plain]
