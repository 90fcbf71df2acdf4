"""StderrLines: however the bytes are cut, the same lines and the same tail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.transports._stderr import LONGEST_LINE, StderrLines


def lines_of(pieces: list[bytes], tail_bytes: int = 1000) -> tuple[list[str], str]:
    stderr = StderrLines(tail_bytes)
    lines = [line for piece in pieces for line in stderr.feed(piece)]
    return lines + stderr.end(), stderr.tail


@given(st.lists(st.sampled_from([b"a", b"\n", b" ", b"\r\n", "ü€".encode(), b"\xff"]), max_size=40), st.data())
def test_the_cuts_between_the_pieces_do_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=10)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert lines_of(pieces) == lines_of([whole])


@given(st.lists(st.text(alphabet="aü€ ", max_size=30), max_size=30), st.integers(1, 50))
def test_the_tail_is_the_end_of_the_lines_and_within_its_bound(texts: list[str], bound: int) -> None:
    lines, tail = lines_of([f"{text}\n".encode() for text in texts], bound)
    assert "\n".join(lines).endswith(tail)
    assert len(tail.encode()) <= bound


def test_the_tail_has_the_unfinished_line_too() -> None:
    stderr = StderrLines(100)
    stderr.feed(b"done\nunfin")
    assert stderr.tail == "done\nunfin"


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    stderr = StderrLines(100)
    assert stderr.feed(b"x" * LONGEST_LINE) == []
    assert stderr.feed(b"y") == ["x" * LONGEST_LINE + "y"]
    assert stderr.tail == "x" * 99 + "y"
