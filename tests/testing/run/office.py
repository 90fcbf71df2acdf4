"""What the tests of runs share: a program with a hook, a permission callback and a tool, and how a test asks of it."""

from __future__ import annotations

from typing import Any

import anyio

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultAllow,
    PermissionResultDeny,
    create_sdk_mcp_server,
    tool,
)
from claude_code_sdk.testing import Script

LIMIT = 30.0

SCRIPT = (
    Script()
    .calls("Bash", command="rm -rf build")
    .calls("Bash", command="touch made.txt")
    .returns("")
    .calls("mcp__tools__greet", name="Alice")
    .says("Done")
)
"""A session in which the hook denies a call, the callback changes another, and the tool answers."""


@tool("greet", "Greet somebody", {"name": str})
async def greet(given: dict[str, Any]) -> dict[str, Any]:
    if given["name"] == "nobody":
        raise ValueError("nobody is there")
    return {"content": [{"type": "text", "text": f"Hello {given['name']}"}]}


async def no_rm(given: Any, tool_use_id: str | None, context: Any) -> Any:
    """The hook: denies what begins with rm."""
    if not given["tool_input"]["command"].startswith("rm"):
        return {}
    specific = {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": "no rm here"}
    return {"hookSpecificOutput": specific}


async def may_use(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow | PermissionResultDeny:
    """The callback: changes commands, refuses what writes, allows the rest."""
    if name == "Bash":
        return PermissionResultAllow(updated_input={"command": "touch other.txt"})
    if name == "Write":
        return PermissionResultDeny(message="read only")
    return PermissionResultAllow()


def options(**further: Any) -> ClaudeCodeOptions:
    settings: dict[str, Any] = {
        "hooks": {"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_rm])]},
        "can_use_tool": may_use,
        "mcp_servers": {"tools": create_sdk_mcp_server("tools", tools=[greet])},
    }
    return ClaudeCodeOptions(**{**settings, **further})


async def office(*prompts: str, **further: Any) -> None:
    """The program: one session, a turn for each prompt."""
    with anyio.fail_after(LIMIT):
        async with ClaudeSDKClient(options(**further)) as client:
            for prompt in prompts or ("Tidy up",):
                await client.query(prompt)
                async for _ in client.receive_response():
                    pass
