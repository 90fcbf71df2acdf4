"""The script that the fake gets: the model's replies, and what the world answered on the real CLI.

Nothing else of a scenario: the fake derives what the CLI does.  The rule is that of the shared `harness/measure.py`;
MCP servers outside the program are the world too (`outside.py`).  Above: `case.py`.  Below: `outside.py`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .outside import Outside

# fmt: off
WORLDLY = frozenset([
    "Bash", "Read", "Write", "Edit", "NotebookEdit", "Glob", "Grep", "WebFetch", "WebSearch", "ToolSearch", "Monitor",
    "CronList", "Skill",
])
# fmt: on
"""Built-in tools whose answers come from the machine.  Tools of the program and sub-agents are the fake's to answer."""


def script_of(scenario: types.ModuleType, wires: list[Path]) -> dict[str, Any]:
    """The script in its JSON form; `scenario` has MODEL and maybe AUX and MAIN_WITHOUT_TOOLS."""
    outside = Outside([frame for wire in wires for frame in frames_from_cli(wire)])
    script: dict[str, Any] = {"script": 1, "turns": scenario.MODEL, "tool_results": tool_results(wires, outside)}
    if servers := outside.servers():
        script["mcp_servers"] = servers
    if getattr(scenario, "AUX", None):
        script["aux"] = scenario.AUX
    if getattr(scenario, "MAIN_WITHOUT_TOOLS", False):
        script["main_without_tools"] = True
    return script


def tool_results(wires: list[Path], outside: Outside) -> dict[str, dict[str, Any]]:
    """What the world's tools answered, by tool-use id, where they really ran: denials and refusals are not its."""
    results: dict[str, dict[str, Any]] = {}
    for wire in wires:
        names: dict[str, str] = {}
        for frame in frames_from_cli(wire):
            if frame.get("type") == "assistant":
                names |= {block["id"]: block["name"] for block in _blocks(frame) if block.get("type") == "tool_use"}
            elif frame.get("type") == "user":
                ran = {meta["id"] for meta in frame.get("tool_result_meta") or [] if _was_accepted(meta)}
                for block in _blocks(frame):
                    tool = str(block.get("tool_use_id"))
                    if block.get("type") != "tool_result" or tool not in ran:
                        continue
                    if outside.has(names.get(tool, "")):
                        results[tool] = outside.answer(block, frame.get("tool_use_result"))
                    elif names.get(tool, "") in WORLDLY:
                        results[tool] = {key: block[key] for key in ("content", "is_error") if key in block}
                        if "tool_use_result" in frame:
                            results[tool]["tool_use_result"] = frame["tool_use_result"]
    return results


def frames_from_cli(wire: Path) -> Iterator[dict[str, Any]]:
    """The CLI's frames of one wire; lines that are no JSON objects are left out."""
    for line in wire.read_bytes().decode("utf-8", "surrogateescape").split("\n"):
        if not line:
            continue
        record = json.loads(line)
        if record["dir"] != "from_cli" or not isinstance(record["line"], str):
            continue
        try:
            frame = json.loads(record["line"])
        except ValueError:
            continue
        if isinstance(frame, dict):
            yield frame


def _was_accepted(meta: dict[str, Any]) -> bool:
    return bool((meta.get("permission_decision") or {}).get("decision") == "accept")


def _blocks(frame: dict[str, Any]) -> list[dict[str, Any]]:
    message = frame.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
