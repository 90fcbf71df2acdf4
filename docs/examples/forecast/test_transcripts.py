from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from claude_code_sdk import ClaudeCodeOptions, HookMatcher, query
from claude_code_sdk.testing import Run, Script


async def no_deleting(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    if not given["tool_input"]["command"].startswith("rm"):
        return {}
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": "the catalogue is kept",
        }
    }


@pytest.mark.anyio
async def test_nothing_is_deleted(fake_claude: Script, claude_run: Run, claude_snapshot: SnapshotAssertion) -> None:
    fake_claude.calls("Bash", command="rm catalogue.txt").says("I may not delete it.")
    options = ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_deleting])]})
    async for _ in query(prompt="Delete the catalogue", options=options):
        pass
    assert claude_run == claude_snapshot
