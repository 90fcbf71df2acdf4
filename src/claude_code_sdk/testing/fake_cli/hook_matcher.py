"""Hook matcher: which hooks of an event are about a tool, an agent, a source (wire-facts §5)."""

from __future__ import annotations

from ...protocol.later import re

FORMER_NAMES = {"Agent": "Task"}
"""Names that tools had before, by which matchers may still name them."""


def matches(matcher: str | None, name: str | None) -> bool:
    """Whether a matcher is about `name`: "Read|Write" or any regular expression for all of it; none is about all."""
    if name is None or matcher in (None, "", "*"):
        return True
    try:
        return any(re.fullmatch(matcher or "", called) is not None for called in (name, FORMER_NAMES.get(name, name)))
    except re.error:
        return False
