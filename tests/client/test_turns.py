"""What the end of the process means: nothing, a failure, a failure after an error result, or an unanswered prompt."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from claude_code_sdk._turns import Turns
from claude_code_sdk.errors import ProcessError, ResultError, TurnIncompleteError
from claude_code_sdk.protocol.command import ExitStatus

GOOD: dict[str, Any] = {"type": "result", "subtype": "success", "is_error": False, "result": "hi"}
BAD: dict[str, Any] = {
    "type": "result",
    "subtype": "error_max_turns",
    "is_error": True,
    "errors": ["Reached maximum number of turns (3)"],
    "session_id": "S",
    "terminal_reason": "max_turns",
}


def after(*steps: dict[str, Any] | None) -> Turns:
    """The turns after prompts (None) and results."""
    turns = Turns()
    for step in steps:
        turns.prompted() if step is None else turns.result(step)
    return turns


def test_a_run_without_a_prompt_may_end() -> None:
    assert after().verdict(ExitStatus(0)) is None


def test_a_run_may_end_after_its_result() -> None:
    assert after(None, GOOD).verdict(ExitStatus(0)) is None


def test_a_prompt_opens_a_turn_and_a_result_closes_it() -> None:
    assert after(None).open
    assert not after(None, GOOD).open


def test_an_unanswered_prompt_at_exit_status_zero_is_an_incomplete_turn() -> None:
    error = after(None, GOOD, None).verdict(ExitStatus(0, "last words"))
    assert type(error) is TurnIncompleteError
    assert (error.exit_code, error.stderr) == (0, "last words")
    assert str(error) == (
        "The CLI exited before the turn had a result: its last prompt is not answered (exit code: 0)\n"
        "Error output: last words"
    )


@pytest.mark.parametrize("turns", [after(), after(None), after(None, GOOD)])
@pytest.mark.parametrize("code", [1, 127, -9])
def test_an_exit_status_other_than_zero_is_a_process_error_with_the_real_stderr(turns: Turns, code: int) -> None:
    error = turns.verdict(ExitStatus(code, "boom"))
    assert type(error) is ProcessError
    assert (error.exit_code, error.stderr) == (code, "boom")
    assert str(error) == f"Command failed with exit code {code} (exit code: {code})\nError output: boom"


def test_a_failure_without_stderr_says_none() -> None:
    error = after().verdict(ExitStatus(1))
    assert error is not None
    assert error.stderr is None


def test_a_failure_after_an_error_result_is_a_result_error_with_the_frame() -> None:
    error = after(None, BAD).verdict(ExitStatus(1, "boom"))
    assert type(error) is ResultError
    assert str(error) == ("Claude Code returned an error result: Reached maximum number of turns (3) (exit code: 1)")
    assert (error.data, error.exit_code, error.stderr) == (BAD, 1, "boom")
    assert (error.subtype, error.terminal_reason, error.session_id) == ("error_max_turns", "max_turns", "S")
    cause = error.__cause__
    assert type(cause) is ProcessError
    assert cause.stderr == "boom"


def test_an_error_result_and_exit_status_zero_is_no_failure() -> None:
    assert after(None, BAD).verdict(ExitStatus(0)) is None


@pytest.mark.parametrize("later", [(None,), (None, GOOD)])
def test_an_error_result_is_forgotten_when_the_next_turn_begins(later: tuple[dict[str, Any] | None, ...]) -> None:
    assert type(after(None, BAD, *later).verdict(ExitStatus(1))) is ProcessError


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ({"errors": [" a ", "", "b"], "result": "r"}, "a; b"),
        ({"errors": [" "], "result": " API Error: 529 "}, "API Error: 529"),
        ({"errors": "text", "subtype": "error_during_execution"}, "error_during_execution"),
        ({"subtype": "success", "result": " ", "api_error_status": 529}, "API error (HTTP 529)"),
        ({"subtype": "success"}, "unknown error"),
        ({"errors": [{"code": 1}]}, "{'code': 1}"),
    ],
)
def test_the_text_of_a_result_error_is_the_first_that_says_something(frame: dict[str, Any], text: str) -> None:
    error = after(None, {"type": "result", "is_error": True, **frame}).verdict(ExitStatus(1))
    assert str(error) == f"Claude Code returned an error result: {text} (exit code: 1)"


def test_a_result_error_survives_pickling() -> None:
    error = after(None, BAD).verdict(ExitStatus(1, "boom"))
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is ResultError
    assert str(copy) == str(error)
    assert (copy.data, copy.exit_code, copy.stderr) == (BAD, 1, "boom")
