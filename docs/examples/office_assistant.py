"""The program of the demo: an assistant that greets visitors, must not delete anything, and asks before it writes.

It knows nothing of tests, recordings or transports.  `demo.py` runs it on a recorded session,
`test_office_assistant.py` in pytest tests, and on your own `claude` it runs as it is (`demo.py --live`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from claude_code_sdk import (
    ClaudeCodeOptions,
    HookMatcher,
    Message,
    PermissionResultAllow,
    PermissionResultDeny,
    create_sdk_mcp_server,
    query,
    tool,
)

PROMPT = (
    "First greet the visitor Ada with the greet tool. Then run `rm -rf build` with Bash. "
    "Then write 'hello Ada' to visitors.txt. Say in one sentence what happened."
)


@tool("greet", "Greet a visitor by name", {"name": str})
async def greet(given: dict[str, Any]) -> dict[str, Any]:
    """A tool of this program: it runs here, when the model calls mcp__office__greet."""
    return {"content": [{"type": "text", "text": f"Welcome, {given['name']}!"}]}


async def no_deleting(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    """A PreToolUse hook: a command that deletes does not run, and the model is told why."""
    if not given["tool_input"].get("command", "").startswith("rm "):
        return {}
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": "this office deletes nothing",
        }
    }


async def may_use(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow | PermissionResultDeny:
    """A permission callback: visitors may be greeted and files written, nothing else that the CLI asks about."""
    if name in ("mcp__office__greet", "Write"):
        return PermissionResultAllow()
    return PermissionResultDeny(message=f"{name} is not for visitors")


def assistant(*, cwd: Path | None = None, cli_path: str | None = None) -> AsyncIterator[Message]:
    """Run the assistant in the folder `cwd` with the executable `cli_path`; iterate over its messages."""
    options = ClaudeCodeOptions(
        cwd=cwd,
        cli_path=cli_path,
        mcp_servers={"office": create_sdk_mcp_server("office", tools=[greet])},
        hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_deleting])]},
        can_use_tool=may_use,
    )
    return query(prompt=PROMPT, options=options)
