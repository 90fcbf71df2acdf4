"""Fixtures of tests that start processes."""

from __future__ import annotations

from tests.transports.conftest import nothing_left, short_graces

__all__ = ["nothing_left", "short_graces"]
