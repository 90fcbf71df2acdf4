"""Blocks of a scripted model's reply, as `MODEL` of a scenario has them."""

from __future__ import annotations

from typing import Any


def text(words: str) -> dict[str, Any]:
    """The model says something."""
    return {"type": "text", "text": words}


def tool_use(name: str, tool: str, /, **given: Any) -> dict[str, Any]:
    """The model calls `tool` with the arguments `given`; the call's id is `toolu_<name>`."""
    return {"type": "tool_use", "id": f"toolu_{name}", "name": tool, "input": given}
