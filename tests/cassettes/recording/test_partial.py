"""Partial files: one writer, several runs in one file, and what a kill leaves of it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.entry_line import encode_entry
from claude_code_sdk.cassettes.partial import PartialWriter, mark, partial_path
from claude_code_sdk.cassettes.partial_runs import Partial
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from tests.cassettes.playing import cli, eof, exits, host, prompt, says, spawn, stderr

RUN = [spawn(), host(prompt("one")), cli(says("1")), stderr("warning"), eof(), exits()]


def lines(*entries: Entry) -> bytes:
    return b"".join(encode_entry(entry) + b"\n" for entry in entries)


def written(path: Path, *pieces: tuple[int, bytes]) -> str:
    """A partial file with these pieces of runs."""
    writer = PartialWriter(str(path))
    begun: set[int] = set()
    for run, data in pieces:
        writer.write(run, data, began=None if run in begun else 1000 * run)
        begun.add(run)
    writer.close()
    return str(path)


def kinds(entries: object) -> list[str]:
    return [entry.kind for entry in entries]  # type: ignore[attr-defined]  # any way of giving entries


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "x.jsonl.partial"


# Several runs in one file


def test_runs_that_went_on_at_once_are_told_apart(path: Path) -> None:
    other = [spawn("--model", "m"), host(prompt("two")), exits(3)]
    name = written(
        path,
        (1, lines(*RUN[:2])),
        (2, lines(*other[:1])),
        (1, lines(*RUN[2:4])),
        (2, lines(*other[1:])),
        (1, lines(*RUN[4:])),
    )
    with Partial(name) as partial:
        first, second = partial.runs
        assert [e.value for e in first.entries] == [e.value for e in RUN]
        assert [e.value for e in second.entries] == [e.value for e in other]
        assert (first.began, second.began) == (1000, 2000)


def test_entries_can_be_asked_for_in_any_order(path: Path) -> None:
    many = [spawn(), *(cli(says("x" * 500 + str(n))) for n in range(2_000)), exits()]
    with Partial(written(path, (1, lines(*many)))) as partial:
        entries = partial.runs[0].entries
        assert len(entries) == len(many)
        for index in (0, 1999, 3, -1, 1000, 2001):
            assert entries[index].value == many[index].value
        assert [e.value for e in entries[1500:1510]] == [e.value for e in many[1500:1510]]
        assert [e.value for e in entries] == [e.value for e in many]
        with pytest.raises(IndexError):
            entries[2002]


def test_the_lines_of_a_run_can_be_taken_by_the_block(path: Path) -> None:
    many = [spawn(), *(cli(says("x" * 500 + str(n))) for n in range(1_000)), exits()]
    with Partial(written(path, (1, lines(*many[:700])), (2, lines(*RUN)), (1, lines(*many[700:])))) as partial:
        entries = partial.runs[0].entries
        blocks = [(block.first, block.lines()) for block in entries.blocks()]
        content = path.read_bytes()
        assert all(block.lines() in content[block.start : block.end] for block in entries.blocks())
    assert b"".join(block for _, block in blocks) == lines(*many)
    assert [first for first, _ in blocks] == [sum(b.count(b"\n") for _, b in blocks[:n]) for n in range(len(blocks))]
    assert len(blocks) < 30


def test_an_entry_knows_its_line_in_the_file(path: Path) -> None:
    with Partial(written(path, (1, lines(*RUN[:2]) + mark("held", 7)), (1, lines(*RUN[2:])))) as partial:
        content = path.read_bytes().splitlines()
        for entry in partial.runs[0].entries:
            assert content[entry.number - 1] == encode_entry(entry)


@given(st.data())
def test_however_runs_alternate_each_gets_its_own(data: st.DataObject) -> None:
    from tempfile import TemporaryDirectory

    pieces = data.draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4), st.booleans()), max_size=12))
    expected: dict[int, list[str]] = {}
    chunks: list[tuple[int, bytes]] = []
    for run, count, held in pieces:
        texts = [f"{run}-{len(expected.get(run, [])) + n}" for n in range(count)]
        expected.setdefault(run, []).extend(texts)
        chunks.append((run, lines(*map(stderr, texts)) + (mark("held", count) if held else b"")))
    with TemporaryDirectory() as folder, Partial(written(Path(folder) / "p", *chunks)) as partial:
        found = {run.began // 1000: [entry.value for entry in run.entries] for run in partial.runs}
    assert found == expected


# What marks say


def test_the_last_mark_says_how_much_a_kill_took(path: Path) -> None:
    data = lines(*RUN[:2]) + mark("held", 300) + lines(*RUN[2:3]) + mark("held", 40)
    with Partial(written(path, (1, data), (2, lines(*RUN) + mark("held", 0) + mark("closed", True)))) as partial:
        cut, whole = partial.runs
    assert (cut.held, cut.closed) == (40, False)
    assert (whole.held, whole.closed) == (0, True)


def test_what_was_redacted_and_the_version_of_the_cli_are_known(path: Path) -> None:
    init = cli({"type": "system", "subtype": "init", "claude_code_version": "2.1.330"})
    data = lines(spawn(), init) + mark("redacted", {"key": 1}) + mark("redacted", {"key": 2})
    with Partial(written(path, (1, data), (2, lines(*RUN)))) as partial:
        assert [(run.cli, run.redacted) for run in partial.runs] == [("2.1.330", {"key": 2}), (None, {})]


# Damage


def test_a_torn_last_line_is_left_out_and_counted(path: Path) -> None:
    name = written(path, (1, lines(*RUN[:3])))
    with open(name, "ab") as file:
        file.write(b'{"at":5,"from":"cli","fra')
    with Partial(name) as partial:
        assert kinds(partial.runs[0].entries) == ["spawn", "frame", "frame"]
        assert partial.torn == 25


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (b"torn in the middle\n", ":3:1: neither an entry nor a mark of a partial file"),
        (b'{"at":5,"fr\n', None),
        (b'{"new":1}\n', ":3:1: neither an entry nor a mark of a partial file"),
    ],
)
def test_damage_before_the_last_line_is_an_error(path: Path, damage: bytes, text: str | None) -> None:
    name = written(path, (1, damage + lines(*RUN)))
    with pytest.raises(CassetteError) as caught, Partial(name) as partial:
        list(partial.runs[0].entries)
    if text is not None:
        assert text in str(caught.value)
    assert str(caught.value).startswith(f"{name}:3:")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ":1:1: the file is empty, or ends in the middle of its header"),
        (b'{"cassette":1,"part', ":1:1: the file is empty, or ends in the middle of its header"),
        (b"{}\n", ":1:1: this is no partial file: its first line is not the header of one"),
        (b"what\n", ":1:1: this is no partial file: its first line is not the header of one"),
        (b'{"cassette":1}\n', ":1:1: this is no partial file but a cassette: there is nothing to recover"),
        (b'{"cassette":7,"partial":true}\n', ":1:1: format version 7; this release reads version 1"),
        (b'{"cassette":1,"partial":true}\n{"held":1}\n', ":2:1: 'held' before any run"),
        (b'{"cassette":1,"partial":true}\n' + lines(*RUN), ":2:1: an entry before any run"),
    ],
)
def test_what_is_no_partial_file_is_said_with_its_place(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "p"
    path.write_bytes(content)
    with pytest.raises(CassetteError) as caught:
        Partial(str(path))
    assert str(caught.value) == f"{path}{text}"


def test_a_missing_partial_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CassetteNotFound, match="there is no such partial file"):
        Partial(str(tmp_path / "p"))


# One writer


def test_the_folder_is_made(path: Path) -> None:
    PartialWriter(str(path)).remove()
    assert path.parent.is_dir()
    assert not path.exists()


def test_a_second_writer_of_this_process_is_refused(path: Path) -> None:
    writer = PartialWriter(str(path))
    with pytest.raises(CassetteError) as caught:
        PartialWriter(str(path))
    writer.close()
    assert str(caught.value) == (
        f"{path.with_suffix('')}: this process is recording this cassette right now (its partial file is {path}); "
        "two cannot record one cassette. Wait for it, or record to another path"
    )


HOLD = """
import sys
from claude_code_sdk.cassettes.partial import PartialWriter
writer = PartialWriter(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_writer_is_told_who_has_the_file_and_a_dead_one_has_it_no_more(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(CassetteError, match=rf"process {other.pid} \(-c\) is recording this cassette right now"):
            PartialWriter(str(path))
        other.kill()
    leftover = path.read_bytes()
    writer = PartialWriter(str(path))
    writer.write(1, lines(*RUN), began=1)
    writer.close()
    assert b"spawn" not in leftover
    with Partial(str(path)) as partial:
        assert len(partial.runs) == 1


def test_what_is_left_of_a_dead_writer_is_replaced(path: Path) -> None:
    written(path, (1, lines(*RUN)))
    PartialWriter(str(path)).close()
    with Partial(str(path)) as partial:
        assert partial.runs == []


def test_a_folder_that_cannot_be_made_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CassetteError, match=r"cannot record: (Not a directory|File exists)"):
        PartialWriter(str(tmp_path / "file" / "x.jsonl.partial"))


def test_removing_twice_and_closing_twice_is_nothing(path: Path) -> None:
    writer = PartialWriter(str(path))
    writer.remove()
    writer.remove()
    writer.close()
    assert not path.exists()


def test_the_partial_file_lies_beside_the_file_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.jsonl").touch()
    os.symlink(tmp_path / "real" / "x.jsonl", tmp_path / "x.jsonl")
    assert partial_path(tmp_path / "x.jsonl") == str(tmp_path.resolve() / "real" / "x.jsonl.partial")


def test_a_disk_that_is_full_at_once_is_an_error_that_says_why_and_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(CassetteError, match="cannot record: No space left on device"):
            PartialWriter(str(path))
    assert not path.exists()
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
    PartialWriter(str(path)).remove()
