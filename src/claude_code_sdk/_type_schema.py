"""Python type -> JSON Schema, one type at a time.

Two readings of one type system (`SchemaBuilder(strict=…)`):

- *lenient*, for `{parameter: type}` dicts and TypedDicts: what the existing SDKs make of a type (sdk-spec §6.2) is made
  of it here too, a type without a JSON form being a string; what they get wrong (known-defects B22) is put right.
- *strict*, for signatures and dataclasses, which they do not know: a type without a JSON form is an error, objects
  take no unknown keys, the values of a dict are described.

Above: `_tool_schema`.  Beside: `_tool_input`, which turns the JSON values into the types.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from ._annotations import (
    class_hints,
    container_kind,
    full_name,
    is_dataclass,
    is_enum,
    is_typeddict,
    is_union,
    pydantic_adapter,
    unwrap,
    wire_name_of,
)

Schema = dict[str, Any]

_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}

# By name, so that none of these modules has to be imported to recognise its classes.
_STRING_FORMS: dict[str, Schema] = {
    "datetime.datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"},
    "datetime.time": {"type": "string", "format": "time"},
    "uuid.UUID": {"type": "string", "format": "uuid"},
    "decimal.Decimal": {"type": "string"},
    "pathlib.Path": {"type": "string"},
    "pathlib._local.Path": {"type": "string"},  # Python 3.13
}

_REF = "#/$defs/"


class SchemaBuilder:
    """Builds the schema of one tool; definitions that are referred to by name gather in `defs`."""

    def __init__(self, *, strict: bool, localns: Mapping[str, Any] | None = None) -> None:
        self.defs: Schema = {}
        self._strict = strict
        self._localns = localns
        self._open: list[Any] = []
        self._recursive: dict[Any, str] = {}

    def of(self, annotation: Any) -> Schema:
        """The schema of a type annotation.

        Raises:
            TypeError: it has no JSON form (strict only), or a name in it is not found.
        """
        bare, description, _ = unwrap(annotation)
        schema = self._of_bare(bare)
        return {**schema, "description": description} if description else schema

    def of_field(self, annotation: Any, default: Any = dataclasses.MISSING) -> Schema:
        """The schema of a field or parameter, with its default where that is JSON; no sentinel for "none" is."""
        schema = self.of(annotation)
        if isinstance(default, enum.Enum):
            default = wire_name_of(default)
        return {**schema, "default": default} if is_json(default) else schema

    def of_object(self, annotation: Any) -> Schema | None:
        """The schema of a TypedDict, dataclass or pydantic model, None for anything else."""
        cls = typing.get_origin(annotation) or annotation  # a generic class is read without its arguments
        if adapter := pydantic_adapter(cls):
            return self._pydantic(cls, adapter)
        if not (is_typeddict(cls) or is_dataclass(cls)):
            return None
        if cls in self._open:
            name = self._recursive.setdefault(cls, _free_name(cls.__name__, {*self.defs, *self._recursive.values()}))
            return {"$ref": _REF + name}
        self._open.append(cls)
        schema = self._typeddict(cls) if is_typeddict(cls) else self._dataclass(cls)
        self._open.pop()
        if cls not in self._recursive:
            return schema
        self.defs[self._recursive[cls]] = schema
        return {"$ref": _REF + self._recursive[cls]}

    def root(self, schema: Schema) -> Schema:
        """`schema` with the definitions it refers to; where it is but a reference, with what it refers to."""
        ref = schema.get("$ref", "")
        if ref.startswith(_REF):
            schema = self.defs[ref.removeprefix(_REF)]
        return {**schema, "$defs": self.defs} if self.defs else schema

    def _of_bare(self, annotation: Any) -> Schema:
        if isinstance(annotation, type) and annotation in _SCALARS:
            return {"type": _SCALARS[annotation]}
        if annotation is Any or annotation is object:
            return {}
        if annotation is None or annotation is types.NoneType:
            return {"type": "null"}
        if isinstance(annotation, dict):  # {"x": {"type": "integer", "minimum": 0}}: written out already
            return dict(annotation)
        if is_union(annotation):
            return self._union(typing.get_args(annotation))
        if typing.get_origin(annotation) is typing.Literal:
            return _choice([wire_name_of(v) if isinstance(v, enum.Enum) else v for v in typing.get_args(annotation)])
        if is_enum(annotation):
            return _choice([wire_name_of(member) for member in annotation])
        if full_name(annotation) in _STRING_FORMS:
            return dict(_STRING_FORMS[full_name(annotation)])
        return self._container(annotation) or self.of_object(annotation) or self._unknown(annotation)

    def _union(self, members: tuple[Any, ...]) -> Schema:
        schemas = [self.of(member) for member in members if member is not types.NoneType]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        return nullable(schema) if types.NoneType in members else schema

    def _container(self, annotation: Any) -> Schema | None:
        kind, args = container_kind(annotation), typing.get_args(annotation)
        if kind == "dict":
            # The existing SDKs ignore the type of the values, and what they read has to read the same here.
            return {"type": "object", **({"additionalProperties": self.of(args[1])} if args and self._strict else {})}
        if kind == "tuple" and args and args[-1] is not Ellipsis:
            items = [self.of(arg) for arg in args]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        if kind is None:
            return None
        unique: Schema = {"uniqueItems": True} if kind == "set" else {}
        return {"type": "array", **({"items": self.of(args[0])} if args else {}), **unique}

    def _pydantic(self, cls: type, adapter: Any) -> Schema:
        schema: Schema = adapter.json_schema(ref_template=_REF + "{model}")
        defs = schema.pop("$defs", {})
        if any(self.defs.get(name, found) != found for name, found in defs.items()):  # two classes of one name
            prefix = _free_name(f"{cls.__name__}_", self.defs)
            schema = adapter.json_schema(ref_template=_REF + prefix + "{model}")
            defs = {prefix + name: found for name, found in schema.pop("$defs").items()}
        self.defs.update(defs)
        return schema

    def _typeddict(self, cls: Any) -> Schema:
        hints = class_hints(cls, self._localns)
        # __required_keys__ is wrong where annotations were strings when the class was made; the markers tell.
        marks = {name: unwrap(hint)[2] for name, hint in hints.items()}
        required = sorted(
            name for name, mark in marks.items() if mark or (mark is None and name in cls.__required_keys__)
        )
        schema = {"type": "object", "properties": {name: self.of(hint) for name, hint in hints.items()}}
        return {**schema, "required": required} if required else schema

    def _dataclass(self, cls: Any) -> Schema:
        hints = class_hints(cls, self._localns)
        properties: Schema = {}
        required = []
        for field in dataclasses.fields(cls):
            if not field.init:
                continue
            schema = self.of_field(hints[field.name], field.default)
            text = field.metadata.get("description")
            properties[field.name] = {**schema, "description": text} if isinstance(text, str) else schema
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                required.append(field.name)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def _unknown(self, annotation: Any) -> Schema:
        if not self._strict:
            return {"type": "string"}
        raise TypeError(
            f"{annotation!r} has no JSON Schema. Use JSON types, Literal, Enum, containers of them, a TypedDict, "
            "a dataclass or a pydantic model, or give the tool an input_schema"
        )


def nullable(schema: Schema) -> Schema:
    """`schema` with null allowed."""
    kind = schema.get("type")
    if not schema or kind == "null":
        return schema
    if "enum" in schema and None not in schema["enum"]:
        schema = {**schema, "enum": [*schema["enum"], None]}
    if isinstance(kind, str) and "const" not in schema:
        return {**schema, "type": [kind, "null"]}
    if "enum" in schema and kind is None:
        return schema
    if schema.keys() == {"anyOf"}:
        return {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]}


def is_json(value: Any) -> bool:
    """Whether `value` is made of what JSON knows, and only of that."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor NaN
    return value is None or isinstance(value, str | int)


def _choice(values: list[Any]) -> Schema:
    kinds = {_SCALARS.get(type(value)) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else None
    return {"type": kind, "enum": values} if kind else {"enum": values}


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    names, name, number = set(taken), wanted, 1
    while name in names:
        number += 1
        name = f"{wanted}{number}"
    return name
