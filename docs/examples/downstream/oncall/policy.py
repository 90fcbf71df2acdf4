"""The agent's hooks."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from claude_code_sdk import HookMatcher

DESTRUCTIVE = re.compile(r"\brm -rf\b|\bdrop (table|database)\b|\bterraform destroy\b", re.IGNORECASE)


@dataclass
class Journal:
    """What the agent did, for the review on the next morning: times of day and the tools."""

    lines: list[str] = field(default_factory=list)

    def hooks(self) -> dict[str, list[HookMatcher]]:
        """The hooks of one session."""
        return {
            "UserPromptSubmit": [HookMatcher(hooks=[who_is_on_call])],
            "PreToolUse": [HookMatcher(matcher="Bash", hooks=[nothing_destructive])],
            "PostToolUse": [HookMatcher(hooks=[self.write])],
        }

    async def write(self, given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
        """PostToolUse: write it down."""
        self.lines.append(f"{datetime.now(UTC):%H:%M} {given['tool_name']}")
        return {}


async def nothing_destructive(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    """PreToolUse: what cannot be undone does not run, and the model is told why."""
    found = DESTRUCTIVE.search(given["tool_input"]["command"])
    if found is None:
        return {}
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": f"{found[0]!r} cannot be undone: page a human",
        }
    }


async def who_is_on_call(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    """UserPromptSubmit: tell the model who can be paged now."""
    return {
        "hookSpecificOutput": {
            "hookEventName": "UserPromptSubmit",
            "additionalContext": f"On call now: {on_call(datetime.now(UTC))}.",
        }
    }


def on_call(moment: datetime) -> str:
    """The team that is on call; the night belongs to Sydney."""
    return "Oslo" if 6 <= moment.hour < 18 else "Sydney"
