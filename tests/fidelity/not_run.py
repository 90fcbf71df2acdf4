"""Which scenarios cannot run on the fake, and why.

Above: `__main__.py`.
"""

from __future__ import annotations

from .legs import LEGS

OURS = {
    "long_text_default_limit": "the recorded program ends at a limit that only the official SDK has",
}
"""On the legs of this SDK."""


def reason(scenario: str, leg: str) -> str:
    """Why a scenario does not run on a leg; empty when it does."""
    return "" if LEGS[leg].official else OURS.get(scenario, "")
