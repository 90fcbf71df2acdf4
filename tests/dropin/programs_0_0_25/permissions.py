"""A permission callback that allows, changes the input, denies, and interrupts."""

import asyncio
from typing import Any

from claude_code_sdk import (
    CanUseTool,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    PermissionResult,
    PermissionResultAllow,
    PermissionResultDeny,
    PermissionUpdate,
    ToolPermissionContext,
)
from claude_code_sdk.types import PermissionRuleValue

asked: list[str] = []


async def my_permission_callback(
    tool_name: str, input_data: dict[str, Any], context: ToolPermissionContext
) -> PermissionResult:
    asked.append(tool_name)
    if tool_name in ("Read", "Glob"):
        return PermissionResultAllow()
    if tool_name == "Write":
        if input_data["file_path"].startswith("/etc/"):
            return PermissionResultDeny(message="Not in a system folder", interrupt=True)
        return PermissionResultAllow(updated_input={**input_data, "file_path": f"./safe/{input_data['file_path']}"})
    if tool_name == "WebFetch":
        rule = PermissionUpdate("addRules", [PermissionRuleValue("WebFetch")], "allow", destination="session")
        return PermissionResultAllow("allow", None, [rule])
    return PermissionResultDeny("deny", f"No {tool_name} here")


async def main() -> None:
    callback: CanUseTool = my_permission_callback
    options = ClaudeCodeOptions(can_use_tool=callback, permission_mode="default", cwd=".")
    async with ClaudeSDKClient(options) as client:
        await client.query("Look around.")
        async for _ in client.receive_response():
            pass
    print(asked)


if __name__ == "__main__":
    asyncio.run(main())
