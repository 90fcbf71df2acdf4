"""From frames to messages: the mapping, and what becomes of frames that do not fit it."""

from __future__ import annotations

import copy
import logging
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._parse import TYPED_SUBTYPES, parse_message
from claude_code_sdk._parse_system import _SUBTYPES
from claude_code_sdk.blocks import (
    ContentBlock,
    ServerToolResultBlock,
    ServerToolUseBlock,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UnknownBlock,
)
from claude_code_sdk.errors import MessageParseError
from claude_code_sdk.messages import (
    AssistantMessage,
    ConversationResetMessage,
    DeferredToolUse,
    Message,
    MessageOrigin,
    RateLimitEvent,
    RateLimitInfo,
    ResultMessage,
    StreamEvent,
    SystemMessage,
    UnknownMessage,
    UserMessage,
)
from claude_code_sdk.system_messages import (
    HookEventMessage,
    MirrorErrorMessage,
    TaskNotificationMessage,
    TaskProgressMessage,
    TaskStartedMessage,
    TaskUpdatedMessage,
)

INIT = {"type": "system", "subtype": "init", "session_id": "S", "uuid": "u", "tools": ["Bash"], "model": "m"}
ASSISTANT = {
    "type": "assistant",
    "message": {
        "id": "msg_1",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "hi"}],
        "stop_reason": "tool_use",
        "usage": {"output_tokens": 2},
    },
    "parent_tool_use_id": "toolu_0",
    "error": "rate_limit",
    "session_id": "S",
    "uuid": "u",
    "user_message_uuid": "p1",
    "user_message_uuids": ["p1"],
}
USER = {
    "type": "user",
    "message": {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"}]},
    "parent_tool_use_id": "toolu_0",
    "uuid": "u",
    "session_id": "S",
    "tool_use_result": {"stdout": "ok"},
    "origin": {"kind": "human", "new_key": 1},
}
RESULT = {
    "type": "result",
    "subtype": "success",
    "duration_ms": 10,
    "duration_api_ms": 5,
    "is_error": False,
    "num_turns": 1,
    "session_id": "S",
    "stop_reason": "end_turn",
    "total_cost_usd": 0.25,
    "usage": {"input_tokens": 1},
    "modelUsage": {"m": {"inputTokens": 1}},
    "permission_denials": [],
    "result": "hi",
    "structured_output": {"answer": 4},
    "deferred_tool_use": {"id": "toolu_9", "name": "Bash", "input": {}},
    "errors": ["no"],
    "api_error_status": 529,
    "terminal_reason": "completed",
    "uuid": "u",
    "origin": {"kind": "peer"},
    "user_message_uuid": "p1",
    "user_message_uuids": ["p1"],
}
STREAM_EVENT = {
    "type": "stream_event",
    "uuid": "u",
    "session_id": "S",
    "parent_tool_use_id": "toolu_0",
    "event": {"type": "ping"},
    "user_message_uuid": "p1",
    "user_message_uuids": ["p1"],
}
LIMIT = {
    "status": "allowed",
    "resetsAt": 1,
    "rateLimitType": "five_hour",
    "utilization": 0.5,
    "overageStatus": "rejected",
    "overageResetsAt": 2,
    "overageDisabledReason": "org",
    "isUsingOverage": False,
}
RATE_LIMIT = {"type": "rate_limit_event", "rate_limit_info": LIMIT, "uuid": "u", "session_id": "S"}
RESET = {"type": "conversation_reset", "new_conversation_id": "c2", "uuid": "u", "session_id": "S"}
TASK = {"type": "system", "task_id": "t1", "uuid": "u", "session_id": "S", "tool_use_id": "toolu_2"}
USAGE = {"total_tokens": 1, "tool_uses": 1, "duration_ms": 1}
STARTED = {**TASK, "subtype": "task_started", "description": "d", "task_type": "local_agent"}
PROGRESS = {**TASK, "subtype": "task_progress", "description": "d", "usage": USAGE, "last_tool_name": "Read"}
ENDED = {
    **TASK,
    "subtype": "task_notification",
    "status": "completed",
    "output_file": "/o",
    "summary": "s",
    "usage": USAGE,
}
UPDATED = {**TASK, "subtype": "task_updated", "patch": {"status": "killed", "end_time": 1}}
HOOK = {"type": "system", "subtype": "hook_started", "hook_event": "PreToolUse", "uuid": "u", "session_id": "S"}
MIRROR = {"type": "system", "subtype": "mirror_error", "key": {"session_id": "S"}, "error": "disk full"}

MAPPING: dict[str, tuple[dict[str, Any], Message]] = {
    "assistant": (
        ASSISTANT,
        AssistantMessage(
            content=[TextBlock("hi")],
            model="m",
            parent_tool_use_id="toolu_0",
            error="rate_limit",
            usage={"output_tokens": 2},
            message_id="msg_1",
            stop_reason="tool_use",
            session_id="S",
            uuid="u",
            user_message_uuid="p1",
            user_message_uuids=["p1"],
        ),
    ),
    "assistant, only what is required": (
        {"type": "assistant", "message": {"model": "m", "content": []}},
        AssistantMessage(content=[], model="m"),
    ),
    "user, a tool result": (
        USER,
        UserMessage(
            content=[ToolResultBlock("toolu_1", "ok")],
            parent_tool_use_id="toolu_0",
            uuid="u",
            tool_use_result={"stdout": "ok"},
            origin=cast("MessageOrigin", {"kind": "human", "new_key": 1}),
        ),
    ),
    "user, text": ({"type": "user", "message": {"content": "hi"}}, UserMessage("hi")),
    "user, an origin without a kind": (
        {"type": "user", "message": {"content": "hi"}, "origin": {"kind": 3}},
        UserMessage("hi"),
    ),
    "system": (INIT, SystemMessage("init", INIT)),
    "result": (
        RESULT,
        ResultMessage(
            subtype="success",
            duration_ms=10,
            duration_api_ms=5,
            is_error=False,
            num_turns=1,
            session_id="S",
            stop_reason="end_turn",
            total_cost_usd=0.25,
            usage={"input_tokens": 1},
            model_usage={"m": {"inputTokens": 1}},  # type: ignore[typeddict-item]  # one key is enough here
            permission_denials=[],
            result="hi",
            structured_output={"answer": 4},
            deferred_tool_use=DeferredToolUse("toolu_9", "Bash", {}),
            errors=["no"],
            api_error_status=529,
            terminal_reason="completed",
            uuid="u",
            origin={"kind": "peer"},
            user_message_uuid="p1",
            user_message_uuids=["p1"],
        ),
    ),
    "stream event": (
        STREAM_EVENT,
        StreamEvent(
            uuid="u",
            session_id="S",
            event={"type": "ping"},
            parent_tool_use_id="toolu_0",
            user_message_uuid="p1",
            user_message_uuids=["p1"],
        ),
    ),
    "rate limit": (
        RATE_LIMIT,
        RateLimitEvent(
            RateLimitInfo(
                status="allowed",
                resets_at=1,
                rate_limit_type="five_hour",
                utilization=0.5,
                overage_status="rejected",
                overage_resets_at=2,
                overage_disabled_reason="org",
                raw=LIMIT,
            ),
            uuid="u",
            session_id="S",
        ),
    ),
    "conversation reset": (RESET, ConversationResetMessage("c2", uuid="u", session_id="S")),
    "task started": (
        STARTED,
        TaskStartedMessage(
            "task_started",
            STARTED,
            task_id="t1",
            description="d",
            uuid="u",
            session_id="S",
            tool_use_id="toolu_2",
            task_type="local_agent",
        ),
    ),
    "task progress": (
        PROGRESS,
        TaskProgressMessage(
            "task_progress",
            PROGRESS,
            task_id="t1",
            description="d",
            usage={"total_tokens": 1, "tool_uses": 1, "duration_ms": 1},
            uuid="u",
            session_id="S",
            tool_use_id="toolu_2",
            last_tool_name="Read",
        ),
    ),
    "task notification": (
        ENDED,
        TaskNotificationMessage(
            "task_notification",
            ENDED,
            task_id="t1",
            status="completed",
            output_file="/o",
            summary="s",
            uuid="u",
            session_id="S",
            tool_use_id="toolu_2",
            usage={"total_tokens": 1, "tool_uses": 1, "duration_ms": 1},
        ),
    ),
    "task updated": (
        UPDATED,
        TaskUpdatedMessage(
            "task_updated",
            UPDATED,
            task_id="t1",
            patch={"status": "killed", "end_time": 1},
            status="killed",
            session_id="S",
            uuid="u",
        ),
    ),
    "hook event": (
        HOOK,
        HookEventMessage("hook_started", HOOK, hook_event_name="PreToolUse", session_id="S", uuid="u"),
    ),
    "mirror error": (MIRROR, MirrorErrorMessage("mirror_error", MIRROR, key={"session_id": "S"}, error="disk full")),
}

BLOCKS: list[tuple[dict[str, Any], ContentBlock]] = [
    ({"type": "text", "text": "hi", "citations": []}, TextBlock("hi")),
    ({"type": "thinking", "thinking": "hm", "signature": "sig"}, ThinkingBlock("hm", "sig")),
    ({"type": "thinking", "thinking": "hm"}, ThinkingBlock("hm", "")),
    ({"type": "tool_use", "id": "t", "name": "Bash", "input": {"a": 1}}, ToolUseBlock("t", "Bash", {"a": 1})),
    ({"type": "tool_result", "tool_use_id": "t"}, ToolResultBlock("t")),
    ({"type": "tool_result", "tool_use_id": "t", "content": [], "is_error": True}, ToolResultBlock("t", [], True)),
    (
        {"type": "server_tool_use", "id": "t", "name": "web_search", "input": {}},
        ServerToolUseBlock("t", "web_search", {}),
    ),
    ({"type": "advisor_tool_result", "tool_use_id": "t", "content": {}}, ServerToolResultBlock("t", {})),
]
UNKNOWN_BLOCKS = [
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}},
    {"type": "redacted_thinking", "data": "x"},
    {"type": "web_search_tool_result", "tool_use_id": "t", "content": []},
]


def assistant(*blocks: Any) -> dict[str, Any]:
    return {"type": "assistant", "message": {"model": "m", "content": list(blocks)}}


def without(frame: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in frame.items() if name != key}


@pytest.mark.parametrize(("frame", "message"), MAPPING.values(), ids=MAPPING.keys())
def test_a_frame_becomes_its_message(frame: dict[str, Any], message: Message) -> None:
    parsed = parse_message(frame, strict=True)

    assert parsed == message
    assert type(parsed) is type(message)
    assert vars(parsed).keys() == vars(message).keys() | vars(parsed).keys() & {"raw"}, "a field left to its default"


@pytest.mark.parametrize("frame", [frame for frame, _ in MAPPING.values()], ids=MAPPING.keys())
@pytest.mark.requirement("raw-everywhere")
def test_a_message_has_the_frame_itself_as_raw(frame: dict[str, Any]) -> None:
    before = copy.deepcopy(frame)

    assert parse_message(frame).raw is frame
    assert frame == before


@pytest.mark.parametrize("key", ["hook_event", "hook_name", "hook_event_name"])
def test_a_hook_event_has_its_name_under_any_of_three_keys(key: str) -> None:
    message = parse_message({"type": "system", "subtype": "hook_response", key: "Stop"})

    assert isinstance(message, HookEventMessage)
    assert message.hook_event_name == "Stop"


def test_a_task_update_needs_nothing_but_its_subtype() -> None:
    frame = {"type": "system", "subtype": "task_updated", "patch": "?"}

    assert parse_message(frame, strict=True) == TaskUpdatedMessage("task_updated", frame, "", {})


@pytest.mark.parametrize(("block", "parsed"), BLOCKS)
def test_a_block_becomes_its_class_on_either_side(block: dict[str, Any], parsed: ContentBlock) -> None:
    for frame in (assistant(block), {"type": "user", "message": {"content": [block]}}):
        message = parse_message(frame, strict=True)

        assert isinstance(message, AssistantMessage | UserMessage)
        assert message.content == [parsed]


@pytest.mark.parametrize("block", UNKNOWN_BLOCKS, ids=lambda block: block["type"])
@pytest.mark.requirement("B9", "lossless")
def test_a_block_without_a_class_is_kept_as_it_is(block: dict[str, Any]) -> None:
    message = parse_message(assistant(block), strict=True)

    assert isinstance(message, AssistantMessage)
    assert message.content == [UnknownBlock(block["type"], block)]


def test_blocks_keep_their_order_around_an_unknown_one() -> None:
    text = {"type": "text", "text": "hi"}

    message = parse_message(assistant(text, UNKNOWN_BLOCKS[0], text))

    assert isinstance(message, AssistantMessage)
    assert message.content == [TextBlock("hi"), UnknownBlock("image", UNKNOWN_BLOCKS[0]), TextBlock("hi")]


@pytest.mark.requirement("B10", "B36", "lossless")
def test_a_frame_without_a_class_is_kept_as_it_is() -> None:
    frame = {"type": "tool_progress", "elapsed": 3}

    assert parse_message(frame, strict=True) == UnknownMessage("tool_progress", frame)


def test_a_system_frame_of_a_new_kind_is_a_system_message() -> None:
    frame = {"type": "system", "subtype": "novelty", "x": 1}

    assert parse_message(frame, strict=True) == SystemMessage("novelty", frame)


def test_unknown_types_are_no_reason_to_warn(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "claude_code_sdk"):
        parse_message({"type": "keep_alive"})
        parse_message(assistant(UNKNOWN_BLOCKS[0]))

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("DEBUG", "no class for frames of type 'keep_alive': delivered as Unknown"),
        ("DEBUG", "no class for blocks of type 'image': delivered as Unknown"),
    ]


MALFORMED: list[tuple[Any, str, str]] = [
    ({"no": "type"}, "", "frame without a `type`"),
    ({"type": None}, "", "frame without a `type`"),
    ({"type": ["system"]}, "", "frame without a `type`"),
    ({"type": ""}, "", "frame without a `type`"),
    (["a", "list"], "", "frame that is a list"),
    (None, "", "frame that is a NoneType"),
    ({"type": "assistant"}, "assistant", "assistant frame has no `message`"),
    ({"type": "assistant", "message": {"content": []}}, "assistant", "assistant frame has no `model`"),
    (
        {"type": "assistant", "message": {"model": "m", "content": "hi"}},
        "assistant",
        "assistant frame has a `content` that is not a list",
    ),
    (
        {"type": "assistant", "message": "hi"},
        "assistant",
        "assistant frame does not have the shape of its type ('str' object has no attribute 'get')",
    ),
    ({"type": "user", "message": {}}, "user", "user frame has no `content`"),
    ({"type": "user", "message": {"content": None}}, "user", "user frame has a `content` that is not a list"),
    ({"type": "system"}, "system", "system frame has no `subtype`"),
    ({"type": "system", "subtype": 3}, "system", "system frame has a `subtype` that is not a string"),
    (without(STREAM_EVENT, "event"), "stream_event", "stream_event frame has no `event`"),
    ({**STREAM_EVENT, "event": 3}, "stream_event", "stream_event frame has an `event` that is not an object"),
    (without(RATE_LIMIT, "rate_limit_info"), "rate_limit_event", "rate_limit_event frame has no `rate_limit_info`"),
    ({**RATE_LIMIT, "rate_limit_info": {}}, "rate_limit_event", "rate_limit_event frame has no `status`"),
    (without(RESET, "uuid"), "conversation_reset", "conversation_reset frame has no `uuid`"),
]


@pytest.mark.parametrize(("frame", "kind", "problem"), MALFORMED, ids=[problem for _, _, problem in MALFORMED])
@pytest.mark.requirement("B11")
def test_a_malformed_frame_is_kept_as_an_unknown_message(frame: Any, kind: str, problem: str) -> None:
    problems: list[MessageParseError] = []

    assert parse_message(frame, on_problem=problems.append) == UnknownMessage(kind, frame, problem)
    assert [(str(error), error.data) for error in problems] == [(problem, frame)]


@pytest.mark.parametrize(("frame", "kind", "problem"), MALFORMED, ids=[problem for _, _, problem in MALFORMED])
def test_strictly_a_malformed_frame_is_an_error(frame: Any, kind: str, problem: str) -> None:
    with pytest.raises(MessageParseError) as caught:
        parse_message(frame, strict=True)

    assert (str(caught.value), caught.value.data) == (problem, frame)


MALFORMED_BLOCKS: list[tuple[Any, str, str]] = [
    ({"type": "text"}, "text", "text block has no `text`"),
    ({"type": "text", "text": None}, "text", "text block has a `text` that is not a string"),
    ({"type": "thinking"}, "thinking", "thinking block has no `thinking`"),
    ({"type": "thinking", "thinking": 1}, "thinking", "thinking block has a `thinking` that is not a string"),
    ({"type": "tool_use", "id": "t", "name": "Bash"}, "tool_use", "tool_use block has no `input`"),
    (
        {"type": "tool_use", "id": "t", "name": "Bash", "input": "ls"},
        "tool_use",
        "tool_use block has an `input` that is not an object",
    ),
    ({"type": "tool_result"}, "tool_result", "tool_result block has no `tool_use_id`"),
    ({"type": "server_tool_use", "input": {}}, "server_tool_use", "server_tool_use block has no `id`"),
    (
        {"type": "server_tool_use", "id": "t", "name": "x", "input": []},
        "server_tool_use",
        "server_tool_use block has an `input` that is not an object",
    ),
    ({"type": "advisor_tool_result", "tool_use_id": "t"}, "advisor_tool_result", "advisor_tool_result block has no `c"),
    ({"no": "type"}, "", "content block without a `type`"),
    ("text", "", "content block that is a str, not an object"),
]


@pytest.mark.parametrize(("block", "kind", "problem"), MALFORMED_BLOCKS)
@pytest.mark.requirement("B11")
def test_a_malformed_block_is_kept_and_its_neighbours_are_read(block: Any, kind: str, problem: str) -> None:
    problems: list[MessageParseError] = []

    message = parse_message(assistant(block, {"type": "text", "text": "hi"}), on_problem=problems.append)

    assert isinstance(message, AssistantMessage)
    assert message.content == [UnknownBlock(kind, block), TextBlock("hi")]
    assert len(problems) == 1
    assert str(problems[0]).startswith(problem)
    assert problems[0].data is block


def test_strictly_a_malformed_block_is_an_error() -> None:
    with pytest.raises(MessageParseError, match=r"^text block has no `text`$"):
        parse_message(assistant({"type": "text"}), strict=True)


@pytest.mark.parametrize("frame", [STARTED, PROGRESS, ENDED], ids=lambda frame: frame["subtype"])
def test_a_malformed_task_frame_is_still_a_system_message(frame: dict[str, Any]) -> None:
    problems: list[MessageParseError] = []
    frame = without(frame, "task_id")

    message = parse_message(frame, on_problem=problems.append)

    assert type(message) is SystemMessage
    assert message == SystemMessage(frame["subtype"], frame)
    assert [str(error) for error in problems] == [f"system/{frame['subtype']} frame has no `task_id`"]


@pytest.mark.parametrize("key", ["subtype", "duration_ms", "duration_api_ms", "is_error", "num_turns", "session_id"])
def test_a_result_stays_a_result_since_a_program_waits_for_it(key: str) -> None:
    problems: list[MessageParseError] = []

    message = parse_message(without(RESULT, key), on_problem=problems.append)

    assert isinstance(message, ResultMessage)
    assert message.result == "hi"
    assert [str(error) for error in problems] == [f"result frame has no `{key}`"]


@pytest.mark.parametrize(("subtype", "is_error"), [("success", False), ("error_max_turns", True)])
def test_a_result_that_does_not_say_whether_it_failed_is_judged_by_its_subtype(subtype: str, is_error: bool) -> None:
    message = parse_message({**without(RESULT, "is_error"), "subtype": subtype})

    assert isinstance(message, ResultMessage)
    assert message.is_error is is_error


def test_a_malformed_deferred_call_does_not_hide_the_result() -> None:
    problems: list[MessageParseError] = []

    message = parse_message({**RESULT, "deferred_tool_use": {"id": "t"}}, on_problem=problems.append)

    assert isinstance(message, ResultMessage)
    assert message.deferred_tool_use is None
    assert [str(error) for error in problems] == ["deferred_tool_use of a result frame has no `name`"]


def test_a_problem_is_logged_as_a_warning_by_default(caplog: pytest.LogCaptureFixture) -> None:
    parse_message({"type": "assistant"})

    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            "claude_code_sdk",
            "WARNING",
            "the CLI sent something malformed (delivered as far as it can be read): assistant frame has no `message`",
        )
    ]


def test_the_typed_subtypes_are_those_that_the_system_parser_knows() -> None:
    assert set(_SUBTYPES) == TYPED_SUBTYPES


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
frames = st.sampled_from([frame for frame, _ in MAPPING.values()])


@st.composite
def damaged_frames(draw: st.DrawFn) -> Any:
    """A frame as the CLI sends it, with one value anywhere in it taken out or replaced."""
    frame = copy.deepcopy(draw(frames))
    place: Any = frame
    while True:
        key = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner and draw(st.booleans())):
            break
        place = inner
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(anything)
    return frame


@given(damaged_frames() | anything | st.dictionaries(st.just("type"), anything, min_size=1))
@pytest.mark.requirement("B9", "B10", "B11", "lossless")
def test_nothing_raises_and_nothing_is_lost_whatever_is_sent(frame: Any) -> None:
    before = copy.deepcopy(frame)

    message = parse_message(frame, on_problem=lambda _: None)

    assert message.raw is frame
    assert repr(frame) == repr(before)  # not ==, since NaN is not equal to itself


@given(damaged_frames())
def test_a_damaged_frame_is_read_or_reported_but_never_taken_for_an_unknown_type(frame: dict[str, Any]) -> None:
    problems: list[MessageParseError] = []

    message = parse_message(frame, on_problem=problems.append)

    if isinstance(message, UnknownMessage) and frame.get("type") in [known["type"] for known, _ in MAPPING.values()]:
        assert [str(error) for error in problems][-1:] == [message.problem]
