"""Shapes: what JSON values a script may have, and what of them a JSON Schema says.

Each shape checks a value, naming the path of the fault, and writes itself as JSON Schema.  So the checker of
`format.py` and the published schema are one thing written once.  Above: `format.py`.  Below: nothing.  On the fake
path.
"""

from __future__ import annotations

from ...protocol.bare_json import writer
from ...protocol.later import json, re
from .errors import ScriptFormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_SHOWN = 60
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
_quoted = writer(ascii_only=True)
_PLAIN_NAME = r"[A-Za-z_]\w*"


def kind_of(value: Any) -> str:
    """JSON's word for the type of a value."""
    return next((word for kind, word in _KINDS if isinstance(value, kind)), "null")


def at_key(path: str, key: str) -> str:
    """The path of a member."""
    if (key.isascii() and key.isidentifier()) or re.fullmatch(_PLAIN_NAME, key):
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def wrong(path: str, expected: str, value: Any) -> ScriptFormatError:
    """The error for a value that is not what was expected."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return ScriptFormatError(path, f"expected {expected}, not {shown}")


class Shape:
    """A set of JSON values; by itself, all of them.

    - `expected`: what a message calls it.
    """

    expected = "any JSON value"

    def check(self, value: Any, path: str) -> None:
        """Raises `ScriptFormatError` for a value that is not of this shape."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        return {}


class Text(Shape):
    """A string, all of which matches a regular expression if one is given."""

    def __init__(self, expected: str = "a string", *, pattern: str | None = None) -> None:
        self.expected = expected
        self._pattern = pattern

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, str) or (self._pattern is not None and not re.fullmatch(self._pattern, value)):
            raise wrong(path, self.expected, value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"} | ({} if self._pattern is None else {"pattern": f"^(?:{self._pattern})$"})


class Word(Shape):
    """One of a few values."""

    def __init__(self, *words: Any) -> None:
        self._words = words
        self.expected = " or ".join(map(_quoted, words))

    def check(self, value: Any, path: str) -> None:
        if not any(type(value) is type(word) and value == word for word in self._words):
            raise wrong(path, self.expected, value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self._words)}


class Number(Shape):
    """A number within bounds; `whole`: an integer, written as one."""

    def __init__(self, expected: str, *, minimum: int = 0, maximum: int | None = None, whole: bool = False) -> None:
        self.expected = expected
        self._minimum = minimum
        self._maximum = maximum
        self._whole = whole

    def check(self, value: Any, path: str) -> None:
        right_type = type(value) is int or (type(value) is float and not self._whole)
        if not right_type or not self._minimum <= value <= (self._maximum or 1e18):
            raise wrong(path, self.expected, value)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "integer" if self._whole else "number",
            "minimum": self._minimum,
            "maximum": self._maximum or int(1e18),
        }


class Flag(Shape):
    expected = "true or false"

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, bool):
            raise wrong(path, self.expected, value)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Nothing(Shape):
    expected = "null"

    def check(self, value: Any, path: str) -> None:
        if value is not None:
            raise wrong(path, self.expected, value)

    def schema(self) -> dict[str, Any]:
        return {"type": "null"}


class ListOf(Shape):
    """An array whose items have one shape."""

    def __init__(self, item: Shape, expected: str) -> None:
        self.expected = expected
        self._item = item

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise wrong(path, self.expected, value)
        for index, item in enumerate(value):
            self._item.check(item, f"{path}[{index}]")

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self._item.schema()}


class MapOf(Shape):
    """An object with any keys, whose members have one shape."""

    def __init__(self, member: Shape, expected: str) -> None:
        self.expected = expected
        self._member = member

    def check(self, value: Any, path: str) -> None:
        _check_object(value, path, self.expected)
        for key, member in value.items():
            self._member.check(member, at_key(path, key))

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self._member.schema()}


class Record(Shape):
    """An object with certain members.

    - `members`: their shapes by key.
    - `required`: keys that must be there.
    - `one_of`: of each of these groups of keys exactly one is there.
    - `at_most_one`: of each of these groups no two are there.
    - `more`: the shape of members that are not named; None: there are none.
    """

    def __init__(
        self,
        expected: str,
        members: Mapping[str, Shape],
        *,
        required: tuple[str, ...] = (),
        one_of: tuple[tuple[str, ...], ...] = (),
        at_most_one: tuple[tuple[str, ...], ...] = (),
        more: Shape | None = None,
    ) -> None:
        self.expected = expected
        self._members = members
        self._required = required
        self._one_of = one_of
        self._at_most_one = at_most_one
        self._more = more

    def check(self, value: Any, path: str) -> None:
        _check_object(value, path, self.expected)
        for key in self._required:
            if key not in value:
                raise ScriptFormatError(path, f"{self.expected} needs the key {json.dumps(key)}")
        for key, member in value.items():
            shape = self._members.get(key, self._more)
            if shape is None:
                known = ", ".join(self._members)
                raise ScriptFormatError(at_key(path, key), f"{self.expected} has no such key; it has {known}")
            shape.check(member, at_key(path, key))
        for group in self._one_of:
            if not any(key in value for key in group):
                raise ScriptFormatError(path, f"{self.expected} needs one of the keys {', '.join(group)}")
        for group in (*self._one_of, *self._at_most_one):
            there = [key for key in group if key in value]
            if len(there) > 1:
                raise ScriptFormatError(path, f"{self.expected} has only one of the keys {' and '.join(there)}")

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self._members.items()},
            "additionalProperties": False if self._more is None else self._more.schema(),
        }
        if self._required:
            made["required"] = list(self._required)
        rules: list[dict[str, Any]] = [{"oneOf": [{"required": [key]} for key in group]} for group in self._one_of]
        for group in self._at_most_one:
            pairs = [[one, two] for number, one in enumerate(group) for two in group[number + 1 :]]
            rules.append({"not": {"anyOf": [{"required": pair} for pair in pairs]}})
        return made | ({"allOf": rules} if rules else {})


class Tagged(Shape):
    """An object whose `type` says which shape it has.

    - `kinds`: shapes by type.
    - `other`: that of objects of any other type.
    """

    def __init__(self, expected: str, kinds: Mapping[str, Shape], other: Shape) -> None:
        self.expected = expected
        self._kinds = kinds
        self._other = other

    def check(self, value: Any, path: str) -> None:
        _check_object(value, path, self.expected)
        if "type" not in value:
            raise ScriptFormatError(path, f'{self.expected} needs the key "type"')
        if not isinstance(value["type"], str):
            raise wrong(f"{path}.type", "a string", value["type"])
        self._kinds.get(value["type"], self._other).check(value, path)

    def schema(self) -> dict[str, Any]:
        rules = [
            {"if": {"properties": {"type": {"const": kind}}}, "then": shape.schema()}
            for kind, shape in self._kinds.items()
        ]
        return {**self._other.schema(), "allOf": rules}


class Keyed(Shape):
    """An object that is one of several records, each of which has a key that the ones before it do not have.

    - `records`: by that key, which they require; the first whose key is there counts.
    """

    def __init__(self, expected: str, records: Mapping[str, Shape]) -> None:
        self.expected = expected
        self._records = records

    def check(self, value: Any, path: str) -> None:
        _check_object(value, path, self.expected)
        record = next((shape for key, shape in self._records.items() if key in value), None)
        if record is None:
            raise ScriptFormatError(path, f"{self.expected} needs one of the keys {', '.join(self._records)}")
        record.check(value, path)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [shape.schema() for shape in self._records.values()]}


class Either(Shape):
    """One shape for each JSON type that a value may have, such as `{"array": …, "object": …}`."""

    def __init__(self, by_kind: Mapping[str, Shape]) -> None:
        self.expected = " or ".join(shape.expected for shape in by_kind.values())
        self._by_kind = by_kind

    def check(self, value: Any, path: str) -> None:
        shape = self._by_kind.get(kind_of(value))
        if shape is None:
            raise wrong(path, self.expected, value)
        shape.check(value, path)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [shape.schema() for shape in self._by_kind.values()]}


class Defined(Shape):
    """A shape that the schema writes once, under `$defs`, and refers to by its name."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.name = name
        self.shape = shape
        self.expected = shape.expected

    def check(self, value: Any, path: str) -> None:
        self.shape.check(value, path)

    def schema(self) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.name}"}


def _check_object(value: Any, path: str, expected: str) -> None:
    if not isinstance(value, dict):
        raise wrong(path, expected, value)
    for key in value:
        if not isinstance(key, str):
            raise ScriptFormatError(path, f"expected keys that are strings, not {key!r}")
