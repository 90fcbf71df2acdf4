"""From frames to messages.

Above: `_query.py` and `_client.py`, for every frame that the program is to see.  Below: `messages.py`,
`_parse_blocks.py`, and `_parse_system.py` for the typed kinds of system message.  Mapping: sdk-spec §3.3.

Nothing is dropped and nothing raises, whatever a newer or broken CLI sends (known-defects B9, B10, B11): a frame or
block without a class is an `UnknownMessage` or `UnknownBlock`; one that cannot be read as what it says it is degrades
to the nearest class that can hold it, and is reported.  A result stays a `ResultMessage` at any rate, since a program
waits for it.

This runs once per frame, at 0.3 to 0.8 µs each: hence no checks but those of what a program will use without looking
(text is a string, arguments are a dict), and the fields of the common messages are set one by one, which takes half of
what calling their `__init__` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from ._parse_blocks import parse_content
from ._parse_problem import WRONG_SHAPE, Malformed, Report, log_problem, note_unknown, raise_problem, why
from .errors import MessageParseError
from .messages import (
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

_new = object.__new__  # no class here does anything in `__init__` but set its fields


def parse_message(
    frame: dict[str, Any], *, on_problem: Callable[[MessageParseError], None] | None = None, strict: bool = False
) -> Message:
    """The message that `frame` is.  The message shares the frame's objects; nothing is copied.

    - `on_problem`: called with what is wrong with a frame or block of a known type (`.data` is the frame or block).
      By default a warning is logged to `claude_code_sdk`.  A type that is not known is no problem.
    - `strict`: raise the problem instead.

    Raises `MessageParseError` if `strict`, or if `on_problem` does, and nothing else.
    """
    report = raise_problem if strict else on_problem or log_problem
    try:
        return PARSERS[frame["type"]](frame, report)
    except WRONG_SHAPE as error:
        return unreadable(frame, error, report)


def unreadable(frame: Any, error: Exception, report: Report) -> UnknownMessage:
    """What stands for a frame on which a parser, or the look-up of one, raised `error`."""
    kind = frame.get("type") if isinstance(frame, dict) else None
    if not isinstance(kind, str) or kind not in PARSERS:
        return _without_class(frame, report)
    problem = f"{kind} frame {why(error)}"
    report(MessageParseError(problem, frame))
    return UnknownMessage(kind, frame, problem)


# Messages


def _assistant(frame: dict[str, Any], report: Report) -> AssistantMessage:
    get = frame.get
    answer = frame["message"]
    get_inner = answer.get
    message = _new(AssistantMessage)
    message.content = parse_content(answer["content"], report)
    message.model = answer["model"]
    message.parent_tool_use_id = get("parent_tool_use_id")
    message.error = get("error")
    message.usage = get_inner("usage")
    message.message_id = get_inner("id")
    message.stop_reason = get_inner("stop_reason")
    message.session_id = get("session_id")
    message.uuid = get("uuid")
    message.user_message_uuid = get("user_message_uuid")
    message.user_message_uuids = get("user_message_uuids")
    message.raw = frame
    return message


def _user(frame: dict[str, Any], report: Report) -> UserMessage:
    get = frame.get
    content = frame["message"]["content"]
    message = _new(UserMessage)
    message.content = content if isinstance(content, str) else parse_content(content, report)
    message.parent_tool_use_id = get("parent_tool_use_id")
    message.uuid = get("uuid")
    message.tool_use_result = get("tool_use_result")
    message.origin = _origin(frame) if "origin" in frame else None
    message.raw = frame
    return message


def _system(frame: dict[str, Any], report: Report) -> SystemMessage:
    subtype = frame["subtype"]
    if subtype in TYPED_SUBTYPES:
        from ._parse_system import parse_system  # half a dozen classes that many sessions never need

        return parse_system(frame, report)
    if not isinstance(subtype, str):
        raise Malformed("has a `subtype` that is not a string")
    return SystemMessage(subtype, frame)


TYPED_SUBTYPES = frozenset(
    {
        "hook_started",
        "hook_response",
        "task_started",
        "task_progress",
        "task_notification",
        "task_updated",
        "mirror_error",
    }
)
"""Subtypes of system frames that have a class of their own."""


def _result(frame: dict[str, Any], report: Report) -> ResultMessage:
    get = frame.get
    try:
        required = (
            frame["subtype"],
            frame["duration_ms"],
            frame["duration_api_ms"],
            frame["is_error"],
            frame["num_turns"],
            frame["session_id"],
        )
    except KeyError as error:
        report(MessageParseError(f"result frame {why(error)}", frame))
        subtype = get("subtype", "")
        required = (
            subtype,
            get("duration_ms", 0),
            get("duration_api_ms", 0),
            get("is_error", subtype != "success"),
            get("num_turns", 0),
            get("session_id", ""),
        )
    message = ResultMessage(
        *required,
        get("total_cost_usd"),
        get("usage"),
        get("result"),
        get("stop_reason"),
        get("structured_output"),
        get("modelUsage"),
        get("permission_denials"),
        _deferred(frame, report) if "deferred_tool_use" in frame else None,
        get("errors"),
        get("api_error_status"),
        get("uuid"),
        get("terminal_reason"),
        _origin(frame) if "origin" in frame else None,
        get("user_message_uuid"),
        get("user_message_uuids"),
    )
    message.raw = frame
    return message


def _deferred(frame: dict[str, Any], report: Report) -> DeferredToolUse | None:
    call = frame["deferred_tool_use"]
    if not call:
        return None
    try:
        return DeferredToolUse(call["id"], call["name"], call["input"])
    except WRONG_SHAPE as error:
        report(MessageParseError(f"deferred_tool_use of a result frame {why(error)}", frame))
        return None


def _origin(frame: dict[str, Any]) -> MessageOrigin | None:
    origin = frame["origin"]
    known = isinstance(origin, dict) and isinstance(origin.get("kind"), str)
    return cast("MessageOrigin", origin) if known else None


def _stream_event(frame: dict[str, Any], report: Report) -> StreamEvent:
    get = frame.get
    event = frame["event"]
    if not isinstance(event, dict):
        raise Malformed("has an `event` that is not an object")
    message = _new(StreamEvent)
    message.uuid = frame["uuid"]
    message.session_id = frame["session_id"]
    message.event = event
    message.parent_tool_use_id = get("parent_tool_use_id")
    message.user_message_uuid = get("user_message_uuid")
    message.user_message_uuids = get("user_message_uuids")
    message.raw = frame
    return message


def _rate_limit_event(frame: dict[str, Any], report: Report) -> RateLimitEvent:
    info = frame["rate_limit_info"]
    get = info.get
    message = RateLimitEvent(
        RateLimitInfo(
            info["status"],
            get("resetsAt"),
            get("rateLimitType"),
            get("utilization"),
            get("overageStatus"),
            get("overageResetsAt"),
            get("overageDisabledReason"),
            info,
        ),
        frame["uuid"],
        frame["session_id"],
    )
    message.raw = frame
    return message


def _conversation_reset(frame: dict[str, Any], report: Report) -> ConversationResetMessage:
    message = ConversationResetMessage(frame["new_conversation_id"], frame["uuid"], frame["session_id"])
    message.raw = frame
    return message


PARSERS: dict[str, Callable[[dict[str, Any], Report], Message]] = {
    "assistant": _assistant,
    "user": _user,
    "system": _system,
    "result": _result,
    "stream_event": _stream_event,
    "rate_limit_event": _rate_limit_event,
    "conversation_reset": _conversation_reset,
}
"""By type.  A parser raises one of `WRONG_SHAPE` for a frame that is not what it says it is; see `unreadable`."""


# What cannot be read


def _without_class(frame: Any, report: Report) -> UnknownMessage:
    kind = frame.get("type") if isinstance(frame, dict) else None
    if isinstance(kind, str) and kind:
        note_unknown("frames", kind)
        return UnknownMessage(kind, frame)
    problem = "frame without a `type`" if isinstance(frame, dict) else f"frame that is a {type(frame).__name__}"
    report(MessageParseError(problem, frame))
    return UnknownMessage("", frame, problem)
