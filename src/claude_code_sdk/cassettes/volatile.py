"""What may differ between two recordings of the same behaviour: volatile fields.

Above: stable.py, which compares without them.  Below: cassette.py.  They are times, durations, costs, token counts,
process ids, sockets and temporary names, in what the CLI says; never what a tool is given, nor anything the host says.
The list follows what differs between recordings of the same programs (wire-facts §§3, 7, "How stable is this").
"""

from __future__ import annotations

import re

from .cassette import CLI, encode_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .cassette import Entry

_NUMBERS = re.compile(
    r"(?:_ms|Ms|_tokens|Tokens|_usd|USD|_cost)$"
    r"|^(?:duration|elapsed_time_seconds|endTime|end_time|percentage|pid|squareFullness|startTime|start_time|tokens"
    r"|utilization)$"
)
_LIMITS = frozenset({"maxOutputTokens", "maxTokens", "max_thinking_tokens", "max_tokens", "rawMaxTokens", "timeout_ms"})
"""Settings that are named like a count."""

_TEXTS = frozenset({"backupTime", "createdAt", "created_at", "messaging_socket_path", "timestamp"})

_TOOL_INPUTS = frozenset({"arguments", "input", "structured_output", "tool_input", "updatedInput"})
"""What the model wrote: behaviour as a whole.  The `input` of a hook, which names its event, is the CLI's."""

_IN_TEXT = re.compile(
    r"(?<=duration_ms: )\d+|(?<=subagent_tokens: )\d+|(?<=total_tokens: )\d+"
    r"|(?<=Total duration \(API\): )[ \w.]+|(?<=Total duration \(wall\): )[ \w.]+"
    r"|(?<=/plans/)[\w-]+(?=\.md\b)"
)
_IN_DIAGNOSTICS = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
    r"|\b\d+(?:\.\d+)? ?ms\b"
    r"|(?<=\.tmp\.)\d+\.[0-9a-f]+"
    r"|(?<=/cc-socks/)[\w-]+(?=\.sock)"
)
"""Of stderr and noise."""


def essence(entry: Entry) -> bytes:
    """What recordings of the same behaviour agree on: an entry without `at` and volatile fields.

    Raises:
        CassetteError: The frame is damaged.
    """
    head = f"{entry.source} {entry.kind} ".encode()
    if entry.extra:
        head += encode_json(entry.extra)  # the name of an inventory stands for what it says
    if entry.source != CLI:
        return head + (entry.frame_bytes if entry.kind == "frame" else encode_json(entry.value))
    if entry.kind == "frame":
        return head + encode_json(_frame(entry.value))
    if isinstance(entry.value, str):
        return head + encode_json(_IN_DIAGNOSTICS.sub("*", entry.value))
    return head + encode_json(entry.value)


def same_header(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two headers differ in the date of the recording at most."""
    return {**one, "recorded": None} == {**other, "recorded": None}


def _frame(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _member(key, item) for key, item in value.items()}


def _member(key: str, value: Any) -> Any:
    if isinstance(value, str):
        if key in _TEXTS:
            return "*"
        return _IN_TEXT.sub("*", value) if ": " in value or "/plans/" in value else value
    if isinstance(value, (int, float)):
        volatile = type(value) is not bool and key not in _LIMITS and _NUMBERS.search(key)
        return 0 if volatile else value
    if isinstance(value, list):
        return [_member(key, item) for item in value]
    if isinstance(value, dict) and (key not in _TOOL_INPUTS or "hook_event_name" in value):
        return _frame(value)
    return value
