"""Patterns: what a value must be like.

A pattern is a JSON value.  It fits a value that is equal, except that

    {"key": PATTERN, …}     fits an object that has these members, whatever else it has
    {"$regex": TEXT}        fits a string in which this regular expression is found
    {"$contains": TEXT}     fits a string that has this text in it
    {"$any": true}          fits anything that is there

In Python `re.compile(TEXT)` may stand for the second, and `...` for the last.  Above: `expectation.py`, `result.py`,
`faults.py`.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

from ...cassettes.difference import MISSING
from ...protocol.later import re
from .errors import ScriptFormatError
from .shapes import Shape, at_key, wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...cassettes.difference import Difference

_REGEX, _CONTAINS, _ANY = "$regex", "$contains", "$any"
_FLAGS = (("IGNORECASE", "i"), ("MULTILINE", "m"), ("DOTALL", "s"), ("VERBOSE", "x"), ("ASCII", "a"))


def containing(text: str) -> dict[str, str]:
    """A pattern for strings that have `text` in them."""
    return {_CONTAINS: text}


def as_pattern(given: Any) -> Any:
    """The JSON form of a pattern that was written in Python.  A tuple becomes a list."""
    if isinstance(given, re.Pattern):
        flags = "".join(letter for flag, letter in _FLAGS if given.flags & getattr(re, flag))
        return {_REGEX: f"(?{flags}){given.pattern}" if flags else given.pattern}
    if given is ...:
        return {_ANY: True}
    if isinstance(given, dict):
        return {key: as_pattern(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [as_pattern(value) for value in given]
    return given


def differences(pattern: Any, value: Any, path: str = "") -> list[Difference]:
    """Where `value` is not as `pattern` wants it: path, what was wanted, what is there.  Empty when it fits."""
    if isinstance(pattern, dict):
        if len(pattern) == 1:
            fits = special_form(pattern, value)
            if fits is not None:
                return [] if fits else [(path, pattern, value)]
        if not isinstance(value, dict):
            return [(path, pattern, value)]
        prefix = f"{path}." if path else ""
        found: list[Difference] = []
        for key, wanted in pattern.items():
            found += differences(wanted, value.get(key, MISSING), prefix + key)
        return found
    if isinstance(pattern, list) and isinstance(value, list) and len(pattern) == len(value):
        return [
            difference
            for index, (wanted, item) in enumerate(zip(pattern, value, strict=True))
            for difference in differences(wanted, item, f"{path}[{index}]")
        ]
    if isinstance(pattern, bool) is isinstance(value, bool) and pattern == value:
        return []
    return [(path, pattern, value)]


def fits(pattern: Any, value: Any) -> bool:
    """Whether `value` is as `pattern` wants it."""
    return not differences(pattern, value)


def special_form(pattern: dict[str, Any], value: Any) -> bool | None:
    """Whether the value fits a pattern of one of the special forms; None when it is none."""
    if _REGEX in pattern:
        return isinstance(value, str) and re.search(pattern[_REGEX], value) is not None
    if _CONTAINS in pattern:
        return isinstance(value, str) and pattern[_CONTAINS] in value
    if _ANY in pattern:
        return value is not MISSING
    return None


class PatternShape(Shape):
    """Any JSON value whose special forms are right; `objects_only`: one that is an object."""

    def __init__(self, expected: str = "a pattern", *, objects_only: bool = False) -> None:
        self.expected = expected
        self._objects_only = objects_only

    def check(self, value: Any, path: str) -> None:
        if self._objects_only and not isinstance(value, dict):
            raise wrong(path, self.expected, value)
        self._check(value, path)

    def _check(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            if len(value) == 1:
                _check_special(value, path)
            for key, member in value.items():
                if not isinstance(key, str):
                    raise ScriptFormatError(path, f"expected keys that are strings, not {key!r}")
                self._check(member, at_key(path, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self._check(item, f"{path}[{index}]")
        elif not isinstance(value, str | int | float | bool | None):
            raise wrong(path, "a JSON value", value)

    def schema(self) -> dict[str, Any]:
        here = {"$ref": "#/$defs/pattern"}
        if self._objects_only:
            return {"type": "object", **here}
        special = {_REGEX: {"type": "string"}, _CONTAINS: {"type": "string"}, _ANY: {"const": True}}
        return {
            "additionalProperties": here,
            "items": here,
            "allOf": [
                {
                    "if": {"type": "object", "required": [key], "maxProperties": 1},
                    "then": {"properties": {key: schema}},
                }
                for key, schema in special.items()
            ],
        }


def _check_special(value: dict[str, Any], path: str) -> None:
    ((key, member),) = value.items()
    if key == _ANY and member is not True:
        raise wrong(at_key(path, key), "true", member)
    if key in (_REGEX, _CONTAINS) and not isinstance(member, str):
        raise wrong(at_key(path, key), "a string", member)
    if key == _REGEX:
        try:
            re.compile(member)
        except re.error as error:
            raise ScriptFormatError(at_key(path, key), f"no regular expression: {error}") from None
