"""Matchers as a project has them, for processes of their own to import."""

from __future__ import annotations

from typing import Any


def any_case(recorded: dict[str, Any], live: dict[str, Any]) -> None:
    """Prompts may differ in their case."""
    if live["type"] == "user":
        said, expected = live["message"]["content"], recorded["message"]["content"]
        if said.lower() != expected.lower():
            raise AssertionError(f"said {said!r} instead of {expected!r}")


def broken(recorded: dict[str, Any], live: dict[str, Any]) -> None:
    """Has a defect."""
    raise ZeroDivisionError("in the matcher")
