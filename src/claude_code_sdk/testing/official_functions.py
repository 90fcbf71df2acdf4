"""What a permission callback of the official SDK returns, and its tools, in the form in which this SDK runs them.

The two SDKs send the same for them (sdk-spec §5, §6), but their classes are not each other's.
Above: `alone.py`.  Below: the official SDK, where the program has imported it; it is never imported here.
"""

from __future__ import annotations

import sys
from typing import Any

from ..permissions import PermissionResultAllow, PermissionResultDeny


def our_decision(decision: Any) -> Any:
    """A decision of the official SDK as one of this SDK; anything else as it is."""
    official = sys.modules.get("claude_agent_sdk")
    if official is None:
        return decision
    if isinstance(decision, official.PermissionResultAllow):
        # Its permission updates need no change: all that is asked of them is `to_dict()`.
        return PermissionResultAllow(
            updated_input=decision.updated_input, updated_permissions=decision.updated_permissions
        )
    if isinstance(decision, official.PermissionResultDeny):
        return PermissionResultDeny(message=decision.message, interrupt=decision.interrupt)
    return decision


def official_server(tool: Any, name: str) -> Any:
    """The server that the official SDK makes of one of its tools, or None when `tool` is something else."""
    official = sys.modules.get("claude_agent_sdk")
    if official is None or not isinstance(tool, official.SdkMcpTool):
        return None
    return official.create_sdk_mcp_server(name, tools=[tool])
