"""What of a host frame must be equal to what was recorded, and what is free."""

from __future__ import annotations

from typing import Any

import pytest

from claude_code_sdk.cassettes.mismatch import CassetteMismatch

from .playing import (
    Host,
    answer,
    asks_for,
    cli,
    eof,
    exits,
    host,
    initialize,
    noise,
    player,
    prompt,
    refusal,
    request,
    result,
    spawn,
)

Frame = dict[str, Any]


def fits(recorded: Frame, live: Frame, **settings: Any) -> bool:
    """Whether the live frame opens the gate of the recorded one."""
    run = Host(player([spawn(), host(recorded), cli(result()), eof(), exits()], **settings))
    try:
        return run.send(live) == [result()]
    except CassetteMismatch:
        return False


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (prompt("hi", session_id="default"), prompt("hi", session_id="")),
        (prompt("hi"), {"type": "user", "message": {"content": "hi", "role": "user"}}),
        (prompt("hi", uuid=None), prompt("hi")),
        (initialize("req_1_ab", agents=None), initialize("req_1")),
        (request("a", "interrupt"), request("b", "interrupt")),
        ({"type": "new_kind", "a": 1}, {"type": "new_kind", "a": 1}),
    ],
)
def test_ids_of_requests_and_sessions_and_nulls_are_free(recorded: Frame, live: Frame) -> None:
    assert fits(recorded, live)


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (prompt("hi"), prompt("ho")),
        (prompt("hi", uuid="u1"), prompt("hi", uuid="u2")),
        (prompt("hi"), prompt("hi", client_composed=True)),
        (prompt("hi"), {"type": "new_kind"}),
        (initialize(hooks_of="x"), initialize(hooks_of="y")),
        (request("a", "set_model", model="x"), request("a", "set_model", model="y")),
        (request("a", "set_model", model="x"), request("a", "set_model")),
        (request("a", "interrupt"), request("a", "end_session")),
        (request("a", "mcp_toggle", enabled=True), request("a", "mcp_toggle", enabled=1)),
    ],
)
def test_everything_else_counts(recorded: Frame, live: Frame) -> None:
    assert not fits(recorded, live)


def test_prompts_are_free_when_they_are_not_matched_on() -> None:
    assert fits(prompt("hi"), prompt("ho"), match_on=("argv", "control"))
    assert not fits(prompt("hi"), {"type": "new_kind"}, match_on=("argv", "control"))


def test_control_requests_are_free_when_they_are_not_matched_on() -> None:
    recorded, live = request("a", "set_model", model="x"), request("a", "set_model", model="y")
    assert fits(recorded, live, match_on=("argv", "prompt"))
    assert not fits(recorded, request("a", "interrupt"), match_on=("argv", "prompt"))


def test_raw_compares_the_session_id_too() -> None:
    assert not fits(prompt("hi", session_id="a"), prompt("hi", session_id="b"), match_on=("raw",))
    assert fits(prompt("hi", session_id="a"), prompt("hi", session_id="a"), match_on=("raw",))


def test_control_requests_are_in_order_within_their_subtype_only() -> None:
    def mode(name: str) -> Frame:
        return request(name, "set_permission_mode", mode=name)

    entries = [host(mode("plan")), host(request("i", "interrupt")), host(mode("default")), cli(result()), exits()]
    run = Host(player([spawn(), *entries]))
    assert run.send(request("x", "interrupt"), mode("plan"), mode("default")) == [result()]
    run = Host(player([spawn(), *entries]))
    with pytest.raises(CassetteMismatch):
        run.send(mode("default"))


def test_a_line_that_is_not_json_must_be_the_recorded_one() -> None:
    run = Host(player([spawn(), noise("abc", "host"), exits()]))
    with pytest.raises(CassetteMismatch, match=r'- line: "abc"\n    \+ line: "abd"'):
        run.player.receive_data(b"abd\n")


def test_a_frame_does_not_stand_for_a_line_that_is_not_json() -> None:
    run = Host(player([spawn(), noise("abc", "host"), exits()]))
    with pytest.raises(CassetteMismatch):
        run.send(prompt("abc"))


# Answers


def mcp(method: str, **params: Any) -> Frame:
    return request("a", "mcp_message", server_name="kit", message={"id": 1, "method": method, "params": params})


def mcp_answer(**answered: Any) -> Frame:
    return answer("a", {"mcp_response": {"jsonrpc": "2.0", "id": 1, **answered}})


def tools(*names: str) -> Frame:
    return mcp_answer(result={"tools": [{"name": name, "description": "…"} for name in names]})


def content(text: str, **further: Any) -> Frame:
    return mcp_answer(result={"content": [{"type": "text", "text": text}], **further})


def verified(asked: Frame, recorded: Frame, live: Frame, answers: str = "verify") -> bool:
    """Whether the live answer passes for the recorded one."""
    run = Host(player([spawn(), cli(asked), host(recorded), cli(result()), exits()], answers=answers))
    run.receive()
    try:
        return run.send(live) == [result()]
    except CassetteMismatch:
        return False


SAME_DECISION = [
    (asks_for("a"), answer("a", {"behavior": "allow"}), answer("a", {"behavior": "allow", "updatedInput": None})),
    (asks_for("a"), refusal("a", "boom"), refusal("a", "crash")),
    (mcp("tools/list"), tools("x", "y"), mcp_answer(result={"tools": [{"name": "y"}, {"name": "x", "title": "X"}]})),
    (
        mcp("initialize"),
        mcp_answer(result={"serverInfo": {"version": "1"}}),
        mcp_answer(result={"serverInfo": {"version": "2"}}),
    ),
    (mcp("tools/call", name="x"), content("1"), content("1", isError=False)),
    (mcp("tools/call", name="x"), mcp_answer(error={"code": -1}), mcp_answer(error={"code": -2, "message": "no"})),
    (mcp("ping"), mcp_answer(result={}), mcp_answer(result={})),
]

OTHER_DECISION = [
    (asks_for("a"), answer("a", {"behavior": "allow"}), answer("a", {"behavior": "deny", "message": "no"})),
    (asks_for("a"), answer("a", {"behavior": "allow"}), refusal("a", "boom")),
    (mcp("tools/list"), tools("x"), tools("x", "y")),
    (mcp("tools/call", name="x"), content("1"), content("2")),
    (mcp("tools/call", name="x"), content("1"), content("1", isError=True)),
    (mcp("tools/call", name="x"), content("1"), mcp_answer(error={"code": -1})),
    (mcp("resources/read"), mcp_answer(result={"a": 1}), mcp_answer(result={"a": 2})),
]


@pytest.mark.parametrize(("asked", "recorded", "live"), SAME_DECISION)
def test_an_answer_that_decides_the_same_is_verified(asked: Frame, recorded: Frame, live: Frame) -> None:
    assert verified(asked, recorded, live)
    assert verified(asked, live, recorded)


@pytest.mark.parametrize(("asked", "recorded", "live"), OTHER_DECISION)
def test_an_answer_that_decides_otherwise_is_not(asked: Frame, recorded: Frame, live: Frame) -> None:
    assert not verified(asked, recorded, live)
    assert not verified(asked, live, recorded)


@pytest.mark.parametrize(("asked", "recorded", "live"), OTHER_DECISION)
def test_any_answer_will_do_when_answers_are_ignored(asked: Frame, recorded: Frame, live: Frame) -> None:
    assert verified(asked, recorded, live, answers="ignore")


def test_an_answer_where_the_recorded_host_gave_none_is_not_verified() -> None:
    run = Host(player([spawn(), cli(asks_for("a")), cli(result()), eof(), exits()], answers="verify"))
    run.receive()
    with pytest.raises(CassetteMismatch, match="in the recording the host never answered this"):
        run.send(answer("a", {}))


def test_an_answer_to_nothing_that_was_recorded_is_matched() -> None:
    run = Host(player([spawn(), host(answer("unknown", {})), cli(result()), exits()]))
    assert run.send(answer("nobody", {})) == [result()]


def test_the_same_request_id_may_serve_twice() -> None:
    once = [cli(asks_for("1")), host(answer("1", {"behavior": "allow"}))]
    again = [cli(asks_for("1")), host(answer("1", {"behavior": "deny"}))]
    run = Host(player([spawn(), *once, *again, cli(result()), exits()], answers="verify"))
    assert run.receive() == [asks_for("1")]
    assert run.send(answer("1", {"behavior": "allow"})) == [asks_for("1")]
    assert run.send(answer("1", {"behavior": "deny"})) == [result()]
