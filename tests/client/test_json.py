"""The host's JSON: orjson where it agrees with the standard library, the standard library where it does not."""

from __future__ import annotations

import dataclasses
import datetime
import json
import logging
import math
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claude_code_sdk import _json
from claude_code_sdk._json import is_plain

any_text = st.text(st.characters(), max_size=8) | st.text(st.characters(categories=["Cs"]), max_size=3)
numbers = st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=15,
)


def stdlib(value: Any, **options: Any) -> bytes:
    """As another program would write it: its own choice of escapes and separators."""
    return json.dumps(value, **options).encode("utf-8", "surrogatepass")


@given(values)
@example("\ud83d")
@example({"\udc00": 2**64})
@example([18446744073709551615, 18446744073709551616, -9223372036854775808, -9223372036854775809])
@example([-0.0, 5e-324, 1.7976931348623157e308, 0.1])
@example("0123456789012345678901234567890")
@example({"a": None, "b": "null"})
def test_loads_reads_what_the_standard_library_reads(value: Any) -> None:
    line = stdlib(value)
    assert repr(_json.loads(line)) == repr(json.loads(line))  # repr tells 1 from 1.0 and 0.0 from -0.0


@given(values)
@example("\ud83d")
@example({"\udc00": 2**64})
@example({"a": None, "b": "null"})
def test_dumps_writes_what_reads_back_like_the_standard_library_writes(value: Any) -> None:
    line = _json.dumps(value)
    assert repr(json.loads(line.decode())) == repr(json.loads(stdlib(value)))
    assert b"\n" not in line


@given(st.text(max_size=20))
def test_unescaped_text_is_read_as_the_standard_library_reads_it(text: str) -> None:
    line = json.dumps(text, ensure_ascii=False).encode()
    assert _json.loads(line) == json.loads(line)


@given(st.binary(max_size=30))
@example(b"[1,]")
@example(b"NaN")
@example(b"\xef\xbb\xbf{}")
@example(b"1" * 5000)
def test_loads_refuses_exactly_what_the_standard_library_refuses(line: bytes) -> None:
    text = line.decode("utf-8", "replace")
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            _json.loads(line)
    else:
        assert repr(_json.loads(line)) == repr(expected)


@pytest.mark.parametrize(("text", "value"), [("NaN", math.nan), ("-Infinity", -math.inf), ("1e400", math.inf)])
def test_floats_that_json_does_not_have_are_read_all_the_same(text: str, value: float) -> None:
    assert repr(_json.loads(f'{{"a":{text}}}'.encode())) == repr({"a": value})


def test_bytes_that_are_not_utf8_are_replaced_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "claude_code_sdk"):
        assert _json.loads(b'{"a":"\xff"}') == {"a": "\ufffd"}
    assert caplog.messages == [
        'a line from the CLI is not UTF-8 (byte 0xff at 6); it was read with replacement characters: {"a":"\ufffd"}'
    ]


def test_bytes_that_are_neither_utf8_nor_json_are_refused_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        _json.loads(b"\xff\xfe")
    assert caplog.messages == []


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "wrap", [lambda x: x, lambda x: {"a": x}, lambda x: [None, [x]], lambda x: {"a": ("null", {"b": x})}]
)
def test_nan_and_infinity_are_refused_wherever_they_stand(number: float, wrap: Any) -> None:
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        _json.dumps(wrap(number))


def test_nan_beside_a_value_that_needs_the_standard_library_is_refused_too() -> None:
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        _json.dumps({"a": math.nan, "b": "\ud83d"})


def test_keys_that_are_not_strings_are_written_as_the_standard_library_writes_them() -> None:
    value = {1: "a", None: "b", 1.5: "c", False: "d"}
    assert json.loads(_json.dumps(value)) == json.loads(json.dumps(value))


def test_a_lone_surrogate_is_written_as_its_escape() -> None:
    assert _json.dumps({"a": "\ud83d"}) == b'{"a":"\\ud83d"}'


def test_output_is_compact_and_not_escaped() -> None:
    assert _json.dumps({"a": [1, "é"]}) == '{"a":[1,"é"]}'.encode()


@dataclasses.dataclass
class Point:
    x: int = 1


@pytest.mark.parametrize("value", [Point(), datetime.datetime(2025, 1, 1), datetime.date(2025, 1, 1), {1}, b"x"])
def test_what_the_standard_library_does_not_know_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="is not JSON serializable"):
        _json.dumps({"a": value})


@given(st.binary(max_size=80), st.integers(min_value=0, max_value=40), st.binary(max_size=80))
def test_a_run_of_digits_is_found_wherever_it_stands(before: bytes, digits: int, after: bytes) -> None:
    data = before + b"7" * digits + after
    assert is_plain(data) == (re.search(rb"[0-9]{19}", data) is None)


def test_many_ids_that_look_like_digits_do_not_hide_a_long_number() -> None:
    ids = b'"123456789-123456789-123456789" ' * 200
    assert is_plain(ids)
    assert not is_plain(ids + b"1234567890123456789")


@pytest.mark.parametrize(
    "filler",
    [{"text": "letters " * 1000}, {f"field {number}": number for number in range(1000)}],
    ids=["text", "fields"],
)
def test_a_long_number_keeps_its_digits_in_a_long_line_of_one_text_or_many_fields(filler: dict[str, Any]) -> None:
    value = {**filler, "number": 2**70 + 1}
    assert _json.loads(stdlib(value)) == value
