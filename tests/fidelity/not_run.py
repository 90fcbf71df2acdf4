"""Which scenarios cannot run on the fake, and why.

The script of a case has what `measure.py` gives it, and no more.  Above: `__main__.py`.
"""

from __future__ import annotations

from .legs import LEGS

STDIO = "it needs an MCP server of its own, which the fake never starts; a script that has the server is not given here"

REASONS = {
    "mcp_stdio": STDIO,
    "mcp_stdio_mixed": STDIO,
}

OURS = {
    "long_text_default_limit": "the recorded program ends at a limit that only the official SDK has",
}
"""On the legs of this SDK."""


def reason(scenario: str, leg: str) -> str:
    """Why a scenario does not run on a leg; empty when it does."""
    return REASONS.get(scenario) or ("" if LEGS[leg].official else OURS.get(scenario, ""))
