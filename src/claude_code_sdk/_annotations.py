"""Taking Python type annotations apart; knows nothing of JSON Schema, though what it recognises is what has one.

Above: `_type_schema` (annotation -> schema) and `_tool_input` (JSON value -> what the annotation says), which have to
see the same thing in an annotation.  pydantic is looked up in `sys.modules`, never imported.
"""

from __future__ import annotations

import enum
import functools
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

_CONTAINERS = {
    **dict.fromkeys(("list", "Sequence", "MutableSequence", "Collection", "Iterable"), "list"),
    **dict.fromkeys(("set", "frozenset", "Set", "MutableSet"), "set"),
    **dict.fromkeys(("dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict"), "dict"),
    "tuple": "tuple",
}


def full_name(annotation: Any) -> str:
    """`module.Name` of a class; lets us recognise one without importing its module."""
    return f"{getattr(annotation, '__module__', '')}.{getattr(annotation, '__qualname__', '')}"


def container_kind(annotation: Any) -> str | None:
    """ "list", "set", "tuple" or "dict" for the containers of builtins, typing and collections(.abc), else None."""
    origin = typing.get_origin(annotation) or annotation
    if getattr(origin, "__module__", None) not in ("builtins", "typing", "collections", "collections.abc"):
        return None
    return _CONTAINERS.get(getattr(origin, "__name__", ""))


def unwrap(annotation: Any) -> tuple[Any, str | None, bool | None]:
    """What stands inside Annotated, Required, NewType and aliases: (type, description, required if it is marked)."""
    description: str | None = None
    required: bool | None = None
    while True:
        origin = typing.get_origin(annotation)
        marker = getattr(origin, "_name", None)
        if marker in ("Required", "NotRequired", "ReadOnly", "Final"):
            required = {"Required": True, "NotRequired": False}.get(marker, required)
            annotation = typing.get_args(annotation)[0]
        elif origin is typing.Annotated:
            annotation, *notes = typing.get_args(annotation)
            description = description or next(filter(None, map(_note_text, notes)), None)
        elif hasattr(annotation, "__supertype__"):  # NewType
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        elif isinstance(annotation, typing.TypeVar):
            annotation = annotation.__bound__ or Any
        else:
            return annotation, description, required


def _note_text(note: Any) -> str | None:
    """A plain string, pydantic's `Field(description=…)` or typing_extensions' `Doc(…)`."""
    text = note if isinstance(note, str) else getattr(note, "description", getattr(note, "documentation", None))
    return text if isinstance(text, str) else None


def is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) is typing.Union or isinstance(annotation, types.UnionType)


def is_optional(annotation: Any) -> bool:
    """Whether None is a member of the union that `annotation` is."""
    return is_union(annotation) and types.NoneType in typing.get_args(annotation)


def is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def is_typeddict(annotation: Any) -> bool:
    # Covers typing_extensions.TypedDict too, which typing.is_typeddict does not know.
    return isinstance(annotation, type) and issubclass(annotation, dict) and hasattr(annotation, "__required_keys__")


def is_dataclass(annotation: Any) -> bool:
    return isinstance(annotation, type) and hasattr(annotation, "__dataclass_fields__")


def pydantic_adapter(annotation: Any) -> Any:
    """A pydantic TypeAdapter for a pydantic model or a pydantic dataclass, else None."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not isinstance(annotation, type):
        return None
    if issubclass(annotation, pydantic.BaseModel) or hasattr(annotation, "__pydantic_validator__"):
        return pydantic.TypeAdapter(annotation)
    return None


def wire_name_of(member: enum.Enum) -> Any:
    """What stands for an enum member on the wire: its value; its name where not all values are JSON scalars."""
    scalars = all(item.value is None or isinstance(item.value, str | int | float) for item in type(member))
    return member.value if scalars else member.name


def underlying(function: Callable[..., Any]) -> Any:
    """The plain function inside partials, `functools.wraps` wrappers and objects with `__call__`."""
    inner: Any = function
    while True:
        if isinstance(inner, functools.partial):
            inner = inner.func
        elif (wrapped := getattr(inner, "__wrapped__", None)) is not None:
            inner = wrapped
        elif not hasattr(inner, "__code__") and hasattr(type(inner), "__call__"):  # noqa: B004
            call = type(inner).__call__
            return call if hasattr(call, "__code__") else inner
        else:
            return inner


def class_hints(cls: type, localns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Field -> annotation of a class; names local to the place of declaration are taken from `localns`.

    Raises:
        TypeError: a name in an annotation is not found.
    """
    return _hints(cls, None, localns)


def parameter_hints(function: Callable[..., Any], localns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameter -> annotation of a function; what it returns is not looked at, nor need it be importable.

    Raises:
        TypeError: a name in an annotation is not found.
    """
    inner = underlying(function)
    annotations = {k: v for k, v in getattr(inner, "__annotations__", {}).items() if k != "return"}
    holder = types.SimpleNamespace(
        __annotations__=annotations, __qualname__=getattr(inner, "__qualname__", repr(inner))
    )
    return _hints(holder, getattr(inner, "__globals__", {}), localns)


def _hints(thing: Any, globalns: dict[str, Any] | None, localns: Mapping[str, Any] | None) -> dict[str, Any]:
    try:
        return typing.get_type_hints(thing, globalns, include_extras=True)
    except NameError:
        pass
    try:
        return typing.get_type_hints(thing, globalns, dict(localns or {}), include_extras=True)
    except NameError as exc:
        raise TypeError(
            f"the annotations of {thing.__qualname__} cannot be resolved: {exc}. Define the name at module level, "
            "or give the tool an input_schema without it"
        ) from exc
