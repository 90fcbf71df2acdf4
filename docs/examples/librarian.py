from typing import Any

from claude_code_sdk import (
    ClaudeCodeOptions,
    HookMatcher,
    PermissionResult,
    PermissionResultAllow,
    PermissionResultDeny,
    ResultMessage,
    create_sdk_mcp_server,
    query,
    tool,
)

SHELVES = {"Dune": "F-HER", "Emma": "F-AUS"}


@tool
def find_book(title: str) -> str:
    "The shelf of a book."
    return SHELVES.get(title, "not in this library")


async def no_deleting(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    """A hook: nothing is deleted."""
    if given["tool_input"].get("command", "").startswith("rm "):
        return {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": "the catalogue is kept",
            }
        }
    return {}


async def only_notes(name: str, given: dict[str, Any], context: Any) -> PermissionResult:
    """A permission callback: books may be looked up and notes written, and nothing else."""
    if name == "mcp__library__find_book" or given.get("file_path", "").endswith(".md"):
        return PermissionResultAllow()
    return PermissionResultDeny(message="only notes may be written")


async def ask(question: str) -> str:
    """The librarian's answer."""
    options = ClaudeCodeOptions(
        mcp_servers={"library": create_sdk_mcp_server("library", tools=[find_book])},
        hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_deleting])]},
        can_use_tool=only_notes,
    )
    answer = ""
    async for message in query(prompt=question, options=options):
        if isinstance(message, ResultMessage):
            answer = message.result or ""
    return answer
