"""How values, and what is expected of them, are written in the texts of failed assertions.

Above: `failure_text.py`, `expected.py`.  Below: nothing.
"""

from __future__ import annotations

import os
from typing import Any

SHOWN = 100
"""Characters of a value that are shown."""

BEFORE = 20
"""Characters that two long texts have in common and that are shown before they part."""


def expectation(value: Any) -> str:
    """An expected value: its `repr`, but "anything", and the place of a function instead of its address."""
    if value is ...:
        return "anything"
    if isinstance(value, type):
        return value.__name__
    code = getattr(value, "__code__", None)
    if code is not None:
        return f"{value.__name__} of {os.path.basename(code.co_filename)}:{code.co_firstlineno}"
    if type(value) is dict:
        return f"{{{', '.join(f'{key!r}: {expectation(member)}' for key, member in value.items())}}}"
    if type(value) is list:
        return f"[{', '.join(map(expectation, value))}]"
    return repr(value)


def shortened(text: str, limit: int = SHOWN) -> str:
    """`text`, or its beginning and how many characters are left out."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more)"


def two_values(expected: Any, value: Any) -> tuple[str, str]:
    """An expected value and the one that is there, so short that they can be compared, from where they part."""
    if isinstance(expected, str) and isinstance(value, str) and max(len(expected), len(value)) > SHOWN:
        pairs = zip(expected, value, strict=False)
        same = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(expected), len(value)))
        start = max(0, same - BEFORE)
        return _from(expected, start), _from(value, start)
    return shortened(expectation(expected)), shortened(repr(value))


def _from(text: str, start: int) -> str:
    return f"{'…' if start else ''}{shortened(repr(text[start:]))}"
