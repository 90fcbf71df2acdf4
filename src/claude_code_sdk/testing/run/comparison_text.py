"""How facts, or lists of them, differ that should be equal: for reports of pytest.

Above: the pytest plugin (`pytest_assertrepr_compare`).  Below: `failure_text.py`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .expected import Difference, Expected, differences
from .facts import Fact, HookCall, McpCall, PermissionRequest, ToolCall
from .failure_text import LISTED, difference_lines, fact_line, more

_KINDS = {
    ToolCall: "tool call",
    HookCall: "hook call",
    PermissionRequest: "permission request",
    McpCall: "MCP call",
}


def comparison(left: Any, right: Any) -> list[str] | None:
    """The lines that explain why `left == right` does not hold; None when they are neither facts nor lists of facts.

    `left` is taken for what happened, unless only that side has patterns or functions in it.
    """
    if isinstance(left, Fact) and type(left) is type(right):
        happened, expected = _in_order([left], [right])
        return [f"one {_KINDS[type(left)]} == another", fact_line(happened[0]), *_told(expected[0], happened[0])]
    if not _are_facts(left) or not _are_facts(right) or not (left or right):
        return None
    happened, expected = _in_order(left, right)
    same = next((at for at, (one, other) in enumerate(zip(happened, expected, strict=False)) if one != other), None)
    start = min(len(happened), len(expected)) if same is None else same
    end = 0
    while end < min(len(happened), len(expected)) - start and happened[-1 - end] == expected[-1 - end]:
        end += 1
    there, wanted = happened[start : len(happened) - end], expected[start : len(expected) - end]
    lines = [f"{_count(left)} == {_count(right)}"]
    if start or end:
        lines.append(f"{start + end} as expected; of the others")
    told: list[list[str]] = []
    for at in range(max(len(there), len(wanted))):
        number = start + at + 1
        if at >= len(wanted):
            told.append([f"{number}. not expected: {fact_line(there[at])}"])
        elif at >= len(there):
            told.append([f"{number}. missing: {fact_line(wanted[at])}"])
        elif there[at] != wanted[at]:
            told.append([f"{number}. {fact_line(there[at])}", *_told(wanted[at], there[at])])
    return lines + [line for each in told[:LISTED] for line in each] + more(len(told) - LISTED)


def _in_order(left: list[Any], right: list[Any]) -> tuple[list[Any], list[Any]]:
    """What happened, and what was expected."""
    return (right, left) if _is_expected(left) and not _is_expected(right) else (left, right)


def _told(expected: Any, happened: Any) -> list[str]:
    return [f"     {line}" for line in difference_lines(_differences(expected, happened))]


def _are_facts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Fact) for item in value)


def _is_expected(facts: list[Any]) -> bool:
    return any(isinstance(getattr(fact, each.name), Expected) for fact in facts for each in fields(fact))


def _count(facts: list[Any]) -> str:
    kinds = {type(fact) for fact in facts}
    name = _KINDS.get(kinds.pop(), "fact") if len(kinds) == 1 else "fact"
    return f"{len(facts)} {name}{'' if len(facts) == 1 else 's'}"


def _differences(expected: Any, happened: Any) -> list[Difference]:
    if type(expected) is not type(happened):
        return [("kind", type(expected), type(happened))]
    return [
        each
        for name in (each.name for each in fields(expected) if each.compare)
        for each in differences(getattr(expected, name), getattr(happened, name), name)
    ]
