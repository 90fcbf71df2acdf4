"""JSON schema: checks a value, and says what is wrong in the words of the CLI, whose validator is Ajv 8.

All errors are collected, in Ajv's order: the type, what any type may have, numbers, strings, arrays, objects.  `format`
is not checked, as there.  Texts and order were read from CLI 2.1.330 with a schema that has each keyword.
Above: `structured_output.py`.  On the fake path, which has no package for it.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Check = Callable[["_Checker", Any, Any, dict[str, Any], str], list["Fault"]]

TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")

# fmt: off
SAID_ONLY = frozenset([
    "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format",
    "contentMediaType", "contentEncoding", "nullable", "type", "then", "else", "minContains", "maxContains",
])
# fmt: on
"""Keywords that say something without being checked by themselves."""


class Fault:
    """What is wrong: `path` of the value as a JSON pointer, and the words."""

    __slots__ = ("path", "words")

    def __init__(self, path: str, words: str) -> None:
        self.path = path
        self.words = words

    def __str__(self) -> str:
        return f"{self.path or 'root'}: {self.words}"


def faults(value: Any, schema: Any) -> list[Fault]:
    """What of `value` is not as `schema` says; empty when it is."""
    return _Checker(schema).check(value, schema, "")


def complaint(schema: Any) -> str | None:
    """What the CLI says of a schema that it refuses, None when it takes it."""
    if not isinstance(schema, dict):
        return None
    kinds = schema.get("type")
    if kinds is not None and not all(kind in TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
        return (
            "data/type must be equal to one of the allowed values, data/type must be array, "
            "data/type must match a schema in anyOf"
        )
    for keyword in schema:
        if keyword not in SAID_ONLY and keyword not in _CHECKS and not keyword.startswith("$"):
            return f'strict mode: unknown keyword: "{keyword}"'
    for within in _schemas_in(schema):
        found = complaint(within)
        if found is not None:
            return found
    return None


def _schemas_in(schema: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for name in ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"):
        found += (schema.get(name) or {}).values() if isinstance(schema.get(name), dict) else ()
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        found += schema.get(name) or ()
    items = schema.get("items")
    found += items if isinstance(items, list) else ()
    return found + [schema.get(name) for name in ("items", "not", "if", "then", "else", "contains", "propertyNames")]


class _Checker:
    def __init__(self, root: Any) -> None:
        self.root = root

    def check(self, value: Any, schema: Any, path: str) -> list[Fault]:
        if schema is False:
            return [Fault(path, "boolean schema is false")]
        if not isinstance(schema, dict):
            return []
        found: list[Fault] = []
        if "$ref" in schema:
            found += self.check(value, self._referred(schema["$ref"]), path)
        kinds = schema.get("type")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(_is(value, kind) for kind in kinds):
            found.append(Fault(path, f"must be {','.join(kinds)}"))
        for keyword, applies, judge in _ORDER:
            if keyword in schema and _is(value, applies):
                found += judge(self, value, schema[keyword], schema, path)
        return found

    def _referred(self, reference: str) -> Any:
        part = self.root
        for name in reference.removeprefix("#").split("/")[1:]:
            part = part.get(name.replace("~1", "/").replace("~0", "~"), {}) if isinstance(part, dict) else {}
        return part


def _is(value: Any, kind: str) -> bool:
    if kind == "any":
        return True
    if kind in ("number", "integer"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (kind == "number" or value == int(value))
    types = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
    return isinstance(value, types[kind]) if kind in types else False


def _same(left: Any, right: Any) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pointer(path: str, name: str | int) -> str:
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


# Of any type


def _const(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [] if _same(value, given) else [Fault(path, f"must be equal to constant: {_text(given)}")]


def _enum(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    if any(_same(value, allowed) for allowed in given):
        return []
    return [Fault(path, f"must be equal to one of the allowed values: {_text(given)}")]


def _not(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [] if of.check(value, given, path) else [Fault(path, "must NOT be valid")]


def _any_of(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    found = [of.check(value, each, path) for each in given]
    if not all(found):
        return []
    return [*(fault for each in found for fault in each), Fault(path, "must match a schema in anyOf")]


def _one_of(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    found = [of.check(value, each, path) for each in given]
    if sum(not each for each in found) == 1:
        return []
    return [*(fault for each in found for fault in each), Fault(path, "must match exactly one schema in oneOf")]


def _all_of(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [fault for each in given for fault in of.check(value, each, path)]


def _if(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    branch = "else" if of.check(value, given, path) else "then"
    found = of.check(value, schema.get(branch, True), path)
    return [*found, Fault(path, f'must match "{branch}" schema')] if found else []


# Numbers and strings


def _limit(words: str, holds: Callable[[Any, Any], bool]) -> Check:
    def judge(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
        return [] if holds(value, given) else [Fault(path, f"must be {words} {given}")]

    return judge


def _multiple(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    share = value / given
    return [] if share == int(share) else [Fault(path, f"must be multiple of {given}")]


def _size(words: str, unit: str, holds: Callable[[int, int], bool]) -> Check:
    def judge(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
        if holds(len(value), given):
            return []
        return [Fault(path, f"must NOT have {words} than {given} {unit} (got {len(value)})")]

    return judge


def _pattern(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [] if re.search(given, value) else [Fault(path, f'must match pattern "{given}"')]


# Arrays


def _items(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    if isinstance(given, list):
        return [
            fault
            for n, (item, each) in enumerate(zip(value, given, strict=False))
            for fault in of.check(item, each, _pointer(path, n))
        ]
    start = len(schema.get("prefixItems") or ())
    return [fault for n, item in enumerate(value) if n >= start for fault in of.check(item, given, _pointer(path, n))]


def _contains(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    found = [of.check(item, given, _pointer(path, number)) for number, item in enumerate(value)]
    if not all(found):
        return []
    return [*(fault for each in found for fault in each), Fault(path, "must contain at least 1 valid item(s)")]


def _unique(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    for late in range(len(value) - 1, 0, -1) if given else ():
        for early in range(late - 1, -1, -1):
            if _same(value[late], value[early]):
                words = f"must NOT have duplicate items (items ## {late} and {early} are identical)"
                return [Fault(path, words)]
    return []


# Objects


def _required(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [Fault(path, f"must have required property '{name}'") for name in given if name not in value]


def _names(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    found: list[Fault] = []
    for name in value:
        wrong = of.check(name, given, path)
        if wrong:  # what was got is not told of a name
            found += [Fault(path, re.sub(r" \(got \d+\)$", "", fault.words)) for fault in wrong]
            found.append(Fault(path, "property name must be valid"))
    return found


def _additional(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    found: list[Fault] = []
    patterns = schema.get("patternProperties") or {}
    for name, member in value.items():
        if name in (schema.get("properties") or {}) or any(re.search(pattern, name) for pattern in patterns):
            continue
        if given is False:
            found.append(Fault(path, f"must NOT have additional properties ('{name}' is not allowed)"))
        else:
            found += of.check(member, given, _pointer(path, name))
    return found


def _properties(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [
        fault
        for name, each in given.items()
        if name in value
        for fault in of.check(value[name], each, _pointer(path, name))
    ]


def _pattern_properties(of: _Checker, value: Any, given: Any, schema: dict[str, Any], path: str) -> list[Fault]:
    return [
        fault
        for pattern, each in given.items()
        for name, member in value.items()
        if re.search(pattern, name)
        for fault in of.check(member, each, _pointer(path, name))
    ]


_ORDER: tuple[tuple[str, str, Check], ...] = (
    ("const", "any", _const),
    ("enum", "any", _enum),
    ("not", "any", _not),
    ("anyOf", "any", _any_of),
    ("oneOf", "any", _one_of),
    ("allOf", "any", _all_of),
    ("if", "any", _if),
    ("maximum", "number", _limit("<=", lambda value, most: bool(value <= most))),
    ("minimum", "number", _limit(">=", lambda value, least: bool(value >= least))),
    ("exclusiveMaximum", "number", _limit("<", lambda value, bound: bool(value < bound))),
    ("exclusiveMinimum", "number", _limit(">", lambda value, bound: bool(value > bound))),
    ("multipleOf", "number", _multiple),
    ("maxLength", "string", _size("more", "characters", lambda size, most: size <= most)),
    ("minLength", "string", _size("fewer", "characters", lambda size, least: size >= least)),
    ("pattern", "string", _pattern),
    ("maxItems", "array", _size("more", "items", lambda size, most: size <= most)),
    ("minItems", "array", _size("fewer", "items", lambda size, least: size >= least)),
    ("items", "array", _items),
    ("contains", "array", _contains),
    ("uniqueItems", "array", _unique),
    ("maxProperties", "object", _size("more", "properties", lambda size, most: size <= most)),
    ("minProperties", "object", _size("fewer", "properties", lambda size, least: size >= least)),
    ("required", "object", _required),
    ("propertyNames", "object", _names),
    ("additionalProperties", "object", _additional),
    ("properties", "object", _properties),
    ("patternProperties", "object", _pattern_properties),
)
_CHECKS = frozenset(keyword for keyword, _, _ in _ORDER)
