"""Framing: what comes out must not depend on how the bytes were cut."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk import _json
from claude_code_sdk.protocol.codec import (
    DEFAULT_MAX_FRAME_SIZE,
    NOISE_HEAD,
    FrameDecoder,
    encode_frame,
    json_dumps,
    json_loads,
)
from claude_code_sdk.protocol.events import Noise

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
frames = st.dictionaries(st.text(), json_values, max_size=4)
lines = st.one_of(
    frames.map(lambda frame: encode_frame(frame)[:-1]),
    st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
    st.sampled_from([b"", b" \t", b"\r", b"[1]", b'"text"', b"null", b'{"a":', b'{"a":1}\r', b"\xff\xfe", b"[" * 3000]),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def decode(pieces: list[bytes], **options: Any) -> list[dict[str, Any] | Noise]:
    decoder = FrameDecoder(**options)
    found = [event for piece in pieces for event in decoder.feed(piece)]
    torn = decoder.close()
    return found if torn is None else [*found, torn]


@given(st.lists(lines, max_size=6), lines, st.lists(st.integers(min_value=0), max_size=8))
def test_every_cut_of_a_stream_gives_the_same_frames_as_the_whole(
    whole: list[bytes], last: bytes, places: list[int]
) -> None:
    stream = b"".join(line + b"\n" for line in whole) + last
    assert decode(cut(stream, places)) == decode([stream])


@given(st.lists(lines, max_size=6), st.integers(min_value=1, max_value=80), st.lists(st.integers(min_value=0)))
def test_every_cut_gives_the_same_frames_when_some_lines_are_over_the_limit(
    whole: list[bytes], limit: int, places: list[int]
) -> None:
    stream = b"".join(line + b"\n" for line in whole)
    assert decode(cut(stream, places), max_frame_size=limit) == decode([stream], max_frame_size=limit)


def test_every_single_byte_of_a_session_may_arrive_alone() -> None:
    session: list[dict[str, Any]] = [{"type": "system", "text": "é\u2028\U0001f600"}, {"type": "result", "n": 1}]
    stream = b"".join(encode_frame(frame) for frame in session)
    found = decode([stream[i : i + 1] for i in range(len(stream))])
    assert [event for event in found if isinstance(event, dict)] == session


@given(frames)
def test_a_frame_survives_encoding_and_decoding(frame: dict[str, Any]) -> None:
    line = encode_frame(frame)
    assert decode([line]) == [frame]


@given(frames)
def test_an_encoded_frame_is_one_line(frame: dict[str, Any]) -> None:
    line = encode_frame(frame)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


def test_a_given_dumps_writes_the_frame() -> None:
    assert encode_frame({"é": 1}, _json.dumps) == '{"é":1}\n'.encode()


@pytest.mark.parametrize("blank", [b"", b"  ", b"\r", b"\t \r"])
def test_a_blank_line_is_nothing(blank: bytes) -> None:
    assert decode([b"\n", blank + b"\n"]) == []


def test_a_carriage_return_before_the_line_end_is_tolerated() -> None:
    assert decode([b'{"a":1}\r\n']) == [{"a": 1}]


def test_other_line_breaks_do_not_end_a_line() -> None:
    frame = {"text": "a\u2028b\u2029c\u0085d\x0be\x0cf\rg"}
    raw = json.dumps(frame, ensure_ascii=False).encode()
    assert [event for event in decode([raw + b"\n"]) if isinstance(event, dict)] == [frame]


@pytest.mark.requirement("odd-lines")
def test_a_line_that_is_not_json_is_noise_with_its_bytes_and_the_reason() -> None:
    assert decode([b'hello\n{"a":1}\n']) == [
        Noise(b"hello", 5, "not JSON: Expecting value: line 1 column 1 (char 0)"),
        {"a": 1},
    ]


@pytest.mark.parametrize("line", [b"[]", b"1", b"null", b'"{}"'])
def test_json_that_is_not_an_object_is_noise(line: bytes) -> None:
    assert decode([line + b"\n"]) == [Noise(line, len(line), "not a JSON object")]


def test_of_a_long_line_of_noise_only_the_head_is_kept() -> None:
    [noise] = decode([b"x" * 10_000 + b"\n"])
    assert isinstance(noise, Noise)
    assert noise.data == b"x" * NOISE_HEAD
    assert noise.size == 10_000


@pytest.mark.parametrize("loads", [json_loads, _json.loads])
def test_json_nested_too_deep_for_the_parser_is_noise(loads: Any) -> None:
    deep = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    [noise, frame] = decode([deep + b'\n{"b":1}\n'], loads=loads)
    assert isinstance(noise, Noise)
    assert "recursion" in noise.reason
    assert frame == {"b": 1}


@pytest.mark.requirement("B19", "odd-lines")
def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert decode([b'{"a":"\xff"}\n']) == [{"a": "\ufffd"}]


@pytest.mark.parametrize("piece_size", [1, 7, 64, 1000])
@pytest.mark.requirement("B32")
def test_a_line_over_the_limit_is_reported_once_and_the_next_one_is_read(piece_size: int) -> None:
    long = b'{"a":"' + b"x" * 200 + b'"}'
    stream = long + b'\n{"b":1}\n'
    pieces = [stream[i : i + piece_size] for i in range(0, len(stream), piece_size)]
    assert decode(pieces, max_frame_size=100) == [
        Noise(long, len(long), "longer than the limit of 100 bytes"),
        {"b": 1},
    ]


def test_a_line_of_exactly_the_limit_is_a_frame() -> None:
    line = b'{"a":"' + b"x" * 92 + b'"}'
    assert len(line) == 100
    assert decode([line + b"\n"], max_frame_size=100) == [{"a": "x" * 92}]
    [noise] = decode([b" " + line + b"\n"], max_frame_size=100)
    assert isinstance(noise, Noise)


def test_a_line_over_the_limit_is_never_parsed() -> None:
    def loads(line: bytes | bytearray) -> Any:
        raise AssertionError(f"asked to parse {len(line)} bytes")

    decoder = FrameDecoder(loads=loads, max_frame_size=10)
    assert [type(event) for event in decoder.feed(b'{"a":"' + b"x" * 20 + b'"}\n')] == [Noise]


@given(st.lists(lines, max_size=12), st.sampled_from([30, DEFAULT_MAX_FRAME_SIZE]))
def test_all_quick_means_that_the_quick_decoder_made_an_object_of_each_line(whole: list[bytes], limit: int) -> None:
    objects: list[Any] = []

    def quick_loads(line: bytes | bytearray) -> Any:
        objects.append(json.loads(line))
        return objects[-1]

    decoder = FrameDecoder(quick_loads=quick_loads, max_frame_size=limit)
    decoder.feed(b'{"type":"begun",')
    decoder.feed(b'"n":1}\n' + b"".join(line + b"\n" for line in whole))
    if decoder.all_quick:
        assert len(objects) == len(whole)
        assert all(type(value) is dict for value in objects)


@pytest.mark.parametrize(("line", "quick"), [(b'{"type":"user"}', True), (b"{}", False), (b"no JSON", False)])
def test_all_quick_is_of_the_last_bytes_that_were_fed(line: bytes, quick: bool) -> None:
    decoder = FrameDecoder(quick_loads=json.loads)
    decoder.feed(b'{"type":"user"}\n' * 9 if not quick else b"no JSON\n")
    decoder.feed((line + b"\n") * 9)
    assert decoder.all_quick is quick


def test_a_line_over_the_limit_costs_no_memory() -> None:
    decoder = FrameDecoder(max_frame_size=64 * 1024)
    piece = b"x" * 16 * 1024
    tracemalloc.start()
    try:
        for _ in range(1000):
            decoder.feed(piece)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2 * NOISE_HEAD
    assert peak < 4 * 64 * 1024
    assert decoder.feed(b"\n") == [Noise(b"x" * NOISE_HEAD, 16_384_000, "longer than the limit of 65536 bytes")]


@pytest.mark.requirement("B32")
def test_the_default_limit_is_64_mebibytes() -> None:
    assert FrameDecoder().max_frame_size == DEFAULT_MAX_FRAME_SIZE == 67_108_864


@pytest.mark.requirement("odd-lines")
def test_a_torn_last_line_is_reported_and_never_parsed() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(b'{"a":1}') == []
    assert decoder.close() == Noise(b'{"a":1}', 7, "the stream ended inside this line")


def test_a_torn_last_line_over_the_limit_is_reported_with_its_whole_size() -> None:
    decoder = FrameDecoder(max_frame_size=5000)
    for _ in range(3):
        decoder.feed(b"x" * 4000)
    assert decoder.close() == Noise(b"x" * NOISE_HEAD, 12_000, "the stream ended inside this line")


@pytest.mark.parametrize("rest", [b"", b" \r"])
def test_a_stream_that_ends_after_a_line_has_nothing_torn(rest: bytes) -> None:
    decoder = FrameDecoder()
    decoder.feed(b'{"a":1}\n' + rest)
    assert decoder.close() is None


def test_closing_twice_reports_a_torn_line_once() -> None:
    decoder = FrameDecoder()
    decoder.feed(b"half")
    assert decoder.close() is not None
    assert decoder.close() is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_json_cannot_hold_is_refused_by_the_writer(value: float) -> None:
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        json_dumps({"a": value})
