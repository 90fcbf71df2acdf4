"""What the CLI's validator says of values, as it words it; each case was seen with CLI 2.1.330."""

from __future__ import annotations

from typing import Any

import pytest

from claude_code_sdk.testing.fake_cli.json_schema import faults

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "minimum": 1, "maximum": 5, "multipleOf": 2},
        "s": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^a", "enum": ["ab", "ac"]},
        "l": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2, "uniqueItems": True},
        "c": {"const": 3},
        "a": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "o": {"oneOf": [{"type": "string"}, {"type": "number"}]},
        "u": {"type": ["string", "null"]},
        "d": {"type": "string", "format": "date"},
        "q": {
            "type": "object",
            "properties": {"z": {"type": "number"}},
            "required": ["z", "y"],
            "additionalProperties": False,
        },
        "t": {"not": {"type": "string"}},
        "m": {"type": "object", "minProperties": 1, "maxProperties": 1},
        "r": {"$ref": "#/$defs/R"},
        "i": {"if": {"type": "string"}, "then": {"minLength": 3}},
        "pp": {
            "type": "object",
            "patternProperties": {"^f": {"type": "number"}},
            "propertyNames": {"maxLength": 2},
        },
        "ct": {"type": "array", "contains": {"type": "number"}},
    },
    "$defs": {"R": {"type": "object", "required": ["k"]}},
    "required": ["n"],
}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"n": 2}, ""),
        ({}, "root: must have required property 'n'"),
        ({"n": "x"}, "/n: must be integer"),
        ({"n": 0}, "/n: must be >= 1"),
        ({"n": 7}, "/n: must be <= 5, /n: must be multiple of 2"),
        ({"n": 2.5}, "/n: must be integer, /n: must be multiple of 2"),
        (
            {"n": 2, "s": "b"},
            (
                '/s: must be equal to one of the allowed values: ["ab","ac"], '
                '/s: must NOT have fewer than 2 characters (got 1), /s: must match pattern "^a"'
            ),
        ),
        ({"n": 2, "l": []}, "/l: must NOT have fewer than 1 items (got 0)"),
        (
            {"n": 2, "l": [1, "a", "a"]},
            (
                "/l: must NOT have more than 2 items (got 3), /l/0: must be string, "
                "/l: must NOT have duplicate items (items ## 2 and 1 are identical)"
            ),
        ),
        ({"n": 2, "c": 4}, "/c: must be equal to constant: 3"),
        ({"n": 2, "a": 3}, "/a: must be string, /a: must be null, /a: must match a schema in anyOf"),
        ({"n": 2, "o": True}, "/o: must be string, /o: must be number, /o: must match exactly one schema in oneOf"),
        ({"n": 2, "u": 3}, "/u: must be string,null"),
        ({"n": 2, "d": "no date"}, ""),
        (
            {"n": 2, "q": {"z": "a", "y": 1, "w": 2}},
            (
                "/q: must NOT have additional properties ('y' is not allowed), "
                "/q: must NOT have additional properties ('w' is not allowed), /q/z: must be number"
            ),
        ),
        ({"n": 2, "t": "s"}, "/t: must NOT be valid"),
        ({"n": 2, "m": {"a": 1, "b": 2}}, "/m: must NOT have more than 1 properties (got 2)"),
        ({"n": 2, "r": {}}, "/r: must have required property 'k'"),
        ({"n": 2, "i": "a"}, '/i: must NOT have fewer than 3 characters (got 1), /i: must match "then" schema'),
        ({"n": 2, "pp": {"f": "x"}}, "/pp/f: must be number"),
        ({"n": 2, "pp": {"abc": 1}}, "/pp: must NOT have more than 2 characters, /pp: property name must be valid"),
        ({"n": 2, "ct": ["x"]}, "/ct/0: must be number, /ct: must contain at least 1 valid item(s)"),
    ],
)
def test_a_value_is_judged_as_the_cli_judges_it(value: dict[str, Any], said: str) -> None:
    assert ", ".join(str(fault) for fault in faults(value, SCHEMA)) == said


def test_a_name_with_a_slash_is_escaped_in_the_pointer() -> None:
    schema = {"properties": {"a/b~c": {"type": "string"}}}
    assert [str(fault) for fault in faults({"a/b~c": 1}, schema)] == ["/a~1b~0c: must be string"]


def test_true_is_no_number() -> None:
    assert [str(fault) for fault in faults(True, {"type": "number"})] == ["root: must be number"]
