"""Lines that the fake writes: the same bytes by the standard library and by its host's JSON."""

from __future__ import annotations

from typing import Any

import pytest

from claude_code_sdk import _json
from claude_code_sdk.testing.fake_cli.wire import Json, prepared

PLAIN, QUICK = Json(), Json(_json.loads, _json.quick_dumps)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        'quotes " and \\ and / and \0 \x1f \b\t\n\f\r',
        "déjà 漢字 👍",
        "\x7f",
        "\x7fé",
        "line\u2028break, no\u200bwidth, \ufeffmark, soft\xadhyphen, \x85",
        "lone \ud83d surrogate",
        2**70,
        -1,
        0.1 + 0.2,
        1e16 / 3,
        float("nan"),
        [float("inf"), ({"a": -float("inf")}, 1.5)],
        {1: "key", None: "none", False: "false"},
        [None, True, False, [], {}, ()],
        prepared("of a test", ["é", {"a": "\u2028"}]),
        "é" + prepared("of a test", ["é", {"a": "\u2028"}]),
    ],
)
def test_a_frame_is_the_same_bytes_by_either(value: Any) -> None:
    frame = {"type": "user", "value": value}
    assert QUICK.dumps(frame) == PLAIN.dumps(frame)


ESCAPED = (
    *range(0x7F, 0xA0), 0xAD, *range(0x600, 0x606), 0x61C, 0x6DD, 0x70F, 0x180E, *range(0x200B, 0x2010),
    *range(0x2028, 0x202F), *range(0x2060, 0x2070), *range(0xD800, 0xE000), 0xFEFF, *range(0xFFF9, 0xFFFC),
)  # fmt: skip


@pytest.mark.parametrize("json", [PLAIN, QUICK])
def test_what_breaks_lines_or_cannot_be_seen_is_escaped_and_nothing_else(json: Json) -> None:
    for code in ESCAPED:
        assert json.dumps(f"é{chr(code)}") == f'"é\\u{code:04x}"'.encode()
    assert json.dumps("é\xa0\u3000漢👍") == '"é\xa0\u3000漢👍"'.encode()


def test_what_has_no_json_is_refused_by_either() -> None:
    for json in (PLAIN, QUICK):
        with pytest.raises(TypeError):
            json.dumps({"value": object()})


def test_a_line_that_is_no_json_is_a_value_error_by_either() -> None:
    for json in (PLAIN, QUICK):
        with pytest.raises(ValueError):
            json.loads(b"{no")
