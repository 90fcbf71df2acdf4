"""Tools: what the CLI knows of each of its own tools, one file a family; `built_in.py` has them all."""

from __future__ import annotations

from .base import Ran, Tool

__all__ = ["Ran", "Tool"]
