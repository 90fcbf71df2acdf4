"""Hooks that forbid, advise, and have no opinion."""

import logging
from typing import Any

import anyio

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient
from claude_code_sdk.types import HookCallback, HookContext, HookJSONOutput, HookMatcher, ResultMessage

logger = logging.getLogger(__name__)


async def check_bash_command(
    input_data: dict[str, Any], tool_use_id: str | None, context: HookContext
) -> HookJSONOutput:
    if input_data["tool_name"] != "Bash":
        return {}
    for pattern in ("foo.sh",):
        if pattern in input_data["tool_input"].get("command", ""):
            logger.warning("Blocked %s", tool_use_id)
            return {
                "hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "deny",
                    "permissionDecisionReason": f"Command contains {pattern}",
                }
            }
    return {}


async def add_instructions(input_data: dict[str, Any], tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    return {"hookSpecificOutput": {"hookEventName": "UserPromptSubmit", "additionalContext": "Their name is Ada."}}


async def no_more_edits(input_data: dict[str, Any], tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    return {"decision": "block", "systemMessage": "Enough."}


everywhere: list[HookCallback] = [no_more_edits]


async def main() -> None:
    options = ClaudeCodeOptions(
        allowed_tools=["Bash"],
        hooks={
            "PreToolUse": [HookMatcher(matcher="Bash", hooks=[check_bash_command])],
            "UserPromptSubmit": [HookMatcher(matcher=None, hooks=[add_instructions])],
            "PostToolUse": [HookMatcher("Write|Edit", everywhere)],
        },
    )
    async with ClaudeSDKClient(options=options) as client:
        await client.query("Run the bash command: ./foo.sh --help")
        async for message in client.receive_response():
            if isinstance(message, ResultMessage):
                print(message.result)


if __name__ == "__main__":
    anyio.run(main)
