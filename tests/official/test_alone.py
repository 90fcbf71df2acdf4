"""call_permission and call_tool on functions that are written for the official SDK."""

from __future__ import annotations

from typing import Any

import pytest

from claude_code_sdk.testing import call_permission, call_tool

sdk: Any = pytest.importorskip("claude_agent_sdk")


async def test_a_denial_of_the_official_sdk_is_what_the_cli_would_receive() -> None:
    async def never(name: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultDeny(message="not here", interrupt=True)

    answer = await call_permission(never, "Bash", {"command": "ls"})
    assert answer == {"behavior": "deny", "message": "not here", "interrupt": True}


async def test_a_permission_of_the_official_sdk_keeps_the_input_and_carries_its_updates() -> None:
    update = sdk.PermissionUpdate(type="setMode", mode="plan")

    async def always(name: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultAllow(updated_permissions=[update])

    assert await call_permission(always, "Bash", {"command": "ls"}) == {
        "behavior": "allow",
        "updatedInput": {"command": "ls"},
        "updatedPermissions": [update.to_dict()],
    }


async def test_a_permission_of_the_official_sdk_may_change_the_input() -> None:
    async def safer(name: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultAllow(updated_input={"command": "ls -l"})

    answer = await call_permission(safer, "Bash", {"command": "ls"})
    assert answer == {"behavior": "allow", "updatedInput": {"command": "ls -l"}}


@sdk.tool("greet", "Greet somebody", {"name": str})  # type: ignore[untyped-decorator]
async def greet(given: dict[str, Any]) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": f"Hello {given['name']}"}]}


async def test_a_tool_of_the_official_sdk_is_called() -> None:
    result = await call_tool(greet, {"name": "Ann"})
    assert result == {"content": [{"type": "text", "text": "Hello Ann"}], "isError": False}


async def test_the_input_of_a_tool_of_the_official_sdk_is_checked_against_its_schema() -> None:
    result = await call_tool(greet, {})
    assert result["isError"] is True
    assert "'name' is a required property" in result["content"][0]["text"]
