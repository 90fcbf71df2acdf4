"""Functions that answer for tools, importable by another process."""

from __future__ import annotations

from typing import Any


def listing(given: dict[str, Any]) -> str:
    return f"listing of {given.get('path', given.get('description'))}"
