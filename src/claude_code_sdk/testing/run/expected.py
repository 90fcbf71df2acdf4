"""What a test expects of a value: the value itself, or something that it must fit.

    "ls"                        the same value; in objects and lists each member may be any of these
    ...                         anything
    re.compile("^ls")           a text in which the pattern is found
    containing("ls")            a text that has this text in it
    including({"command": …})   an object that has these members, whatever else it has
    lambda text: …              whatever makes the function return something true
    str                         an instance of the class
    IsPositive()                whatever is equal to it, by its own `==`: dirty-equals and `unittest.mock.ANY`

Above: `facts.py`, `assertions.py`.  Below: the patterns of scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..script.patterns import special_form

Difference: TypeAlias = tuple[str, Any, Any]
"""Where (`input.command`), what was expected, and what is there."""


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()
"""Stands for a member that is not there."""


class including:
    """An object that has these members, whatever else it has; each may be anything that can be expected.

    including({"command": "ls"}), including(command="ls")
    """

    def __init__(self, members: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        self.members: dict[str, Any] = {**(members or {}), **more}

    def __eq__(self, other: object) -> bool:
        return fits(self, other)

    __hash__ = None  # type: ignore[assignment]  # holds a mapping

    def __repr__(self) -> str:
        return f"including({self.members!r})"


def fits(expected: Any, value: Any) -> bool:
    """Whether `value` is as `expected` wants it."""
    return not differences(expected, value)


def agree(one: Any, other: Any) -> bool:
    """Whether one of them fits the other, whichever it is that a test wrote."""
    return fits(one, other) or fits(other, one)


def differences(expected: Any, value: Any, path: str = "") -> list[Difference]:
    """Where `value` is not as `expected` wants it; empty when it fits."""
    if expected is ...:
        return []
    if value is not MISSING:
        if isinstance(expected, including):
            if isinstance(value, dict):
                return _members(expected.members, value, path)
        elif isinstance(expected, dict):
            special = special_form(expected, value)
            if special is None and isinstance(value, dict):
                unexpected = [(_join(path, key), MISSING, value[key]) for key in value if key not in expected]
                return _members(expected, value, path) + unexpected
            if special:
                return []
        elif isinstance(expected, list | tuple):
            if isinstance(value, list | tuple) and len(expected) == len(value):
                pairs = enumerate(zip(expected, value, strict=True))
                return [each for at, (wanted, item) in pairs for each in differences(wanted, item, f"{path}[{at}]")]
        elif _fits_one(expected, value):
            return []
    return [(path, expected, value)]


def _members(expected: Mapping[str, Any], value: Mapping[str, Any], path: str) -> list[Difference]:
    return [
        each
        for key, wanted in expected.items()
        for each in differences(wanted, value.get(key, MISSING), _join(path, key))
    ]


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _fits_one(expected: Any, value: Any) -> bool:
    """The same for what is neither an object nor a list."""
    if isinstance(expected, re.Pattern):
        return isinstance(value, str) and expected.search(value) is not None
    if isinstance(expected, type):
        # A metaclass with an `==` of its own: a class of dirty-equals.
        return bool(expected == value) if _has_equality(expected, type) else isinstance(value, expected)
    if callable(expected) and not _has_equality(expected, object):
        return bool(expected(value))
    if isinstance(expected, bool) is not isinstance(value, bool) and isinstance(expected, int):
        return False
    return bool(expected == value)


def _has_equality(value: Any, base: type) -> bool:
    """Whether the type of `value` has another `==` than `base`."""
    own: Any = type(value).__eq__
    return own is not base.__eq__
