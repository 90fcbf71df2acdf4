"""What a test may expect of a value, in assertions and in plain comparisons of facts."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import ANY

import pytest
from dirty_equals import IsPartialDict, IsPositive, IsStr

from claude_code_sdk.testing import PermissionRequest, ToolCall, containing, including
from claude_code_sdk.testing.run.expected import MISSING, comparable, differences, fits

FITTING: list[tuple[Any, Any]] = [
    ("ls", "ls"),
    (None, None),
    (1, 1.0),
    (..., "anything"),
    (..., None),
    (re.compile("^l"), "ls"),
    (containing("s -"), "ls -l"),
    (lambda text: text.endswith("s"), "ls"),
    (str, "ls"),
    (IsStr, "ls"),
    (IsStr(regex="l."), "ls"),
    (IsPositive, 3),
    (ANY, {}),
    ({"command": "ls"}, {"command": "ls"}),
    ({"command": re.compile("l"), "timeout": ...}, {"command": "ls", "timeout": 3}),
    (including({"command": "ls"}), {"command": "ls", "timeout": 3}),
    (including(command=re.compile("l")), {"command": "ls", "timeout": 3}),
    (IsPartialDict(command="ls"), {"command": "ls", "timeout": 3}),
    ({"todos": [including(state="done"), ...]}, {"todos": [{"state": "done", "text": "a"}, {}]}),
    ([1, {"a": str}], [1, {"a": "b"}]),
    ((1, 2), [1, 2]),
]
DIFFERENT: list[tuple[Any, Any]] = [
    ("ls", "rm"),
    (1, True),
    (False, 0),
    (None, ""),
    (re.compile("^s"), "ls"),
    (re.compile("3"), 3),
    (containing("x"), "ls"),
    (lambda text: False, "ls"),
    (str, 3),
    (IsStr, 3),
    (IsPositive, -3),
    ({"command": "ls"}, {"command": "ls", "timeout": 3}),
    ({"command": "ls", "timeout": ...}, {"command": "ls"}),
    (including(command="ls"), {"timeout": 3}),
    (including(command="ls"), "ls"),
    (including(command="ls"), None),
    ([1], [1, 2]),
    ([1], 1),
]


def name(value: Any) -> str:
    return re.sub(" at 0x.*|<.*>", "", repr(value))


@pytest.mark.parametrize(("expected", "value"), FITTING, ids=name)
def test_it_fits(expected: Any, value: Any) -> None:
    assert fits(expected, value)


@pytest.mark.parametrize(("expected", "value"), DIFFERENT, ids=name)
def test_it_does_not_fit(expected: Any, value: Any) -> None:
    assert not fits(expected, value)


@pytest.mark.parametrize(("expected", "value"), FITTING, ids=name)
def test_facts_are_equal_on_either_side_when_a_field_fits(expected: Any, value: Any) -> None:
    if isinstance(expected, tuple):
        expected = list(expected)
    assert ToolCall("Bash", value) == ToolCall("Bash", expected)
    assert ToolCall("Bash", expected) == ToolCall("Bash", value)


@pytest.mark.parametrize(
    ("expected", "value"), [pair for pair in DIFFERENT if not isinstance(pair[1], bool) and pair[1] != 0], ids=name
)
def test_facts_differ_when_a_field_does_not_fit(expected: Any, value: Any) -> None:
    assert ToolCall("Bash", value) != ToolCall("Bash", expected)
    assert ToolCall("Bash", expected) != ToolCall("Bash", value)


def test_a_function_that_is_made_for_texts_does_not_fit_none_and_its_other_errors_are_raised() -> None:
    assert not fits(lambda text: text.startswith("a"), None)
    with pytest.raises(AttributeError):
        fits(lambda text: text.startswith("a"), 3)
    with pytest.raises(ZeroDivisionError):
        fits(lambda text: 1 / 0, None)


def test_plain_values_stay_as_they_are() -> None:
    plain = {"a": [1, "b", {"c": None}]}
    assert comparable(plain) is plain


def test_differences_have_the_path_of_each() -> None:
    expected = {"a": 1, "b": {"c": [1, str]}, "gone": 3}
    value = {"a": 2, "b": {"c": [1, 2]}, "more": 4}
    assert differences(expected, value, "input") == [
        ("input.a", 1, 2),
        ("input.b.c[1]", str, 2),
        ("input.gone", 3, MISSING),
        ("input.more", MISSING, 4),
    ]


def test_facts_of_different_kinds_or_ids_are_told_apart_by_what_they_mean_alone() -> None:
    assert ToolCall("Bash", id="toolu_1") == ToolCall("Bash", id="toolu_2")
    assert ToolCall("Bash", agent="reader") != ToolCall("Bash")
    assert ToolCall("Bash") != PermissionRequest("Bash")  # type: ignore[comparison-overlap]


def test_an_expected_fact_shows_what_is_expected() -> None:
    fact = ToolCall("Bash", {"command": re.compile("ls")}, result=..., is_error=bool)
    assert repr(fact) == (
        "ToolCall(name='Bash', input={'command': re.compile('ls')}, result=anything, is_error=bool, agent=None)"
    )
