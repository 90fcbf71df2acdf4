"""Frames of a session as lines that a person can read: who said what, what was called, asked and decided."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

THEIRS, OURS, DENIED = "cyan", "bold green", "bold red"
LABEL_WIDTH = 13

Line = tuple[str, str, str]
"""Label, style of the label, text."""


class Transcript:
    """Prints the frames it is shown.

    - `console`: where to.
    - `cwd`: the session's folder; paths in it are printed without it.

    What the model and the CLI do has a plain label; what this program decides has one that begins with "your".
    """

    def __init__(self, console: Console, cwd: str) -> None:
        self._console = console
        self._cwd = cwd
        self._requests: dict[str, dict[str, Any]] = {}  # of the CLI, not yet answered

    def show(self, source: str, frame: dict[str, Any]) -> None:
        """Print what `frame`, sent by `source` ("host" or "cli"), means; nothing for housekeeping."""
        for label, style, text in self._from_host(frame) if source == "host" else self._from_cli(frame):
            indent = " " * LABEL_WIDTH
            lines = textwrap.wrap(text.replace(f"{self._cwd}/", ""), self._console.width - LABEL_WIDTH)
            self._console.print(Text.assemble((label.ljust(LABEL_WIDTH), style), f"\n{indent}".join(lines)))

    def _from_host(self, frame: dict[str, Any]) -> Iterator[Line]:
        if frame.get("type") == "user":
            yield "prompt", "bold", str(frame["message"]["content"])
        elif frame.get("type") == "control_response":
            response = frame["response"]
            request = self._requests.pop(response["request_id"], {})
            yield from _decision(request, response.get("response") or {})

    def _from_cli(self, frame: dict[str, Any]) -> Iterator[Line]:
        match frame.get("type"):
            case "control_request":
                self._requests[frame["request_id"]] = frame["request"]
            case "assistant":
                yield from _assistant(frame["message"]["content"])
            case "user":
                yield from _tool_results(frame["message"]["content"])
            case "result":
                outcome = "failed" if frame["is_error"] else "done"
                yield "result", "bold", f"{outcome}: {frame['num_turns']} turns, {frame['duration_ms']} ms as recorded"


def _assistant(blocks: list[dict[str, Any]]) -> Iterator[Line]:
    for block in blocks:
        if block["type"] == "text":
            yield "model", THEIRS, block["text"]
        elif block["type"] == "tool_use":
            yield "tool call", THEIRS, _call(block["name"], block["input"])


def _tool_results(content: str | list[dict[str, Any]]) -> Iterator[Line]:
    for block in content if isinstance(content, list) else ():
        if block["type"] == "tool_result":
            text = block["content"] if isinstance(block["content"], str) else _texts(block["content"])
            yield ("tool error" if block.get("is_error") else "tool result"), THEIRS, text


def _decision(request: dict[str, Any], answer: dict[str, Any]) -> Iterator[Line]:
    """What a callback of this program answered."""
    match request:
        case {"subtype": "hook_callback", "input": {"hook_event_name": event, "tool_name": tool}}:
            output = answer.get("hookSpecificOutput", {})
            decision = output.get("permissionDecision", "no opinion")
            reason = output.get("permissionDecisionReason")
            text = f"{event} {tool}: {decision}" + (f" ({reason})" if reason else "")
            yield "your hook", DENIED if decision == "deny" else OURS, text
        case {"subtype": "can_use_tool", "tool_name": tool}:
            behavior = answer["behavior"]
            yield "your policy", DENIED if behavior == "deny" else OURS, f"may it use {tool}? {behavior}"
        case {"subtype": "mcp_message", "message": {"method": "tools/call", "params": params}}:
            result = _texts(answer["mcp_response"]["result"]["content"])
            yield "your tool", OURS, f"{_call(params['name'], params['arguments'])} -> {result}"


def _call(name: str, given: dict[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={json.dumps(value)}' for key, value in given.items())})"


def _texts(blocks: list[dict[str, Any]]) -> str:
    return " ".join(block.get("text", f"[{block.get('type')}]") for block in blocks)
