"""Hook schema: what the CLI says of a command hook's JSON that it does not take."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame

WRONG_EVENT = (
    "Failed to run: Hook returned incorrect event name: expected '{expected}' but got '{got}'. Full stdout: {stdout}"
)
NOT_VALID = (
    "Hook JSON output validation failed — {what}\n\nThe hook's output was: {output}\n\nExpected schema:\n{schema}"
)
NO_OPTION = "{key}: Invalid option: expected one of {options}"
NO_SUCH_TYPE = "{key}: expected {expected}, received {kind}"
TYPES = {
    "continue": "boolean",
    "suppressOutput": "boolean",
    "stopReason": "string",
    "reason": "string",
    "systemMessage": "string",
    "hookSpecificOutput": "object",
}

SCHEMA: Frame = {
    "continue": "boolean (optional)",
    "suppressOutput": "boolean (optional)",
    "stopReason": "string (optional)",
    "decision": '"approve" | "block" (optional)',
    "reason": "string (optional)",
    "systemMessage": "string (optional)",
    "terminalSequence": "string (optional)",
    "hookSpecificOutput": {
        "for PreToolUse": {
            "hookEventName": '"PreToolUse"',
            "permissionDecision": '"allow" | "deny" | "ask" | "defer" (optional)',
            "permissionDecisionReason": "string (optional)",
            "updatedInput": "object (optional) - Modified tool input to use",
        },
        "for PermissionRequest": {
            "hookEventName": '"PermissionRequest"',
            "decision": {
                "to allow": {
                    "behavior": '"allow"',
                    "updatedInput": "object (optional) - Modified tool input to use",
                    "updatedPermissions": "array (optional) - Permission updates",
                },
                "to deny": {"behavior": '"deny"', "message": "string (optional)", "interrupt": "boolean (optional)"},
            },
        },
        "for UserPromptSubmit": {"hookEventName": '"UserPromptSubmit"', "additionalContext": "string (optional)"},
        "for PostToolUse": {"hookEventName": '"PostToolUse"', "additionalContext": "string (optional)"},
        "for PostToolBatch": {"hookEventName": '"PostToolBatch"', "additionalContext": "string (optional)"},
        "for Stop / SubagentStop": {
            "hookEventName": '"Stop" | "SubagentStop"',
            "additionalContext": "string (optional) - Feedback for "
            "the model; the conversation "
            "continues so the model can act on "
            "it",
        },
    },
}
"""Its own description of what a hook may answer (CLI 2.1.330)."""


def not_valid(answer: Frame, what: str) -> str:
    """What the CLI says of an answer with a fault: what it is, and what may be in one."""
    return NOT_VALID.format(
        what=what, output=json.dumps(answer, indent=2, ensure_ascii=False), schema=json.dumps(SCHEMA, indent=2)
    )


def fault(answer: Frame) -> str | None:
    """The first thing that is wrong with an answer, None when nothing is."""
    for key, kind in TYPES.items():
        if key in answer and _kind(answer[key]) != kind:
            return NO_SUCH_TYPE.format(key=key, expected=kind, kind=_kind(answer[key]))
    if answer.get("decision") not in (None, "approve", "block"):
        return NO_OPTION.format(key="decision", options='"approve"|"block"')
    specific = answer.get("hookSpecificOutput")
    if specific is not None and "hookEventName" not in specific:
        return 'hookSpecificOutput is missing required field "hookEventName"'
    if (specific or {}).get("permissionDecision") not in (None, "allow", "deny", "ask", "defer"):
        return NO_OPTION.format(key="hookSpecificOutput.permissionDecision", options='"allow"|"deny"|"ask"|"defer"')
    return None


def _kind(value: Any) -> str:
    kinds = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
