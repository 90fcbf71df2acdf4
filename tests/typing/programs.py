"""Programs that type checkers must accept, with the types that they must see.  Checked by `mypy`, never run.

An `assert_type` that does not hold, or an ignore comment that is not needed, is an error of the mypy run.
"""

from __future__ import annotations

from typing import Any, assert_never, assert_type

import claude_code_sdk
from claude_code_sdk import (
    AgentDefinition,
    AssistantMessage,
    CancelSignal,
    ClaudeAgentOptions,
    ClaudeCodeOptions,
    ContentBlock,
    ConversationResetMessage,
    HookContext,
    HookJSONOutput,
    HookMatcher,
    McpStdioServerConfig,
    Message,
    PermissionResult,
    PermissionResultAllow,
    PermissionResultDeny,
    PreToolUseHookInput,
    RateLimitEvent,
    ResultMessage,
    ServerToolResultBlock,
    ServerToolUseBlock,
    StreamEvent,
    SystemMessage,
    TaskNotificationMessage,
    TextBlock,
    ThinkingBlock,
    ToolPermissionContext,
    ToolResultBlock,
    ToolUseBlock,
    UnknownBlock,
    UnknownMessage,
    UserMessage,
)
from claude_code_sdk.types import ClaudeCodeOptions as TheSameOptions
from claude_code_sdk.types import PermissionBehavior, PermissionUpdate, SDKControlRequest


def every_message_can_be_told_apart(message: Message) -> str:
    assert_type(message.raw["type"], Any)
    match message:
        case UserMessage():
            assert_type(message.content, str | list[ContentBlock])
            return message.uuid or ""
        case AssistantMessage():
            return assert_type(message.model, str)
        case SystemMessage(subtype, data):
            assert_type(data, dict[str, Any])
            return subtype
        case ResultMessage():
            assert_type(message.total_cost_usd, float | None)
            return message.result or ""
        case StreamEvent():
            return str(message.event["type"])
        case RateLimitEvent():
            return message.rate_limit_info.status
        case ConversationResetMessage():
            return message.new_conversation_id
        case UnknownMessage():
            return message.type
        case _:
            assert_never(message)


def every_block_can_be_told_apart(block: ContentBlock) -> str:
    match block:
        case TextBlock(text) | ThinkingBlock(text, _):
            return text
        case ToolUseBlock() | ServerToolUseBlock():
            assert_type(block.input, dict[str, Any])
            return block.name
        case ToolResultBlock() | ServerToolResultBlock():
            return block.tool_use_id
        case UnknownBlock():
            return block.type
        case _:
            assert_never(block)


def a_typed_system_message_is_a_system_message(message: TaskNotificationMessage) -> SystemMessage:
    assert_type(message.raw, dict[str, Any])
    return message


async def untyped_hook(input_data, tool_use_id, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return {}


async def hook_of_0_0_25(input_data: dict[str, Any], tool_use_id: str | None, context: HookContext) -> dict[str, Any]:
    assert_type(context["signal"], CancelSignal | None)
    return {"decision": "block"}


async def hook_without_opinion(input_data: dict[str, Any], tool_use_id: str | None, context: HookContext) -> None:
    return None


async def typed_hook(input_data: PreToolUseHookInput, tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    assert_type(input_data["tool_name"], str)
    return {
        "continue_": True,
        "hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow"},
    }


async def can_use_tool(name: str, arguments: dict[str, Any], context: ToolPermissionContext) -> PermissionResult:
    assert_type(context.suggestions, list[PermissionUpdate])
    if context.signal and context.signal.cancelled:
        return PermissionResultDeny(message="too late")
    return PermissionResultAllow(updated_permissions=context.suggestions)


def options_accept_what_programs_write() -> list[ClaudeCodeOptions]:
    server: McpStdioServerConfig = {"command": "server"}
    by_event: dict[str, list[HookMatcher]] = {"PreToolUse": []}
    return [
        ClaudeCodeOptions(
            allowed_tools=["Read"], permission_mode="acceptEdits", system_prompt="You help.", cwd="/project"
        ),
        ClaudeCodeOptions(
            hooks={
                "PreToolUse": [HookMatcher(matcher="Bash", hooks=[untyped_hook, hook_of_0_0_25, typed_hook])],
                "Stop": [HookMatcher(hooks=[hook_without_opinion])],
            }
        ),
        ClaudeCodeOptions(hooks=by_event),
        ClaudeCodeOptions(can_use_tool=can_use_tool, mcp_servers={"tools": server}),
        ClaudeCodeOptions(mcp_servers="servers.json", skills="all", thinking={"type": "adaptive"}),
        ClaudeAgentOptions(
            system_prompt={"type": "preset", "preset": "claude_code", "append": "Be brief."},
            agents={"reader": AgentDefinition("reads", "You read.", model="haiku")},
            sandbox={"enabled": True, "network": {"allowLocalBinding": True}},
        ),
        TheSameOptions(),
    ]


def wrong_options_are_refused() -> None:
    ClaudeCodeOptions(permission_mode="whatever")  # type: ignore[arg-type]
    ClaudeCodeOptions(no_such_option=True)  # type: ignore[call-arg]
    ClaudeCodeOptions(can_use_tool=untyped_hook, max_turns="3")  # type: ignore[arg-type]


def names_that_are_not_there_are_refused() -> None:
    claude_code_sdk.nonsense  # type: ignore[attr-defined]  # noqa: B018
    claude_code_sdk.types.nonsense  # type: ignore[attr-defined]  # noqa: B018


def unexported_types_are_seen(request: SDKControlRequest, behavior: PermissionBehavior) -> None:
    assert_type(request["request_id"], str)
    PermissionUpdate("addRules", behavior=behavior)
