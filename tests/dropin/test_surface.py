"""Names, fields, keys and parameters of the older SDKs are ours, too; ours may have more."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from typing import Any

import pytest

import claude_code_sdk
import claude_code_sdk.types

from .surface import DATACLASSES, LITERALS, PARAMETERS, TYPED_DICTS, UNIONS


def public(name: str) -> Any:
    value = claude_code_sdk if name.split(".")[0] in claude_code_sdk.__all__ else claude_code_sdk.types
    for part in name.split("."):
        value = getattr(value, part)
    return value


def flat(literal: Any) -> set[str]:
    return set(typing.get_args(literal))


@pytest.mark.parametrize("name", TYPED_DICTS)
def test_a_dict_has_the_same_keys(name: str) -> None:
    keys = TYPED_DICTS[name].split()
    value = public(name)

    assert typing.is_typeddict(value)
    assert value.__required_keys__ == {key for key in keys if not key.endswith("?")}
    assert value.__optional_keys__ >= {key.removesuffix("?") for key in keys if key.endswith("?")}


@pytest.mark.parametrize("name", LITERALS)
def test_a_literal_has_the_same_values(name: str) -> None:
    assert flat(public(name)) >= set(LITERALS[name].split())


@pytest.mark.parametrize("name", UNIONS)
def test_a_union_has_the_same_members(name: str) -> None:
    assert {member.__name__ for member in typing.get_args(public(name))} >= set(UNIONS[name].split())


@pytest.mark.parametrize("name", DATACLASSES)
def test_a_dataclass_begins_with_the_same_fields(name: str) -> None:
    fields = []
    for field in dataclasses.fields(public(name)):
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        fields.append(field.name if default is dataclasses.MISSING else f"{field.name}={default!r}")
    theirs = DATACLASSES[name].split()

    assert fields[: len(theirs)] == theirs
    assert all("=" in field for field in fields[len(theirs) :])


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_callable_takes_the_same_parameters(name: str) -> None:
    theirs = PARAMETERS[name].split()
    ours = list(inspect.signature(public(name)).parameters.values())

    for parameter, wanted in zip(ours, theirs, strict=False):
        assert parameter.name == wanted.strip("*=")
        assert (parameter.kind is parameter.KEYWORD_ONLY) == wanted.startswith("*")
        assert not wanted.endswith("=") or parameter.default is not parameter.empty
    assert len(ours) >= len(theirs)
    assert all(parameter.default is not parameter.empty for parameter in ours[len(theirs) :])
