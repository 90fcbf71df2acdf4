"""The run-end state machine: an independent model of its table (sdk-spec, appendix B) and the cases that it is for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._run_end import DEFAULT_CEILING, RunEnd, ceiling_from

TRACKED = ("local_agent", "local_workflow")
TERMINAL = ("completed", "failed", "stopped", "killed")


def state(name: Any) -> dict[str, Any]:
    return {"type": "system", "subtype": "session_state_changed", "state": name}


def started(task: str, kind: str = "local_agent") -> dict[str, Any]:
    return {"type": "system", "subtype": "task_started", "task_id": task, "task_type": kind}


def notified(task: str) -> dict[str, Any]:
    return {"type": "system", "subtype": "task_notification", "task_id": task, "status": "completed"}


def updated(task: str, patch: Any) -> dict[str, Any]:
    return {"type": "system", "subtype": "task_updated", "task_id": task, "patch": patch}


def run(*steps: Any, needs: bool = True, ceiling: float = 10.0) -> RunEnd:
    """A run after its steps; a step is a system frame, or the name of a method.  The clock counts the steps."""
    end = RunEnd(needs=needs, ceiling=ceiling)
    end.prompted()
    for now, step in enumerate(steps, 1):
        if isinstance(step, dict):
            end.system(step, now)
        elif step == "result":
            end.result(now)
        else:
            getattr(end, step)()
    return end


# When it is over


def test_a_run_is_not_over_before_its_result() -> None:
    assert not run("turn_frame").over


def test_a_cli_that_sends_no_state_is_done_with_its_first_result() -> None:
    assert run("turn_frame", "result").over


def test_a_cli_that_sends_its_state_is_done_when_it_is_idle_after_the_result() -> None:
    assert not run(state("running"), "turn_frame", "result").over
    assert run(state("running"), "turn_frame", "result", state("idle")).over


def test_idle_may_come_before_the_result() -> None:
    assert not run(state("running"), state("idle")).over
    assert run(state("running"), state("idle"), "result").over


def test_a_run_that_serves_nothing_is_done_with_its_result_whatever_the_state() -> None:
    assert run(state("running"), "turn_frame", "result", needs=False).over


@pytest.mark.parametrize("kind", TRACKED)
def test_an_agent_in_the_background_keeps_a_run_open(kind: str) -> None:
    assert not run(started("t", kind), "result").over
    assert not run(state("running"), started("t", kind), "result", state("idle")).over


@pytest.mark.parametrize("kind", ["local_bash", "monitor", None])
def test_other_tasks_do_not_keep_a_run_open(kind: Any) -> None:
    assert run(started("t", kind), "result").over


@pytest.mark.parametrize("end", [notified("t"), *(updated("t", {"status": status}) for status in TERMINAL)])
def test_after_the_agent_ended_the_turn_that_it_starts_ends_the_run(end: dict[str, Any]) -> None:
    steps = [state("running"), started("t"), "result", state("idle"), end]
    assert not run(*steps).over
    assert run(*steps, state("running"), "turn_frame", "result", state("idle")).over


@pytest.mark.parametrize("patch", [{"status": "running"}, {}, None, [], "completed"])
def test_an_update_that_is_not_the_end_of_a_task_changes_nothing(patch: Any) -> None:
    assert not run(started("t"), updated("t", patch), "result").over


def test_every_agent_must_have_ended() -> None:
    assert not run(started("a"), started("b"), notified("a"), "result").over
    assert run(started("a"), started("b"), notified("a"), notified("b"), "result").over


@pytest.mark.parametrize("step", ["prompted", "turn_frame", state("running"), state("requires_action")])
def test_a_run_that_was_over_opens_again(step: Any) -> None:
    assert not run(state("running"), "result", state("idle"), step).over


def test_a_second_prompt_needs_a_second_result() -> None:
    assert not run("result", "prompted", state("idle")).over
    assert run("result", "prompted", state("idle"), "result").over


def test_system_frames_of_other_kinds_change_nothing() -> None:
    assert run("result", {"type": "system", "subtype": "status", "state": "running"}).over


# The clock


def test_a_run_that_stays_running_after_its_result_gets_a_deadline() -> None:
    end = run(state("running"), "turn_frame", "result")
    assert end.deadline == 13.0  # the result came at 3
    end.expire(12.9)
    over_before = end.over
    end.expire(13.0)
    assert (over_before, end.over) == (False, True)


def test_the_clock_starts_anew_at_each_running() -> None:
    assert run(state("running"), "result", state("running")).deadline == 13.0


@pytest.mark.parametrize("step", ["prompted", "turn_frame", state("requires_action")])
def test_the_clock_stops_for_a_prompt_a_turn_and_a_question(step: Any) -> None:
    assert run(state("running"), "result", step).deadline is None


def test_after_a_question_the_clock_starts_anew() -> None:
    assert run(state("running"), "result", state("requires_action"), state("running")).deadline == 14.0


def test_no_clock_runs_while_a_turn_is_under_way() -> None:
    assert run(state("running"), "result", "turn_frame", state("running")).deadline is None


def test_a_clock_that_expires_while_an_agent_works_is_ignored() -> None:
    end = run(state("running"), started("t"), "result")
    end.expire(1000.0)
    assert not end.over
    end.system(notified("t"), 2000.0)
    assert end.deadline == 2010.0


@pytest.mark.parametrize(("needs", "ceiling"), [(False, 10.0), (True, 0.0)])
def test_no_clock_runs_without_callbacks_or_without_a_ceiling(needs: bool, ceiling: float) -> None:
    end = run("result", state("running"), needs=needs, ceiling=ceiling)
    assert end.deadline is None


def test_expiring_without_a_deadline_does_nothing() -> None:
    end = run(state("running"))
    end.expire(1000.0)
    assert not end.over


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 600.0),
        ("", 600.0),
        ("soon", 600.0),
        ("1.5", 600.0),
        ("-1", 600.0),
        ("0", 0.0),
        ("1500", 1.5),
        ("9999999999", (2**31 - 1) / 1000),
    ],
)
def test_the_environment_sets_the_ceiling_in_milliseconds(text: str | None, seconds: float) -> None:
    env = {} if text is None else {"CLAUDE_CODE_PRINT_BG_WAIT_CEILING_MS": text}
    assert ceiling_from(env) == seconds
    assert DEFAULT_CEILING == 600.0


# The table


class Table:
    """Appendix B, row by row, written without looking at the code under test."""

    def __init__(self, needs: bool, ceiling: float) -> None:
        self.needs, self.ceiling = needs, ceiling
        self.result_seen = self.turn = self.ended = False
        self.state: str | None = None
        self.tasks: set[str] = set()
        self.clock: float | None = None

    def restart_clock(self, now: float) -> None:
        if self.ceiling > 0 and not self.ended and not self.turn and self.needs:
            self.clock = now + self.ceiling

    def end(self) -> None:
        self.ended, self.clock = True, None

    def reopen(self) -> None:
        self.ended = False

    def step(self, kind: str, value: Any, now: float) -> None:
        match kind:
            case "prompt":
                self.result_seen, self.clock = False, None
                self.reopen()
            case "turn":
                self.turn, self.clock = True, None
                self.reopen()
            case "started":
                self.tasks.add(value)
            case "ended":
                known = value in self.tasks
                self.tasks.discard(value)
                waiting = self.result_seen and self.state not in {None, "idle", "requires_action"}
                if known and not self.tasks and waiting:
                    self.restart_clock(now)
            case "state":
                self.state = value
                if value == "idle":
                    if self.result_seen and not self.tasks:
                        self.end()
                elif value == "requires_action":
                    self.reopen()
                    self.clock = None
                else:
                    self.reopen()
                    if self.result_seen:
                        self.restart_clock(now)
            case "result":
                self.result_seen, self.turn = True, False
                if self.state in {None, "idle"} or not self.needs:
                    if not self.tasks:
                        self.end()
                elif self.state != "requires_action":
                    self.restart_clock(now)
            case "wait":
                if self.clock is not None and now >= self.clock:
                    self.clock = None
                    if not self.tasks:
                        self.end()


steps = st.one_of(
    st.sampled_from(["prompt", "turn", "result", "wait"]).map(lambda kind: (kind, None)),
    st.sampled_from(["idle", "running", "requires_action", "of_the_next_release"]).map(lambda name: ("state", name)),
    st.tuples(st.sampled_from(["started", "ended"]), st.sampled_from("ab")),
)


@given(st.lists(st.tuples(steps, st.sampled_from([0.0, 1.0, 10.0])), max_size=30), st.booleans(), st.booleans())
def test_every_sequence_of_inputs_does_what_the_table_says(
    sequence: list[tuple[tuple[str, Any], float]], needs: bool, unlimited: bool
) -> None:
    ceiling = 0.0 if unlimited else 10.0
    end, table, now = RunEnd(needs=needs, ceiling=ceiling), Table(needs, ceiling), 0.0
    for (kind, value), pause in sequence:
        now += pause
        match kind:
            case "prompt":
                end.prompted()
            case "turn":
                end.turn_frame()
            case "started":
                end.system(started(value), now)
            case "ended":
                end.system(notified(value), now)
            case "state":
                end.system(state(value), now)
            case "result":
                end.result(now)
            case "wait":
                end.expire(now)
        table.step(kind, value, now)
        assert (end.over, end.deadline) == (table.ended, table.clock)
