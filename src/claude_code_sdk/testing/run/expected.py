"""What a test expects of a value: the value itself, or something that it must fit.

    "ls"                        the same value; in objects and lists each member may be any of these
    ...                         anything that is there
    re.compile("^ls")           a text in which the pattern is found
    containing("ls")            a text that has this text in it
    including({"command": …})   an object that has these members, whatever else it has
    lambda text: …              whatever makes the function return something true
    str                         an instance of the class
    IsPositive()                whatever is equal to it, by its own `==`: dirty-equals and `unittest.mock.ANY`

Above: `facts.py`, `assertions.py`.  Below: the patterns of scripts, `value_text.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..script.patterns import special_form
from .value_text import expectation

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


class Expected:
    """Something that values are equal to when they fit it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return fits(self.value, other)

    __hash__ = None  # type: ignore[assignment]  # may hold anything

    def __repr__(self) -> str:
        return expectation(self.value)


def comparable(expected: Any) -> Any:
    """The same in a form whose `==` says whether a value fits; plain values are themselves."""
    if isinstance(expected, dict):
        if special_form(expected, MISSING) is not None:
            return Expected(expected)
        members = {key: comparable(member) for key, member in expected.items()}
        return members if any(members[key] is not expected[key] for key in members) else expected
    if isinstance(expected, list):
        items = [comparable(item) for item in expected]
        return items if any(new is not old for new, old in zip(items, expected, strict=True)) else expected
    return Expected(expected) if _needs_wrapping(expected) else expected


def _needs_wrapping(expected: Any) -> bool:
    """Whether `==` with it means something else than fitting it."""
    if expected is ... or isinstance(expected, re.Pattern):
        return True
    if isinstance(expected, type):
        return not _has_equality(expected, type)
    return callable(expected) and not _has_equality(expected, object)


def differences(expected: Any, value: Any, path: str = "") -> list[Difference]:
    """Where `value` is not as `expected` wants it; empty when it fits."""
    if value is not MISSING:
        if expected is ...:
            return []
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
    if isinstance(expected, type) and not _has_equality(expected, type):
        return isinstance(value, expected)
    if callable(expected) and not isinstance(expected, type) and not _has_equality(expected, object):
        return _says_yes(expected, value)
    if isinstance(expected, bool) is not isinstance(value, bool) and isinstance(expected, int):
        return False
    return bool(expected == value)


def _says_yes(function: Callable[[Any], Any], value: Any) -> bool:
    """What a function says of a value.  Where it is made for texts, None does not fit; other errors are the test's."""
    try:
        return bool(function(value))
    except (AttributeError, TypeError):
        if value is None:
            return False
        raise


def _has_equality(value: Any, base: type) -> bool:
    """Whether the type of `value` has another `==` than `base`; also a metaclass, as classes of dirty-equals have."""
    own: Any = type(value).__eq__
    return own is not base.__eq__
