"""JSON without the package `json`: it reads, writes and refuses what that does."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import pytest

from claude_code_sdk.protocol import bare_json


@pytest.fixture(params=["CPython's", "the package's", "another Python's"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "CPython's":
        other = None if request.param == "the package's" else SimpleNamespace(make_encoder=lambda: None)
        monkeypatch.setattr(bare_json, "_json", other)
        monkeypatch.setattr(bare_json, "_scan", None)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, -2.5e3, "x\\u00e9\\ud83d\\ude00", null, true, false, {}], "a": 2}',
        " \t\r\n[1]\n ",
        '"é"',
        '"\\ud83d"',
        "123456789012345678901234567890",
        "[Infinity, -Infinity, 1e400]",
        b'{"bytes": "\xc3\xa9"}',
        b"\xef\xbb\xbf[1]",
        "[1]".encode("utf-16"),
        "[1]".encode("utf-32-be"),
    ],
)
def test_it_reads_what_the_package_reads(text: str | bytes) -> None:
    assert bare_json.loads(text) == json.loads(text)


def test_it_reads_what_is_no_number() -> None:
    assert math.isnan(bare_json.loads("NaN"))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "text",
    ["", "  ", "{", '{"a":1}}', "[1,]", "nul", "\ufeff[1]", '"\n"', "[1] 2", "\xa01", "1\xa0", b"\xff", b"[\xe9]"],
)
def test_it_refuses_what_the_package_refuses_with_the_same_words(text: str | bytes) -> None:
    with pytest.raises(ValueError) as expected:
        json.loads(text)
    with pytest.raises(ValueError) as refused:
        bare_json.loads(text)
    assert (type(refused.value), str(refused.value)) == (type(expected.value), str(expected.value))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("value", [{"a": [1, 2.5, "é\u2028\x00", None, True]}, (), {1: {None: 2}}, "\ud83d", 2**80])
def test_it_writes_what_the_package_writes(value: Any, ascii_only: bool) -> None:
    expected = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    assert bare_json.writer(ascii_only=ascii_only)(value) == expected


@pytest.mark.usefixtures("way")
def test_what_it_cannot_write_is_refused_with_the_same_words() -> None:
    with pytest.raises(TypeError, match=r"^Object of type object is not JSON serializable$"):
        bare_json.writer(ascii_only=True)([object()])


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("value", [math.inf, [-math.inf], {"a": math.nan}])
def test_a_number_that_json_has_not_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^Out of range float values are not JSON compliant"):
        bare_json.writer(ascii_only=True)(value)
