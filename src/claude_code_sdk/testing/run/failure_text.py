"""The texts of failed assertions: what was expected, what happened, the nearest candidates and where they differ.

Above: `assertions.py`, `comparison_text.py`.  Below: `expected.py`, `value_text.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .expected import Difference, differences
from .facts import Fact, HookCall, McpCall, ToolCall
from .value_text import expectation, shortened, two_values

if TYPE_CHECKING:
    from ...messages import ResultMessage
    from .run import SessionRun
else:  # so that `typing.get_type_hints` works although they are imported only when used
    ResultMessage = SessionRun = Any

NEAREST = 3
"""Candidates that are shown with their differences."""

LISTED = 10
"""Facts that are listed at most, a line each."""

SHORT = 60
"""Characters of an input or an outcome in the line of a fact."""

STDERR_LINES = 5
"""Lines of stderr, the last ones, that are shown where there is no result."""

_WHO = ("event", "tool", "name")
"""Fields that say what was called; a candidate that differs in one of them is further away than any that does not."""

Place = tuple[str, Any]
"""A fact, after where it belongs (`"session 2"`, or nothing)."""


def wrong_number(
    kind: str, facts: Sequence[Place], fitting: Sequence[Fact], expected: dict[str, Any], times: int | None
) -> str:
    """Not as many facts are as expected as there should be."""
    lines = [f"expected {_count(kind, times)}{_with(expected)}"]
    if not facts:
        return "\n".join([*lines, f"but there was no {kind} at all"])
    others = [(number, place) for number, place in enumerate(facts, 1) if not _is_one_of(place[1], fitting)]
    if fitting:
        matched = [(number, place) for number, place in enumerate(facts, 1) if _is_one_of(place[1], fitting)]
        fit = "fits" if len(fitting) == 1 else "fit"
        lines.append(f"but {len(fitting)} of {len(facts)} {fit}:")
        lines += _listed(matched)
        if (times is not None and len(fitting) > times) or not others:
            return "\n".join(lines)
        lines.append("nearest of the others:")
    elif len(facts) == 1:
        lines.append(f"but the only {kind} differs:")
    else:
        lines.append(f"but none of {len(facts)} {kind}s fits, nearest first:")
    return "\n".join(lines + _nearest(others, expected))


def found_too_often(kind: str, facts: Sequence[Place], fitting: Sequence[Fact], expected: dict[str, Any]) -> str:
    """Something is there that should not be."""
    lines = [f"expected no {kind}{_with(expected)}", f"but there {_were(len(fitting))}:"]
    numbered = enumerate(facts, 1)
    return "\n".join(lines + _listed([each for each in numbered if _is_one_of(each[1][1], fitting)]))


def no_tool_expected(calls: Sequence[Place]) -> str:
    """Tools were called."""
    return "\n".join(["expected no tool call", f"but there {_were(len(calls))}:", *_listed(list(enumerate(calls, 1)))])


def not_in_order(wanted: Sequence[tuple[Any, Any]], made: Sequence[Place], met: Sequence[int]) -> str:
    """The calls of tools do not have that order; `met` are the places of those that came in it."""
    lines = ["expected these tool calls, in this order"]
    for number, (name, members) in enumerate(wanted, 1):
        given = "" if members is ... else f" {shortened(expectation(members))}"
        missing = "   <- not found" if number == len(met) + 1 else ""
        lines.append(f"  {number}. {name if isinstance(name, str) else expectation(name)}{given}{missing}")
    if not made:
        return "\n".join([*lines, "but no tool was called"])
    after = f" after {len(met)}. was met" if met else ""
    lines.append(f"but none fits {len(met) + 1}.{after}; what was called:")
    for index, place in enumerate(made[:LISTED]):
        fitted = f"   <- {met.index(index) + 1}." if index in met else ""
        lines.append(f"  {_line(place)}{fitted}")
    return "\n".join(lines + more(len(made) - LISTED))


def prompts_differ(text: Any, prompts: Sequence[str], times: int | None) -> str:
    """The program did not send the prompt, or not so often."""
    said = f"the prompt {expectation(text)}" if isinstance(text, str) else f"a prompt like {expectation(text)}"
    lines = [f"expected {said}{'' if times is None else f', {_times(times)}'}"]
    if not prompts:
        return "\n".join([*lines, "but nothing was sent"])
    lines.append(f"but the program sent {_counted(len(prompts), 'prompt')}:")
    for number, prompt in enumerate(prompts[:LISTED], 1):
        lines.append(f"  {number}. {two_values(text, prompt)[1]}")
    return "\n".join(lines + more(len(prompts) - LISTED))


def no_result(sessions: Sequence[SessionRun]) -> str:
    """The last session has no result."""
    if not sessions:
        return "expected a result\nbut no session was started"
    last = sessions[-1]
    how = "is not over, or was ended by force" if last.exit_code is None else f"ended with exit code {last.exit_code}"
    which = "the session" if len(sessions) == 1 else f"session {last.number}, the last one,"
    lines = ["expected a result", f"but {which} has none; it {how}"]
    stderr = last.stderr.splitlines()[-STDERR_LINES:]
    return "\n".join(lines + (["its stderr ends with", *(f"  {line}" for line in stderr)] if stderr else []))


def result_differs(result: ResultMessage, found: Sequence[Difference], limit: float | None, cost: float) -> str:
    """The last result is not as expected, or all was too expensive."""
    told = [(path, *two_values(expected, value)) for path, expected, value in found]
    if limit is not None and not cost < limit:
        told.append(("cost", f"below {limit:g} USD", f"{cost:g} USD"))
    lines = ["the last result is not as expected", *(f"  {line}" for line in _aligned(told))]
    text = result.result
    if text and not any(path == "text" for path, _, _ in found):
        lines.append(f"its text: {shortened(repr(text))}")
    return "\n".join(lines)


# Facts


def _nearest(facts: Sequence[tuple[int, Place]], expected: dict[str, Any]) -> list[str]:
    """The facts that differ least, with what differs.  Where none is of the same tool or event, nothing else counts."""
    measured = []
    for number, place in facts:
        who = _compared(place[1], {name: value for name, value in expected.items() if name in _WHO})
        found = who or _compared(place[1], expected)
        measured.append((len(who), len(found), number, place, found))
    measured.sort(key=lambda candidate: candidate[:3])
    near = [candidate for candidate in measured if candidate[0] == measured[0][0]][:NEAREST]
    lines: list[str] = []
    for _, _, number, place, found in near:
        lines.append(f"  {number}. {_line(place)}")
        lines += [f"       {line}" for line in difference_lines(found)]
    return lines + more(len(facts) - len(near))


def _compared(fact: Fact, expected: dict[str, Any]) -> list[Difference]:
    return [each for name, value in expected.items() for each in differences(value, getattr(fact, name), name)]


def _listed(facts: Sequence[tuple[int, Place]]) -> list[str]:
    return [f"  {number}. {_line(place)}" for number, place in facts[:LISTED]] + more(len(facts) - LISTED)


def _line(place: Place) -> str:
    where, fact = place
    return f"{where + ': ' if where else ''}{fact_line(fact)}"


def fact_line(fact: Any) -> str:
    """A fact in one line: what was called, by whom, and what came of it."""
    by = f" by the sub-agent {fact.agent}" if isinstance(getattr(fact, "agent", None), str) else ""
    return f"{_called(fact)} {shortened(repr(fact.input), SHORT)}{by} -> {_outcome(fact)}"


def _called(fact: Any) -> str:
    if isinstance(fact, HookCall):
        return f"{fact.event} of {fact.tool}" if fact.tool else str(fact.event)
    return str(fact.name if isinstance(fact, ToolCall) else fact.tool)


def _outcome(fact: Any) -> str:
    if getattr(fact, "status", "answered") in ("failed", "withdrawn", "unanswered"):
        return fact.status if fact.error is None else f"{fact.status}, {shortened(repr(fact.error), SHORT)}"
    if isinstance(fact, (ToolCall, McpCall)):
        if fact.result is None:
            return "no result"
        return f"{'error ' if fact.is_error is True else ''}{shortened(repr(fact.result), SHORT)}"
    reason = fact.reason if isinstance(fact, HookCall) else fact.message
    decision = fact.decision or "no decision"
    return str(decision) if reason is None else f"{decision}, {shortened(repr(reason), SHORT)}"


def difference_lines(found: Iterable[Difference]) -> list[str]:
    """A line each, aligned."""
    return _aligned([(path, *two_values(expected, value)) for path, expected, value in found])


def _aligned(told: Sequence[tuple[str, str, str]]) -> list[str]:
    width = max((len(path) for path, _, _ in told), default=0)
    return [f"{path.ljust(width)}  expected {expected}, was {value}" for path, expected, value in told]


def _is_one_of(fact: Fact, facts: Iterable[Fact]) -> bool:
    return any(fact is each for each in facts)  # not `in`: two facts may be equal


# Words


def _with(expected: dict[str, Any]) -> str:
    """The expected fields, a line each."""
    width = max(map(len, expected), default=0)
    lines = [f"\n  {name.ljust(width)}  {shortened(expectation(value))}" for name, value in expected.items()]
    return f" with{''.join(lines)}" if lines else ""


def _count(kind: str, times: int | None) -> str:
    return f"a {kind}" if times is None else _counted(times, kind)


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}" if number == 1 else f"{number} {kind}s"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _were(number: int) -> str:
    return f"was {number}" if number == 1 else f"were {number}"


def more(number: int) -> list[str]:
    """The line for so many that are left out."""
    return [f"  … and {number} more"] if number > 0 else []
