"""The input of a tool: JSON values -> what the annotations of its function say they are.

Used where the function, not a plain dict, declares the input: tools derived from a signature, and functions whose first
parameter is annotated with the dataclass or pydantic model that is the `input_schema`.  The values have passed the
schema before.  Above: `mcp`, `_mcp_server`.  Below: `_annotations`.
"""

from __future__ import annotations

import enum
import functools
import typing
from collections.abc import Callable, Mapping
from typing import Any

from ._annotations import (
    class_hints,
    container_kind,
    full_name,
    is_dataclass,
    is_enum,
    is_typeddict,
    is_union,
    parameter_hints,
    pydantic_adapter,
    unwrap,
    wire_name_of,
)

Convert = Callable[[Any], Any]


class ToolInputError(ValueError):
    """Input that fits the schema, but that the types of the function refuse; the model is told so."""


def keyword_call(function: Callable[..., Any], annotations: Mapping[str, Any], localns: Any = None) -> Convert:
    """`function`, as one of a single dict: it is called with the items as keywords, converted."""
    converters = _of_fields(annotations, _Converters(localns))

    @functools.wraps(function)
    def call(arguments: dict[str, Any]) -> Any:
        return function(**_checked(converters, arguments))

    return call


def instance_call(function: Callable[..., Any], cls: Any) -> Convert | None:
    """`function`, as one of a dict that it is given as an instance of `cls`; None unless it asks for one.

    It does when its first parameter is annotated with `cls`, a dataclass or pydantic model.
    """
    if not (is_dataclass(cls) or pydantic_adapter(cls)):
        return None
    import inspect

    first = next(iter(inspect.signature(function).parameters), None)
    try:
        wanted = parameter_hints(function, {cls.__name__: cls}).get(first or "")
    except TypeError:  # names of other parameters are none of our business
        return None
    if unwrap(wanted)[0] is not cls:
        return None
    convert = _Converters(None).of(cls)

    @functools.wraps(function)
    def call(arguments: dict[str, Any]) -> Any:
        return function(_checked(convert, arguments))

    return call


def _checked(convert: Convert | None, value: Any) -> Any:
    try:
        return convert(value) if convert else value
    except (ValueError, TypeError, KeyError, ArithmeticError) as exc:
        raise ToolInputError(str(exc)) from exc


class _Converters:
    """Makes the converter of an annotation; None stands for "as it is"."""

    def __init__(self, localns: Mapping[str, Any] | None) -> None:
        self._localns = localns
        self._open: dict[Any, Convert] = {}

    def of(self, annotation: Any) -> Convert | None:
        bare = unwrap(annotation)[0]
        if is_union(bare):
            return self._union([unwrap(member)[0] for member in typing.get_args(bare)])
        if typing.get_origin(bare) is typing.Literal:
            return _members([v for v in typing.get_args(bare) if isinstance(v, enum.Enum)])
        if is_enum(bare):
            return _members(list(bare))
        if make := _FROM_STRING.get(full_name(bare)):
            return functools.partial(make, bare)
        return self._object(typing.get_origin(bare) or bare) or self._container(bare)

    def _object(self, cls: Any) -> Convert | None:
        if adapter := pydantic_adapter(cls):
            return typing.cast("Convert", adapter.validate_python)
        if not (is_dataclass(cls) or is_typeddict(cls)):
            return None
        if cls in self._open:  # a recursive class: by the time of a call its converter is there
            known = self._open  # not self, which would keep the locals of the declaring function alive
            return lambda value: known[cls](value)
        self._open[cls] = _same
        fields = _of_fields(class_hints(cls, self._localns), self)
        if is_typeddict(cls):
            self._open[cls] = fields or _same
            return fields
        self._open[cls] = lambda value: cls(**(fields(value) if fields else value))
        return self._open[cls]

    def _container(self, annotation: Any) -> Convert | None:
        kind, args = container_kind(annotation), typing.get_args(annotation)
        if kind is None:
            return None
        if kind == "dict":
            each = self.of(args[1]) if args else None
            return _over_values(each) if each else None
        if kind == "tuple" and args and args[-1] is not Ellipsis:
            converts = [self.of(arg) or _same for arg in args]
            return lambda value: tuple(c(item) for c, item in zip(converts, value, strict=True))
        each = self.of(args[0]) if args else None
        if kind == "list":
            return (lambda value: list(map(each, value))) if each else None
        make = next((kind for kind in (tuple, frozenset) if kind in (annotation, typing.get_origin(annotation))), set)
        return lambda value: make(map(each or _same, value))

    def _union(self, members: list[Any]) -> Convert | None:
        choices = [(member, self.of(member)) for member in members]
        if not any(convert for _, convert in choices):
            return None

        def first_that_fits(value: Any) -> Any:
            for member, convert in choices:
                if convert is None:
                    if _is_plain(value, member):
                        return value
                    continue
                try:
                    return convert(value)
                except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
                    continue
            raise ToolInputError(f"{value!r} is none of {', '.join(getattr(m, '__name__', repr(m)) for m in members)}")

        return first_that_fits


def _of_fields(annotations: Mapping[str, Any], converters: _Converters) -> Convert | None:
    fields = {name: convert for name, hint in annotations.items() if (convert := converters.of(hint))}
    if not fields:
        return None
    return lambda value: {name: fields[name](item) if name in fields else item for name, item in value.items()}


def _members(members: list[Any]) -> Convert | None:
    by_wire_name = {wire_name_of(member): member for member in members}
    return (lambda value: by_wire_name.get(value, value)) if members else None


def _over_values(convert: Convert) -> Convert:
    return lambda value: {key: convert(item) for key, item in value.items()}


def _same(value: Any) -> Any:
    return value


def _is_plain(value: Any, member: Any) -> bool:
    """Whether a JSON value is what a member of a union that needs no converter means."""
    if member in (Any, object):
        return True
    if typing.get_origin(member) is typing.Literal:
        return value in typing.get_args(member)
    if member is float:
        return type(value) in (int, float)
    if is_typeddict(member):
        return isinstance(value, dict)
    kind = {"list": list, "dict": dict}.get(container_kind(member) or "", member)
    return type(value) is kind


_FROM_STRING: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("datetime.datetime", "datetime.date", "datetime.time"), lambda cls, text: cls.fromisoformat(text)),
    **dict.fromkeys(
        ("uuid.UUID", "decimal.Decimal", "pathlib.Path", "pathlib._local.Path"), lambda cls, text: cls(text)
    ),
}
