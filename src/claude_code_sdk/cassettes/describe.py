"""Frames and entries in a few words, for the texts of `mismatch.py`.

Above: `mismatch.py`, `plan.py`.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .cassette import Entry

_SHOWN_TEXT = 60
_SHOWN_NAMES = 8


def describe_exchange(body: Mapping[str, Any]) -> str:
    """What the CLI asked: `can_use_tool (Bash)`, `hook_callback (Stop)`, `mcp_message (kit, tools/call greet)`."""
    subtype = str(body.get("subtype"))
    details: list[Any] = []
    if subtype == "can_use_tool":
        details = [body.get("tool_name")]
    elif subtype == "hook_callback":
        given = _mapping(body.get("input"))
        details = [given.get("hook_event_name"), given.get("tool_name")]
    elif subtype == "mcp_message":
        message = _mapping(body.get("message"))
        called = _mapping(message.get("params")).get("name") if message.get("method") == "tools/call" else None
        method = " ".join(str(part) for part in (message.get("method"), called) if part)
        details = [body.get("server_name"), method]
    named = ", ".join(str(detail) for detail in details if detail)
    return f"{subtype} ({named})" if named else subtype


def describe_host_frame(frame: Mapping[str, Any] | None, asked: Mapping[str, Any] | None = None) -> str:
    """What the host does with a frame; `asked` is the request that it answers, `None` for a frame means a line that
    is not JSON."""
    if frame is None:
        return "host sends a line that is not a JSON object"
    kind = frame.get("type")
    if kind == "control_request":
        subtype = _mapping(frame.get("request")).get("subtype")
        return f"host requests {subtype}" if subtype else "host sends a control_request without a subtype"
    if kind == "control_response":
        return f"host answers {describe_exchange(asked)}" if asked else "host answers a request"
    if kind == "control_cancel_request":
        return "host withdraws a request"
    said = prompt_text(frame)
    return f"host sends {kind}" if said is None else f"host sends {kind} {said}"


def describe_host_entry(entry: Entry, asked: Mapping[str, Any] | None = None) -> str:
    """What the recorded host did."""
    if entry.kind == "spawn":
        return "host starts the CLI"
    if entry.kind == "eof":
        return "host closes its input"
    if entry.kind == "signal":
        return f"host sends {entry.value}"
    return describe_host_frame(entry.value if entry.kind == "frame" else None, asked)


def prompt_text(frame: Mapping[str, Any]) -> str | None:
    """The text of a user frame, quoted and cut."""
    content = _mapping(frame.get("message")).get("content")
    if isinstance(content, list):
        texts = [block.get("text") for block in content if isinstance(block, dict)]
        content = " ".join(text for text in texts if isinstance(text, str)) or None
    if not isinstance(content, str):
        return None
    text = " ".join(content.split())
    return f'"{text[:_SHOWN_TEXT]}…"' if len(text) > _SHOWN_TEXT else f'"{text}"'


def name_of(entry: Entry) -> str:
    """One word or two for an entry in a list of what is left."""
    if entry.kind != "frame":
        return f"exit {entry.value}" if entry.kind == "exit" else entry.kind
    frame = entry.value
    kind = str(frame.get("type"))
    if kind == "control_request":
        return describe_exchange(_mapping(frame.get("request"))).partition(" (")[0]
    if kind == "control_response":
        return "answer"
    if kind == "control_cancel_request":
        return "cancel"
    subtype = frame.get("subtype") if kind == "system" else None
    return f"{kind}/{subtype}" if subtype else kind


def list_names(entries: Iterable[Entry]) -> str:
    """Names of entries, repetitions counted, a long list cut: `user, stream_event x3, assistant, and 4 more`."""
    names: list[str] = []
    counts: list[int] = []
    for entry in entries:
        name = name_of(entry)
        if names and names[-1] == name:
            counts[-1] += 1
        else:
            names.append(name)
            counts.append(1)
    shown = [name if count == 1 else f"{name} x{count}" for name, count in zip(names, counts, strict=True)]
    if len(shown) > _SHOWN_NAMES:
        left = sum(counts[_SHOWN_NAMES:])
        shown = [*shown[:_SHOWN_NAMES], f"and {left} more"]
    return ", ".join(shown)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
