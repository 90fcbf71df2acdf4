"""The agent's permission callback: what it may do without asking a human."""

from pathlib import PurePath
from typing import Any

from claude_code_sdk import PermissionResultAllow, PermissionResultDeny


async def may_use(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow | PermissionResultDeny:
    """Own tools, kubectl without consequences, and notes in runbooks/; a look at the web ends the turn."""
    if name.startswith("mcp__desk__"):
        return PermissionResultAllow()
    if name == "Bash" and given["command"].startswith("kubectl "):
        return PermissionResultAllow(updated_input={**given, "command": f"{given['command']} --dry-run=server"})
    if name == "Write" and PurePath(given["file_path"]).parent.name == "runbooks":
        return PermissionResultAllow()
    if name in ("WebFetch", "WebSearch"):
        return PermissionResultDeny(message="incidents stay inside", interrupt=True)
    return PermissionResultDeny(message="only notes in runbooks/ are written")
