"""Messages and blocks as values: their order of fields, and the frame they carry."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import typing

import pytest

from claude_code_sdk import blocks, messages, system_messages
from claude_code_sdk.messages import (
    AssistantMessage,
    Message,
    RateLimitInfo,
    ResultMessage,
    StreamEvent,
    SystemMessage,
    UnknownMessage,
    UserMessage,
)
from claude_code_sdk.system_messages import TaskStartedMessage

# Field order of claude_code_sdk 0.0.25 (before the bar), then what claude_agent_sdk 0.2.187 added, in its order.
FIELDS = {
    blocks.TextBlock: "text |",
    blocks.ThinkingBlock: "thinking signature |",
    blocks.ToolUseBlock: "id name input |",
    blocks.ToolResultBlock: "tool_use_id content=None is_error=None |",
    blocks.ServerToolUseBlock: "| id name input",
    blocks.ServerToolResultBlock: "| tool_use_id content",
    messages.UserMessage: "content parent_tool_use_id=None | uuid=None tool_use_result=None origin=None",
    messages.AssistantMessage: (
        "content model parent_tool_use_id=None | error=None usage=None message_id=None stop_reason=None session_id=None"
        " uuid=None user_message_uuid=None user_message_uuids=None"
    ),
    messages.SystemMessage: "subtype data |",
    messages.ResultMessage: (
        "subtype duration_ms duration_api_ms is_error num_turns session_id total_cost_usd=None usage=None result=None |"
        " stop_reason=None structured_output=None model_usage=None permission_denials=None deferred_tool_use=None"
        " errors=None api_error_status=None uuid=None terminal_reason=None origin=None user_message_uuid=None"
        " user_message_uuids=None"
    ),
    messages.StreamEvent: (
        "uuid session_id event parent_tool_use_id=None | user_message_uuid=None user_message_uuids=None"
    ),
    messages.DeferredToolUse: "| id name input",
    messages.RateLimitInfo: (
        "| status resets_at=None rate_limit_type=None utilization=None overage_status=None overage_resets_at=None"
        " overage_disabled_reason=None raw={}"
    ),
    messages.RateLimitEvent: "| rate_limit_info uuid session_id",
    messages.ConversationResetMessage: "| new_conversation_id uuid session_id",
    system_messages.TaskStartedMessage: (
        "subtype data | task_id description uuid session_id tool_use_id=None task_type=None"
    ),
    system_messages.TaskProgressMessage: (
        "subtype data | task_id description usage uuid session_id tool_use_id=None last_tool_name=None"
    ),
    system_messages.TaskNotificationMessage: (
        "subtype data | task_id status output_file summary uuid session_id tool_use_id=None usage=None"
    ),
    system_messages.TaskUpdatedMessage: "subtype data | task_id patch status=None session_id=None uuid=None",
    system_messages.HookEventMessage: "subtype data | hook_event_name='' session_id=None uuid=None",
    system_messages.MirrorErrorMessage: "subtype data | key=None error=''",
}

RESULT = ResultMessage("success", 10, 5, False, 1, "S")
RESULT.raw = {"type": "result"}


def shown(field: dataclasses.Field[object]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"{field.name}={field.default_factory()!r}"
    return field.name if field.default is dataclasses.MISSING else f"{field.name}={field.default!r}"


@pytest.mark.parametrize("cls", FIELDS, ids=lambda cls: cls.__name__)
def test_fields_stand_in_the_order_of_the_older_sdks(cls: type) -> None:
    assert [shown(field) for field in dataclasses.fields(cls)] == FIELDS[cls].replace("|", "").split()


@pytest.mark.requirement("B36")
def test_positional_construction_is_that_of_0_0_25() -> None:
    message = ResultMessage("success", 10, 5, False, 1, "S", 0.25, {"input_tokens": 1}, "Four.")

    assert (message.total_cost_usd, message.usage, message.result) == (0.25, {"input_tokens": 1}, "Four.")


@pytest.mark.parametrize("cls", typing.get_args(Message), ids=lambda cls: cls.__name__)
@pytest.mark.requirement("raw-everywhere")
def test_every_message_has_its_raw_frame_beside_its_fields(cls: type) -> None:
    assert "raw" not in {field.name for field in dataclasses.fields(cls)}
    assert hasattr(cls, "raw")


def test_the_raw_frame_takes_no_part_in_comparison() -> None:
    other = copy.copy(RESULT)
    other.raw = {"type": "another"}

    assert other == RESULT


def test_the_raw_frame_is_not_in_the_dict_of_a_message() -> None:
    assert "raw" not in dataclasses.asdict(RESULT)


def test_the_raw_frame_is_not_shown() -> None:
    assert "raw" not in repr(RESULT)


def test_a_message_made_by_hand_has_an_empty_frame() -> None:
    assert UserMessage("a").raw == {}


def test_a_system_message_has_its_frame_as_data_and_raw() -> None:
    frame = {"type": "system", "subtype": "status"}

    assert SystemMessage("status", frame).raw is frame


def test_an_unknown_message_has_its_frame_as_data_and_raw() -> None:
    frame = {"type": "keep_alive"}

    assert UnknownMessage("keep_alive", frame).raw is frame


def test_typed_system_messages_are_system_messages() -> None:
    message = TaskStartedMessage("task_started", {}, "t1", "read", "u", "S")

    assert isinstance(message, SystemMessage)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_messages_can_be_copied_and_pickled(duplicate: typing.Callable[[object], ResultMessage]) -> None:
    again = duplicate(RESULT)

    assert (again, again.raw) == (RESULT, RESULT.raw)


def test_messages_can_be_changed_and_extended() -> None:
    message = AssistantMessage([], "m")

    message.model = "other"
    message.note = "mine"  # type: ignore[attr-defined]  # programs written for the older SDKs do this

    assert vars(message)["note"] == "mine"


def test_messages_match_by_position() -> None:
    match StreamEvent("u", "S", {"type": "ping"}):
        case StreamEvent(uuid, session_id, event):
            assert (uuid, session_id, event) == ("u", "S", {"type": "ping"})


def test_the_terminal_statuses_are_those_after_which_a_task_is_over() -> None:
    assert sorted(system_messages.TERMINAL_TASK_STATUSES) == ["completed", "failed", "killed", "stopped"]


def test_the_raw_rate_limit_is_shown_and_compared_as_in_the_agent_sdk() -> None:
    assert RateLimitInfo("allowed", raw={"a": 1}) != RateLimitInfo("allowed", raw={"a": 2})
