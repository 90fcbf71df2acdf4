"""The connection, seen from both ends at once: what one side sends is what the other side gets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk import _json
from claude_code_sdk.errors import LocalProtocolError
from claude_code_sdk.protocol.connection import Connection
from claude_code_sdk.protocol.events import (
    Closed,
    ControlCancel,
    ControlRequest,
    ControlResponse,
    EndOfInput,
    Noise,
    UnknownFrame,
)
from claude_code_sdk.protocol.state import CLI, CLOSED, HALF_CLOSED, HOST, IDLE, OPEN, STARTING

from .pair import ConnectionPair
from .test_codec import cut

USER = {"type": "user", "message": {"role": "user", "content": "hi"}}
RESULT = {"type": "result", "subtype": "success"}


def line(frame: Any) -> bytes:
    return json.dumps(frame).encode() + b"\n"


def messages(events: list[Any]) -> list[Any]:
    assert {type(event) for event in events} <= {dict}
    return events


@pytest.fixture
def pair() -> ConnectionPair:
    """Two ends after the handshake."""
    pair = ConnectionPair()
    pair.send(HOST, ControlRequest("req_1", "initialize", {"hooks": None}))
    pair.send(CLI, ControlResponse("req_1", {"commands": []}))
    return pair


# The handshake


def test_a_new_connection_is_idle_on_both_sides() -> None:
    assert ConnectionPair().states == (IDLE, IDLE)


def test_initialize_starts_the_host_and_its_answer_opens_both_sides() -> None:
    pair = ConnectionPair()
    request = ControlRequest("req_1", "initialize", {"hooks": None})
    assert pair.send(HOST, request) == [request]
    assert pair.states == (STARTING, IDLE)
    answer = pair.send(CLI, ControlResponse("req_1", {"commands": []}))
    assert answer == [ControlResponse("req_1", {"commands": []}, subtype="initialize")]
    assert pair.states == (OPEN, OPEN)


def test_a_refused_initialize_opens_nothing() -> None:
    pair = ConnectionPair()
    pair.send(HOST, ControlRequest("req_1", "initialize"))
    answer = pair.send(CLI, ControlResponse("req_1", error="bad hooks"))
    assert answer == [ControlResponse("req_1", error="bad hooks", subtype="initialize")]
    assert pair.states == (STARTING, IDLE)


def test_the_cli_may_ask_before_it_answers_initialize() -> None:
    pair = ConnectionPair()
    pair.send(HOST, ControlRequest("req_1", "initialize"))
    request = ControlRequest("uuid-1", "mcp_message", {"server_name": "kit", "message": {"id": 0}})
    assert pair.send(CLI, request) == [request]
    answer = pair.send(HOST, ControlResponse("uuid-1", {"mcp_response": {}}))
    assert answer == [ControlResponse("uuid-1", {"mcp_response": {}}, subtype="mcp_message")]
    assert pair.states == (STARTING, IDLE)


def test_a_prompt_may_be_sent_without_a_handshake() -> None:
    pair = ConnectionPair()
    assert messages(pair.send(HOST, USER)) == [USER]
    assert pair.states == (IDLE, IDLE)


def test_a_prompt_may_be_sent_before_the_answer_to_initialize() -> None:
    pair = ConnectionPair()
    pair.send(HOST, ControlRequest("req_1", "initialize"))
    assert messages(pair.send(HOST, USER)) == [USER]


# Exchanges


@pytest.mark.parametrize("sender", [HOST, CLI])
def test_a_request_and_its_answer_cross_unchanged(pair: ConnectionPair, sender: str) -> None:
    receiver = CLI if sender == HOST else HOST
    request = ControlRequest("a-1", "some_subtype", {"value": [1, "é", None]})
    assert pair.send(sender, request) == [request]
    answer = pair.send(receiver, ControlResponse("a-1", {"ok": True}, extra={"pending_permission_requests": []}))
    assert answer == [
        ControlResponse("a-1", {"ok": True}, subtype="some_subtype", extra={"pending_permission_requests": []})
    ]


def test_an_answer_may_have_no_payload(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("req_2", "mcp_toggle"))
    answer = pair.cli.send(ControlResponse("req_2"))
    assert json.loads(answer) == {
        "type": "control_response",
        "response": {"subtype": "success", "request_id": "req_2"},
    }
    assert pair.host.receive_data(answer) == [ControlResponse("req_2", None, subtype="mcp_toggle")]


def test_an_error_answer_carries_its_text_and_what_stands_beside_it(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("req_2", "set_model"))
    answer = pair.send(CLI, ControlResponse("req_2", error="no such model", extra={"error_code": "unknown_model"}))
    expected = ControlResponse(
        "req_2", error="no such model", subtype="set_model", extra={"error_code": "unknown_model"}
    )
    assert answer == [expected]


@pytest.mark.parametrize("response", [{}, {"error": ""}, {"error": None}, {"error": 7}])
def test_an_error_answer_without_a_text_gets_one(pair: ConnectionPair, response: dict[str, Any]) -> None:
    pair.send(HOST, ControlRequest("req_2", "set_model"))
    frame = {"type": "control_response", "response": {"subtype": "error", "request_id": "req_2", **response}}
    assert pair.host.receive_data(line(frame)) == [ControlResponse("req_2", error="Unknown error", subtype="set_model")]


def test_requests_may_be_answered_in_any_order(pair: ConnectionPair) -> None:
    pair.send(CLI, ControlRequest("a", "hook_callback"), ControlRequest("b", "can_use_tool"))
    answers = pair.send(HOST, ControlResponse("b", {"behavior": "allow"}), ControlResponse("a", {}))
    assert answers == [
        ControlResponse("b", {"behavior": "allow"}, subtype="can_use_tool"),
        ControlResponse("a", {}, subtype="hook_callback"),
    ]


def test_ids_of_the_two_directions_are_separate(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("same", "interrupt"))
    pair.send(CLI, ControlRequest("same", "hook_callback"))
    assert pair.send(HOST, ControlResponse("same", {})) == [ControlResponse("same", {}, subtype="hook_callback")]
    assert pair.send(CLI, ControlResponse("same", {})) == [ControlResponse("same", {}, subtype="interrupt")]


def test_open_requests_are_listed_in_the_order_they_were_sent(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("b", "interrupt"), ControlRequest("a", "set_model"))
    assert list(pair.host.open_requests.items()) == [("b", "interrupt"), ("a", "set_model")]
    pair.send(CLI, ControlResponse("b", {}))
    assert pair.host.open_requests == {"a": "set_model"}


def test_next_id_counts_and_never_repeats() -> None:
    host = Connection(HOST)
    assert [host.next_id() for _ in range(3)] == ["req_1", "req_2", "req_3"]


def test_a_withdrawn_request_names_what_it_was(pair: ConnectionPair) -> None:
    pair.send(CLI, ControlRequest("a", "can_use_tool"))
    assert pair.send(CLI, ControlCancel("a")) == [ControlCancel("a", "can_use_tool")]


def test_no_answer_is_due_to_a_withdrawn_request(pair: ConnectionPair) -> None:
    pair.send(CLI, ControlRequest("a", "can_use_tool"), ControlCancel("a"))
    with pytest.raises(LocalProtocolError, match="there is no open request 'a' to answer"):
        pair.host.send(ControlResponse("a", {}))


def test_an_answer_is_owed_until_it_is_sent_or_the_request_is_withdrawn(pair: ConnectionPair) -> None:
    assert not pair.host.owes_answer("a")
    pair.send(CLI, ControlRequest("a", "can_use_tool"), ControlRequest("b", "can_use_tool"))
    assert pair.host.owes_answer("a")
    pair.send(CLI, ControlCancel("a"))
    pair.host.send(ControlResponse("b", {}))
    assert not pair.host.owes_answer("a")
    assert not pair.host.owes_answer("b")


def test_a_received_request_with_the_id_of_an_open_one_is_kept_as_unknown(pair: ConnectionPair) -> None:
    line = pair.cli.send(ControlRequest("a", "can_use_tool"))
    [first, second] = pair.host.receive_data(line + line)
    assert isinstance(first, ControlRequest)
    assert isinstance(second, UnknownFrame)
    assert second.reason == "its request id 'a' is that of an open request"


def test_the_end_of_the_stream_takes_no_bytes_of_the_read_before(pair: ConnectionPair) -> None:
    pair.host.receive_data(b'{"type": "keep_alive"}\n{"torn')
    assert pair.host.taken == 23
    pair.host.receive_data(b"")
    assert pair.host.taken == 0


def test_an_answer_that_crosses_a_withdrawal_is_kept_as_unknown(pair: ConnectionPair) -> None:
    pair.send(CLI, ControlRequest("a", "can_use_tool"))
    answer = pair.host.send(ControlResponse("a", {"behavior": "allow"}))
    pair.send(CLI, ControlCancel("a"))
    [event] = pair.cli.receive_data(answer)
    assert isinstance(event, UnknownFrame)
    assert event.reason == "it answers request 'a', which is not open"
    assert event.frame == json.loads(answer)


def test_the_late_answer_to_a_forgotten_request_is_kept_as_unknown(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("req_2", "interrupt"))
    pair.host.forget("req_2")
    [event] = pair.send(CLI, ControlResponse("req_2", {}))
    assert isinstance(event, UnknownFrame)


def test_forgetting_a_request_that_is_not_open_does_nothing(pair: ConnectionPair) -> None:
    pair.host.forget("req_99")
    assert pair.host.open_requests == {}


# Strict in what is sent


def test_an_id_in_use_cannot_be_used_again(pair: ConnectionPair) -> None:
    pair.host.send(ControlRequest("req_2", "interrupt"))
    with pytest.raises(LocalProtocolError, match="request id 'req_2' is in use by an open request"):
        pair.host.send(ControlRequest("req_2", "interrupt"))


def test_a_control_request_before_the_handshake_is_refused() -> None:
    with pytest.raises(LocalProtocolError, match="cannot send a control request while IDLE; it can while OPEN"):
        Connection(HOST).send(ControlRequest("req_1", "interrupt"))


def test_a_second_initialize_is_refused(pair: ConnectionPair) -> None:
    with pytest.raises(LocalProtocolError, match="the host cannot send initialize while OPEN; it can while IDLE"):
        pair.host.send(ControlRequest("req_2", "initialize"))


def test_the_cli_cannot_send_initialize(pair: ConnectionPair) -> None:
    with pytest.raises(LocalProtocolError, match=r"the cli cannot send initialize while OPEN$"):
        pair.cli.send(ControlRequest("a", "initialize"))


@pytest.mark.parametrize("event", [ControlResponse("nobody"), ControlCancel("nobody")])
def test_an_exchange_that_is_not_open_cannot_be_closed(pair: ConnectionPair, event: Any) -> None:
    with pytest.raises(LocalProtocolError, match="there is no open request 'nobody'"):
        pair.host.send(event)


@pytest.mark.parametrize("event", [Closed(), Noise(b"", 0, ""), UnknownFrame({}, "")])
def test_events_that_are_only_received_cannot_be_sent(pair: ConnectionPair, event: Any) -> None:
    with pytest.raises(LocalProtocolError, match=f"a {type(event).__name__} is received, never sent"):
        pair.host.send(event)


def test_nothing_has_changed_after_a_request_that_json_cannot_hold() -> None:
    host = Connection(HOST)
    with pytest.raises(TypeError):
        host.send(ControlRequest("req_1", "initialize", {"hooks": object()}))
    assert host.states == {HOST: IDLE, CLI: IDLE}
    assert host.open_requests == {}


def test_nothing_has_changed_after_an_answer_that_json_cannot_hold(pair: ConnectionPair) -> None:
    pair.send(CLI, ControlRequest("a", "hook_callback"))
    with pytest.raises(TypeError):
        pair.host.send(ControlResponse("a", {"value": object()}))
    assert pair.send(HOST, ControlResponse("a", error="it was not JSON")) == [
        ControlResponse("a", error="it was not JSON", subtype="hook_callback")
    ]


def test_nothing_has_changed_after_an_answer_to_initialize_that_comes_too_late() -> None:
    cli = Connection(CLI)
    cli.receive_data(line({"type": "control_request", "request_id": "r", "request": {"subtype": "initialize"}}))
    cli.send(EndOfInput())
    for _ in range(2):  # the request stays open: the same error, not "there is no open request"
        with pytest.raises(LocalProtocolError, match="the cli cannot send the answer to initialize while CLOSED"):
            cli.send(ControlResponse("r", {}))


# Tolerant of what is received


@pytest.mark.parametrize("kind", [None, "", 7, 1.5, True, [], {}, ["control_request"]])
def test_a_frame_without_a_usable_type_is_kept_as_unknown(kind: Any) -> None:
    frame = {"type": kind, "value": 1}
    data = line(frame)
    assert Connection(HOST).receive_data(data) == [UnknownFrame(frame, "it has no type")]


def test_a_frame_of_a_new_type_is_a_message() -> None:
    frame = {"type": "of_the_next_release"}
    assert Connection(HOST).receive_data(line(frame)) == [frame]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"type": "control_request"}, "a control request needs a request_id and a request"),
        ({"type": "control_request", "request_id": 1, "request": {}}, "a control request needs a request_id and a"),
        ({"type": "control_request", "request_id": "a", "request": []}, "a control request needs a request_id and a"),
        ({"type": "control_request", "request_id": "a", "request": {}}, "a control request needs a subtype"),
        ({"type": "control_response"}, "it answers request None, which is not open"),
        ({"type": "control_response", "response": []}, "it answers request None, which is not open"),
        ({"type": "control_response", "response": {"request_id": ["a"]}}, "it answers request ['a'], which is not"),
        ({"type": "control_cancel_request"}, "it withdraws request None, which is not open"),
        ({"type": "control_cancel_request", "request_id": {}}, "it withdraws request {}, which is not open"),
        ({"type": "control_cancel_request", "request_id": "a"}, "it withdraws request 'a', which is not open"),
    ],
)
@pytest.mark.parametrize("role", [HOST, CLI])
def test_a_control_frame_that_does_not_fit_is_kept_as_unknown(role: str, frame: dict[str, Any], reason: str) -> None:
    [event] = Connection(role).receive_data(line(frame))
    assert isinstance(event, UnknownFrame)
    assert event.reason.startswith(reason)
    assert event.frame == frame


def test_a_request_of_an_unknown_subtype_is_received(pair: ConnectionPair) -> None:
    request = ControlRequest("a", "of_the_next_release", {"x": 1})
    assert pair.send(CLI, request) == [request]


def test_a_cli_that_asks_to_initialize_is_answered_like_any_other(pair: ConnectionPair) -> None:
    frame = {"type": "control_request", "request_id": "a", "request": {"subtype": "initialize"}}
    assert pair.host.receive_data(line(frame)) == [ControlRequest("a", "initialize")]
    assert json.loads(pair.host.send(ControlResponse("a", {})))["response"]["request_id"] == "a"
    assert pair.host.states == {HOST: OPEN, CLI: OPEN}


def test_a_host_that_breaks_the_order_is_served_all_the_same() -> None:
    cli = Connection(CLI)
    frame = {"type": "control_request", "request_id": "a", "request": {"subtype": "interrupt"}}
    assert cli.receive_data(line(frame)) == [ControlRequest("a", "interrupt")]
    assert cli.states == {HOST: IDLE, CLI: IDLE}


def test_frames_and_noise_keep_their_order(pair: ConnectionPair) -> None:
    frames = [{"type": "assistant"}, {"no": "type"}, RESULT]
    data = line(frames[0]) + b"oops\n" + line(frames[1]) + line(frames[2])
    events = pair.host.receive_data(data)
    assert [type(event) for event in events] == [dict, Noise, UnknownFrame, dict]


# The two ends


def test_the_end_of_input_half_closes_the_host_and_the_cli_still_talks(pair: ConnectionPair) -> None:
    assert pair.send(HOST, EndOfInput()) == [Closed()]
    assert pair.states == (HALF_CLOSED, OPEN)
    assert [event for event in pair.send(CLI, RESULT) if isinstance(event, dict)] == [RESULT]


def test_the_end_of_output_closes_both_sides(pair: ConnectionPair) -> None:
    assert pair.send(CLI, EndOfInput()) == [Closed()]
    assert pair.states == (CLOSED, CLOSED)


def test_the_end_of_input_takes_no_bytes(pair: ConnectionPair) -> None:
    assert pair.host.send(EndOfInput()) == b""


@pytest.mark.parametrize("sender", [HOST, CLI])
def test_an_end_may_be_sent_twice(pair: ConnectionPair, sender: str) -> None:
    pair.send(sender, EndOfInput())
    states = pair.states
    assert pair.ends[sender].send(EndOfInput()) == b""
    assert pair.states == states


def test_the_two_ends_may_cross(pair: ConnectionPair) -> None:
    pair.send(CLI, EndOfInput())
    assert pair.host.send(EndOfInput()) == b""
    assert pair.host.states == {HOST: CLOSED, CLI: CLOSED}


@pytest.mark.parametrize("event", [USER, ControlRequest("req_2", "interrupt")])
def test_a_host_that_ended_its_input_sends_no_more(pair: ConnectionPair, event: Any) -> None:
    pair.send(HOST, EndOfInput())
    with pytest.raises(LocalProtocolError, match=r"the host cannot send a .* while HALF_CLOSED; it can while "):
        pair.host.send(event)


@pytest.mark.parametrize("event", [RESULT, ControlRequest("a", "can_use_tool")])
def test_a_cli_that_ended_its_output_sends_no_more(pair: ConnectionPair, event: Any) -> None:
    pair.send(CLI, EndOfInput())
    with pytest.raises(LocalProtocolError, match=r"the cli cannot send a .* while CLOSED; it can while IDLE, OPEN"):
        pair.cli.send(event)


def test_the_end_names_the_requests_that_get_no_answer_any_more(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("b", "interrupt"), ControlRequest("a", "set_model"))
    assert pair.send(CLI, EndOfInput()) == [Closed(("b", "a"))]
    assert pair.host.open_requests == {}


def test_a_request_may_still_be_answered_after_the_host_ended_its_input(pair: ConnectionPair) -> None:
    pair.send(HOST, ControlRequest("req_2", "interrupt"), EndOfInput())
    assert pair.send(CLI, ControlResponse("req_2", {})) == [ControlResponse("req_2", {}, subtype="interrupt")]


def test_the_end_is_reported_once(pair: ConnectionPair) -> None:
    pair.send(CLI, EndOfInput())
    assert pair.host.receive_data(b"") == []


def test_a_torn_last_line_comes_before_the_end(pair: ConnectionPair) -> None:
    assert pair.host.receive_data(b'{"type":"res') == []
    assert pair.host.receive_data(b"") == [Noise(b'{"type":"res', 12, "the stream ended inside this line"), Closed()]


# Whatever the cut


SESSION = (
    line({"type": "control_request", "request_id": "a", "request": {"subtype": "mcp_message", "message": {}}})
    + line({"type": "control_response", "response": {"subtype": "success", "request_id": "req_1", "response": {}}})
    + b"\nwarning: noise\n"
    + line({"type": "assistant", "text": "é\U0001f600 \u2028"})
    + line({"type": "control_cancel_request", "request_id": "a"})
    + line({"type": []})
    + line(RESULT)
    + b'{"torn'
)


def received(pieces: list[bytes], **options: Any) -> tuple[list[Any], dict[str, str]]:
    host = Connection(HOST, **options)
    host.send(ControlRequest("req_1", "initialize"))
    events = [event for piece in pieces if piece for event in host.receive_data(piece)]
    return events + host.receive_data(b""), dict(host.states)


@given(st.lists(st.integers(min_value=0), max_size=12))
def test_every_cut_of_a_session_gives_the_same_events_and_states(places: list[int]) -> None:
    assert received(cut(SESSION, places)) == received([SESSION])


def test_the_json_of_the_host_gives_the_same_events_as_that_of_the_fake() -> None:
    events, states = received([SESSION], loads=_json.loads, dumps=_json.dumps)
    expected_events, expected_states = received([SESSION])
    assert [event for event in events if not isinstance(event, Noise)] == [
        event for event in expected_events if not isinstance(event, Noise)
    ]
    assert states == expected_states


def test_a_limit_of_the_connection_is_that_of_its_decoder() -> None:
    host = Connection(HOST, max_frame_size=20)
    [noise, frame] = host.receive_data(line({"type": "assistant", "text": "x" * 20}) + b'{"type":"result"}\n')
    assert isinstance(noise, Noise)
    assert noise.reason == "longer than the limit of 20 bytes"
    assert frame == {"type": "result"}
