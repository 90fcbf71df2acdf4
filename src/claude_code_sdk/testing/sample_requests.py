"""Sample requests: what the CLI sends with a hook and with a question for permission, filled with plausible values.

Above: `alone.py`.  Below: nothing.  Fields: wire-facts §4 and §5, values as in recordings of the CLI 2.1.330.  Ids are
fixed, so that a test may compare them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOOL_USE_ID = "toolu_010000000000000000000001"
OTHER_ID = "3f6f4c5a-0d0b-4b7e-9a51-1c8f0a6d2e01"
"""The id beside events that are about no call of a tool."""

_CWD = "/project"
_SESSION = "8b518d14-6d0b-4d80-9ab5-b526d5526f8e"
_TRANSCRIPT = f"/home/user/.claude/projects/-project/{_SESSION}"
_SESSION_FIELDS = {"session_id": _SESSION, "transcript_path": f"{_TRANSCRIPT}.jsonl", "cwd": _CWD}
_PROMPT = {"prompt_id": "84c5766b-7783-4b1a-be8f-b129550560ed"}
_MODE = {"permission_mode": "default"}
_EFFORT = {"effort": {"level": "medium"}}
_AGENT = {"agent_id": "af5168a5741cbc15a", "agent_type": "general-purpose"}
_STOP = {
    "stop_hook_active": False,
    "last_assistant_message": "Done.",
    "background_tasks": [],
    "session_crons": [],
}

TOOL_EVENTS = frozenset({"PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest"})
"""Events about one call of a tool."""

_FIELDS: dict[str, dict[str, Any]] = {
    "PreToolUse": {**_PROMPT, **_MODE, **_EFFORT},
    "PostToolUse": {**_PROMPT, **_MODE, **_EFFORT, "duration_ms": 6},
    "PostToolUseFailure": {
        **_PROMPT,
        **_MODE,
        **_EFFORT,
        "error": "Exit code 1",
        "is_interrupt": False,
        "duration_ms": 6,
    },
    "PermissionRequest": {**_PROMPT, **_MODE, **_EFFORT},
    "PostToolBatch": {**_PROMPT, **_MODE, **_EFFORT},
    "UserPromptSubmit": {**_PROMPT, **_MODE, "prompt": "Hello"},
    "Stop": {**_PROMPT, **_MODE, **_EFFORT, **_STOP},
    "SubagentStart": {**_PROMPT, **_AGENT},
    "SubagentStop": {
        **_PROMPT,
        **_MODE,
        **_EFFORT,
        **_AGENT,
        "agent_transcript_path": f"{_TRANSCRIPT}/subagents/agent-{_AGENT['agent_id']}.jsonl",
        **_STOP,
    },
    "PreCompact": {**_PROMPT, "trigger": "manual", "custom_instructions": None},
    "PostCompact": {**_PROMPT, "trigger": "manual", "compact_summary": "The user said hello."},
    "SessionStart": {"source": "clear"},
    "SessionEnd": {**_PROMPT, "reason": "clear"},
    "Notification": {
        **_PROMPT,
        "message": "Claude needs your permission to use Bash",
        "notification_type": "permission_prompt",
    },
    "MessageDisplay": {
        **_PROMPT,
        "turn_id": "0c6b2f0e-5a0d-4d52-8f0e-2a1c7d9b4e10",
        "message_id": "msg_000000000000000000000001",
        "index": 0,
        "final": True,
        "delta": "Hello",
    },
}
"""By event: the fields beside those of the session and of the tool.  Other events have those of the session alone."""

EVENTS = tuple(_FIELDS)
"""The events whose fields are known."""

_INPUTS: dict[str, dict[str, Any]] = {
    "Bash": {"command": "ls", "description": "List files"},
    "Read": {"file_path": f"{_CWD}/note.txt"},
    "Write": {"file_path": f"{_CWD}/note.txt", "content": "alpha\n"},
    "Edit": {"file_path": f"{_CWD}/note.txt", "old_string": "alpha", "new_string": "beta"},
    "Glob": {"pattern": "**/*.py"},
    "Grep": {"pattern": "TODO"},
    "WebFetch": {"url": "https://example.com/", "prompt": "Summarise this page"},
    "WebSearch": {"query": "python"},
    "Agent": {"description": "Read the note", "prompt": "Read the note", "subagent_type": "general-purpose"},
}

_RESPONSES: dict[str, Any] = {
    "Bash": {"stdout": "note.txt", "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False},
    "Read": {
        "type": "text",
        "file": {"filePath": f"{_CWD}/note.txt", "content": "alpha\n", "numLines": 2, "startLine": 1, "totalLines": 2},
    },
}


def tool_input(tool: str) -> dict[str, Any]:
    """An input that the model might give to a tool; empty for a tool that is not known."""
    return dict(_INPUTS.get(tool, {}))


def tool_response(tool: str) -> Any:
    """What a tool might return, in the form that hooks see."""
    return _RESPONSES.get(tool, [{"type": "text", "text": "ok"}])


def hook_input(
    event: str, tool: str | None, given: Mapping[str, Any] | None, tool_use_id: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The `input` of a `hook_callback`; `fields` replace or add to what it has."""
    made: dict[str, Any] = {**_SESSION_FIELDS, **_FIELDS.get(event, {}), "hook_event_name": event}
    name = tool or "Bash"
    arguments = dict(tool_input(name) if given is None else given)
    if event in TOOL_EVENTS or (tool is not None and event != "PostToolBatch"):
        made |= {"tool_name": name, "tool_input": arguments}
    if event == "PermissionRequest":
        made["permission_suggestions"] = suggestions(name, arguments)
    elif event in TOOL_EVENTS:
        made["tool_use_id"] = tool_use_id
    if event == "PostToolUse":
        made["tool_response"] = tool_response(name)
    if event == "PostToolBatch":
        call = {"tool_name": name, "tool_input": arguments, "tool_use_id": tool_use_id}
        made["tool_calls"] = [{**call, "tool_response": tool_response(name)}]
    return {**made, **fields}


def permission_request(
    tool: str, given: Mapping[str, Any] | None, tool_use_id: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of a `can_use_tool`, without `subtype`; `fields` replace or add to what it has."""
    arguments = dict(tool_input(tool) if given is None else given)
    made: dict[str, Any] = {
        "tool_name": tool,
        "display_name": tool,
        "input": arguments,
        "permission_suggestions": suggestions(tool, arguments),
        "tool_use_id": tool_use_id,
    }
    if tool.startswith("mcp__"):
        server, _, name = tool.removeprefix("mcp__").partition("__")
        made["display_name"] = name.replace("_", " ").capitalize()
        made["mcp_server"] = {"name": server, "source": "sdk"}
    description = arguments.get("description") or arguments.get("url") or arguments.get("file_path")
    if isinstance(description, str):
        made["description"] = description.removeprefix(f"{_CWD}/")
    return {**made, **fields}


def suggestions(tool: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules that the CLI would suggest for a call."""
    if tool in ("Write", "Edit", "NotebookEdit"):
        return [{"type": "setMode", "mode": "acceptEdits", "destination": "session"}]
    rule = {"toolName": tool}
    if tool == "Bash" and isinstance(given.get("command"), str):
        rule["ruleContent"] = given["command"]
    elif tool == "WebFetch" and isinstance(given.get("url"), str):
        rule["ruleContent"] = f"domain:{given['url'].partition('://')[2].partition('/')[0]}"
    return [{"type": "addRules", "rules": [rule], "behavior": "allow", "destination": "localSettings"}]
