"""The scripted fake CLI: what the real one does on the wire, from a script of what the model says."""

from __future__ import annotations

from .engine import FakeCLI

__all__ = ["FakeCLI"]
