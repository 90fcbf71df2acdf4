"""The tables of the state machine: closed over the states, symmetric where they must be, complete against the wire."""

from __future__ import annotations

import pytest

from claude_code_sdk.protocol import state
from claude_code_sdk.protocol.state import CALLS, CLI, CLOSED, ERROR, HALF_CLOSED, HOST, IDLE, JOINT, OPEN, STARTING
from claude_code_sdk.protocol.state import TRANSITIONS as TABLE

STATES = {IDLE, STARTING, OPEN, HALF_CLOSED, CLOSED, ERROR}
INPUTS = {state.INITIALIZE, state.INITIALIZED, state.REQUEST, state.MESSAGE, state.END}


def reachable(role: str) -> set[str]:
    """Every state that `role` can be in, by its own steps and by those of the other side."""
    steps = [row for (sender, _), row in TABLE.items() if sender == role]
    steps += [row for (sender, _), row in JOINT.items() if sender != role]
    found = {IDLE}
    while True:
        more = {after for row in steps for before, after in row.items() if before in found} - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize("table", [TABLE, JOINT])
def test_the_tables_speak_of_known_roles_inputs_and_states(table: dict[tuple[str, str], dict[str, str]]) -> None:
    assert {sender for sender, _ in table} <= {HOST, CLI}
    assert {step for _, step in table} <= INPUTS
    assert {name for row in table.values() for pair in row.items() for name in pair} <= STATES


def test_the_states_a_side_can_reach_are_those_of_the_drawing() -> None:
    assert reachable(HOST) == {IDLE, STARTING, OPEN, HALF_CLOSED, CLOSED}
    assert reachable(CLI) == {IDLE, OPEN, CLOSED}


@pytest.mark.parametrize("role", [HOST, CLI])
def test_a_side_can_send_its_end_from_every_state_it_can_be_in(role: str) -> None:
    assert set(TABLE[role, state.END]) == reachable(role)


def test_nothing_leaves_closed() -> None:
    assert {row[CLOSED] for row in [*TABLE.values(), *JOINT.values()] if CLOSED in row} == {CLOSED}


def test_nobody_sends_a_message_or_a_request_after_its_end() -> None:
    for (_, step), row in TABLE.items():
        if step != state.END:
            assert not {HALF_CLOSED, CLOSED} & set(row)


def test_the_end_of_the_cli_closes_the_host_wherever_it_is() -> None:
    assert set(JOINT[CLI, state.END]) == reachable(HOST) - {CLOSED}
    assert set(JOINT[CLI, state.END].values()) == {CLOSED}


def test_the_host_may_ask_only_when_the_connection_is_open() -> None:
    assert set(TABLE[HOST, state.REQUEST]) == {OPEN}


def test_the_cli_may_ask_before_it_answered_initialize() -> None:
    assert set(TABLE[CLI, state.REQUEST]) == {IDLE, OPEN}


def test_the_two_sides_ask_for_different_things() -> None:
    assert not CALLS[HOST] & CALLS[CLI]
    assert CALLS[CLI] == {"can_use_tool", "hook_callback", "mcp_message"}
