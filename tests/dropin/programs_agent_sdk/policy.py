"""Hooks and a permission callback, with a prompt that is a string."""

from typing import Any

import anyio

from claude_code_sdk import (
    ClaudeAgentOptions,
    HookContext,
    HookInput,
    HookJSONOutput,
    HookMatcher,
    PermissionResultAllow,
    PermissionResultDeny,
    ResultMessage,
    ToolPermissionContext,
    query,
)


async def before(input_data: HookInput, tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    if input_data["hook_event_name"] != "PreToolUse":
        return {}
    print(f"{input_data['tool_name']} in {input_data['cwd']} as {tool_use_id}")
    if "rm" in input_data["tool_input"].get("command", ""):
        return {
            "reason": "Dangerous",
            "systemMessage": "Blocked",
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": "No deleting",
            },
        }
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "allow",
            "updatedInput": {"command": "ls -l"},
        }
    }


async def after(input_data: HookInput, tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    return {"continue_": False, "stopReason": "Enough", "suppressOutput": True}


async def later(input_data: HookInput, tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    return {"async_": True, "asyncTimeout": 3000}


async def can_use_tool(
    tool_name: str, input_data: dict[str, Any], context: ToolPermissionContext
) -> PermissionResultAllow | PermissionResultDeny:
    print(f"{tool_name}: {context.title} ({context.decision_reason}, {context.tool_use_id})")
    for suggestion in context.suggestions:
        print(suggestion.type, [rule.tool_name for rule in suggestion.rules or []], suggestion.destination)
    if tool_name == "Write":
        return PermissionResultAllow(updated_permissions=context.suggestions)
    return PermissionResultDeny(message="Not now", interrupt=False)


async def main() -> None:
    options = ClaudeAgentOptions(
        can_use_tool=can_use_tool,
        hooks={
            "PreToolUse": [HookMatcher(matcher="Bash", hooks=[before], timeout=5.0)],
            "PostToolUse": [HookMatcher(hooks=[after, later])],
            "Stop": [HookMatcher(matcher=None, hooks=[])],
        },
    )
    async for message in query(prompt="Clean up.", options=options):
        if isinstance(message, ResultMessage):
            print(message.permission_denials)


if __name__ == "__main__":
    anyio.run(main)
