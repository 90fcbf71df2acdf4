"""The input schema of a tool: from what was given as `input_schema`, or from the signature of the function.

Owns the question what a dict is (JSON Schema or `{parameter: type}`) and which arguments are required: the form of
declaration says it where it can (defaults, NotRequired); in a plain dict, which cannot, `T | None` may be left out.
Above: `mcp` (signatures), `_mcp_server` (the rest).  Below: `_type_schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ._annotations import is_optional, is_typeddict, parameter_hints, unwrap
from ._type_schema import Schema, SchemaBuilder, is_json

__all__ = ["Schema", "is_json_schema", "signature_schema", "tool_schema"]


def tool_schema(input_schema: Any) -> Schema:
    """The JSON Schema of what a tool was given as `input_schema`.

    Args:
        input_schema: JSON Schema, `{parameter: type}`, TypedDict, dataclass or pydantic model. Of any other class
            nothing is known and every object is allowed, as in the existing SDKs.

    Raises:
        TypeError: a type in it has no JSON Schema, a name in it is not found, or it does not describe an object.
    """
    if isinstance(input_schema, Mapping):
        given = dict(input_schema)
        return _checked(given) if is_json_schema(given) else _of_parameters(given)
    builder = SchemaBuilder(strict=not is_typeddict(input_schema))
    schema = builder.root(builder.of_object(input_schema) or {"type": "object", "properties": {}})
    if schema.get("type") != "object":
        raise TypeError(f"{input_schema!r} does not describe an object, and the input of a tool is always one")
    return schema


def signature_schema(
    function: Callable[..., Any], localns: Mapping[str, Any] | None = None
) -> tuple[Schema, dict[str, Any]]:
    """The input schema that the parameters of a function make, and the annotation of each parameter.

    A parameter without annotation takes anything; `**name` takes further arguments.

    Raises:
        TypeError: a parameter cannot be given by keyword, or its annotation has no JSON Schema or is not found.
    """
    import inspect

    builder = SchemaBuilder(strict=True, localns=localns)
    hints = parameter_hints(function, localns)
    schema: Schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            del schema["additionalProperties"]
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise TypeError(f"parameter {name!r} cannot be given by keyword, as the input of a tool is")
        try:
            schema["properties"][name] = builder.of_field(hints.get(name, Any), parameter.default)
        except TypeError as exc:
            raise TypeError(f"parameter {name!r}: {exc}") from exc
        if parameter.default is parameter.empty:
            schema["required"].append(name)
    return builder.root(schema), {name: hints.get(name, Any) for name in schema["properties"]}


def is_json_schema(given: dict[str, Any]) -> bool:
    """Whether a dict is a JSON Schema, not `{parameter: type}`.

    It is when at least one key is a keyword that makes sense for an object *and* has the value such a keyword has:
    `{"type": "object"}` is a schema, `{"type": str}` has a parameter named type.
    """
    return any(name in _KEYWORDS and _KEYWORDS[name](value) for name, value in given.items())


def _of_parameters(parameters: dict[str, Any]) -> Schema:
    builder = SchemaBuilder(strict=False)
    properties = {name: builder.of(annotation) for name, annotation in parameters.items()}
    required = [name for name, annotation in parameters.items() if not _may_be_left_out(annotation)]
    return builder.root({"type": "object", "properties": properties, "required": required})


def _may_be_left_out(annotation: Any) -> bool:
    bare, _, required = unwrap(annotation)
    return not required and (required is False or is_optional(bare))


def _checked(schema: Schema) -> Schema:
    if not is_json(schema):
        raise TypeError(f"this input_schema is JSON Schema, but not all of it is JSON: {schema!r}")
    # MCP clients refuse a whole tool list for one inputSchema that does not say "object"; arguments always are one.
    return schema if schema.get("type") == "object" else {**schema, "type": "object"}


def _is_schema_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict | bool) for item in value.values())


def _is_schema_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict | bool) for item in value)


def _is_list_of_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _says_object(value: Any) -> bool:
    return bool(value == "object") or (_is_list_of_names(value) and "object" in value)


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: type(value) is kind


# What the value of a keyword looks like, so that it is not taken for a parameter of that name.
_KEYWORDS: dict[str, Callable[[Any], bool]] = {
    "type": _says_object,
    "required": _is_list_of_names,
    "enum": _is(list),
    "const": is_json,
    "additionalProperties": _is(bool),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), _is_schema_map),
    **dict.fromkeys(("anyOf", "oneOf", "allOf"), _is_schema_list),
    **dict.fromkeys(("$ref", "$schema", "$id", "$dynamicRef"), _is(str)),
    **dict.fromkeys(("minProperties", "maxProperties"), _is(int)),
}
