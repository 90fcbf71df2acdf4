"""Hook matcher: which hooks of an event are about a tool, an agent, a source (wire-facts §5)."""

from __future__ import annotations

import re


def matches(matcher: str | None, name: str | None) -> bool:
    """Whether a matcher is about `name`: "Read|Write" or any regular expression for all of it; none is about all."""
    if name is None or matcher in (None, "", "*"):
        return True
    try:
        return re.fullmatch(matcher or "", name) is not None
    except re.error:
        return False
