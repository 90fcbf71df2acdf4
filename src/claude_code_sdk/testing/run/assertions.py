"""Assertions about what happened, which say what was expected, what happened, and what came nearest.

Above: `run.py`.  Below: `happened.py`, `expected.py` (what values may be expected as), `failure_text.py`,
`misspelt.py`.

A field that is not named is not looked at.  Each raises `AssertionError` and changes nothing; `ValueError` for what
must not have happened and cannot (`misspelt.py`).  Those that look for a call return it; `times=0` alone leaves nothing
to return, which the overloads say.  The ignored overlap is that of `Literal[0]` with `int`: a number that is only known
at run time counts as one that leaves something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .expected import differences, fits
from .failure_text import (
    found_too_often,
    no_result,
    no_tool_expected,
    not_in_order,
    prompts_differ,
    result_differs,
    wrong_number,
)
from .happened import Happened

if TYPE_CHECKING:
    from ...messages import ResultMessage
    from .facts import Fact, HookCall, PermissionRequest, ToolCall
else:  # so that `typing.get_type_hints` works although they are imported only when used
    ResultMessage = Fact = HookCall = PermissionRequest = ToolCall = Any


class Assertions(Happened):
    """The facts of some sessions, and what can be asserted of them."""

    @overload
    def assert_hook_called(  # type: ignore[overload-overlap]
        self,
        event: Any = ...,
        *,
        tool: Any = ...,
        input: Any = ...,
        output: Any = ...,
        decision: Any = ...,
        reason: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: Literal[0],
    ) -> None: ...

    @overload
    def assert_hook_called(
        self,
        event: Any = ...,
        *,
        tool: Any = ...,
        input: Any = ...,
        output: Any = ...,
        decision: Any = ...,
        reason: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> HookCall: ...

    def assert_hook_called(
        self,
        event: Any = ...,
        *,
        tool: Any = ...,
        input: Any = ...,  # noqa: A002 - the name of the field
        output: Any = ...,
        decision: Any = ...,
        reason: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> HookCall | None:
        """A hook was called like this, at least once or `times` times.

        The parameters are the fields of `HookCall`.  Returns the first such call, None with `times=0`.
        """
        __tracebackhide__ = True
        expected = {"event": event, "tool": tool, "input": input, "output": output, "decision": decision}
        expected |= {"reason": reason, "status": status, "error": error, "agent": agent}
        first: HookCall | None = _first("hook call", self._placed("hook_calls"), expected, times)
        return first

    def assert_hook_not_called(
        self,
        event: Any = ...,
        *,
        tool: Any = ...,
        input: Any = ...,  # noqa: A002 - the name of the field
        output: Any = ...,
        decision: Any = ...,
        reason: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
    ) -> None:
        """No hook was called like this; without parameters, no hook at all.

        Raises `ValueError` for a misspelt event, decision or status, with which it would always hold.
        """
        __tracebackhide__ = True
        expected = {"event": event, "tool": tool, "input": input, "output": output, "decision": decision}
        expected |= {"reason": reason, "status": status, "error": error, "agent": agent}
        _first("hook call", self._placed("hook_calls"), expected, 0)

    @overload
    def assert_tool_called(
        self,
        name: Any,
        input: Any = ...,
        *,
        result: Any = ...,
        is_error: Any = ...,
        agent: Any = ...,
        times: Literal[0],
    ) -> None: ...

    @overload
    def assert_tool_called(
        self,
        name: Any,
        input: Any = ...,
        *,
        result: Any = ...,
        is_error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> ToolCall: ...

    def assert_tool_called(
        self,
        name: Any,
        input: Any = ...,  # noqa: A002 - the name of the field
        *,
        result: Any = ...,
        is_error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> ToolCall | None:
        """The model called a tool like this, at least once or `times` times.

        `input` is the whole input; `including(…)` stands for a part of it.  The parameters are the fields of
        `ToolCall`.  Returns the first such call, None with `times=0`.
        """
        __tracebackhide__ = True
        expected = {"name": name, "input": input, "result": result, "is_error": is_error, "agent": agent}
        first: ToolCall | None = _first("tool call", self._placed("tool_calls"), expected, times)
        return first

    def assert_no_tool_called(self) -> None:
        """The model called no tool."""
        __tracebackhide__ = True
        calls = self._placed("tool_calls")
        if calls:
            raise AssertionError(no_tool_expected(calls))

    def assert_tool_order(self, *calls: Any, agent: Any = ...) -> None:
        """The model called these tools in this order, whatever it called before, between and after them.

        Each is a name, or a pair of a name and an input, `("Bash", {"command": "ls"})`.  `agent`: whose calls count.
        Sessions count one after the other.
        """
        __tracebackhide__ = True
        wanted = [call if isinstance(call, tuple) else (call, ...) for call in calls]
        made = [(place, call) for place, call in self._placed("tool_calls") if fits(agent, call.agent)]
        met: list[int] = []
        for index, (_, call) in enumerate(made):
            if len(met) == len(wanted):
                break
            name, given = wanted[len(met)]
            if fits(name, call.name) and fits(given, call.input):
                met.append(index)
        if len(met) < len(wanted):
            raise AssertionError(not_in_order(wanted, made, met))

    @overload
    def assert_permission(  # type: ignore[overload-overlap]
        self,
        tool: Any = ...,
        input: Any = ...,
        *,
        decision: Any = ...,
        message: Any = ...,
        updated_input: Any = ...,
        interrupt: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: Literal[0],
    ) -> None: ...

    @overload
    def assert_permission(
        self,
        tool: Any = ...,
        input: Any = ...,
        *,
        decision: Any = ...,
        message: Any = ...,
        updated_input: Any = ...,
        interrupt: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> PermissionRequest: ...

    def assert_permission(
        self,
        tool: Any = ...,
        input: Any = ...,  # noqa: A002 - the name of the field
        *,
        decision: Any = ...,
        message: Any = ...,
        updated_input: Any = ...,
        interrupt: Any = ...,
        status: Any = ...,
        error: Any = ...,
        agent: Any = ...,
        times: int | None = None,
    ) -> PermissionRequest | None:
        """The permission callback was asked like this and answered so, at least once or `times` times.

        The parameters are the fields of `PermissionRequest`.  Returns the first such request, None with `times=0`.
        """
        __tracebackhide__ = True
        expected = {"tool": tool, "input": input, "decision": decision, "message": message}
        expected |= {"updated_input": updated_input, "interrupt": interrupt, "status": status, "error": error}
        expected["agent"] = agent
        first: PermissionRequest | None = _first(
            "permission request", self._placed("permission_requests"), expected, times
        )
        return first

    def assert_prompt(self, text: Any, *, times: int | None = None) -> None:
        """The program sent this prompt, at least once or `times` times."""
        __tracebackhide__ = True
        prompts = self.prompts
        count = sum(fits(text, prompt) for prompt in prompts)
        if count != times if times is not None else not count:
            raise AssertionError(prompts_differ(text, prompts, times))

    def assert_result(
        self,
        text: Any = ...,
        *,
        is_error: Any = ...,
        subtype: Any = ...,
        cost_below: float | None = None,
        turns: Any = ...,
        structured_output: Any = ...,
    ) -> ResultMessage:
        """The last session has a result, and its last one is like this.

        - `text`: the result's own; `subtype`: `"success"`, `"error_max_turns"` …
        - `cost_below`: US dollars that all sessions together cost less than.
        - `turns`: how many requests to the model the result counts (`num_turns`).

        Returns the result.
        """
        __tracebackhide__ = True
        result = self.result
        if result is None:
            raise AssertionError(no_result(self.sessions))
        looked_at = {
            "text": (text, result.result),
            "is_error": (is_error, result.is_error),
            "subtype": (subtype, result.subtype),
            "turns": (turns, result.num_turns),
            "structured_output": (structured_output, result.structured_output),
        }
        found = [each for name, pair in looked_at.items() for each in differences(*pair, name)]
        if found or (cost_below is not None and not self.cost < cost_below):
            raise AssertionError(result_differs(result, found, cost_below, self.cost))
        return result

    def _placed(self, name: str) -> list[tuple[str, Any]]:
        """Facts of a kind, each with its place, which is empty where there is one session only."""
        sessions = self.sessions
        return [
            (f"session {session.number}" if len(sessions) > 1 else "", fact)
            for session in sessions
            for fact in getattr(session.facts, name)
        ]


def _first(kind: str, facts: list[tuple[str, Any]], expected: dict[str, Any], times: int | None) -> Any:
    """The first fact that is as expected.  Raises `AssertionError` when not as many are as there should be."""
    __tracebackhide__ = True
    named = {name: value for name, value in expected.items() if value is not ...}
    if times == 0:
        from .misspelt import refuse_misspelt

        refuse_misspelt(named, [fact for _, fact in facts])
    fitting = [fact for _, fact in facts if all(fits(value, getattr(fact, name)) for name, value in named.items())]
    if times == 0 and fitting:
        raise AssertionError(found_too_often(kind, facts, fitting, named))
    if len(fitting) != times if times is not None else not fitting:
        raise AssertionError(wrong_number(kind, facts, fitting, named, times))
    return fitting[0] if fitting else None
