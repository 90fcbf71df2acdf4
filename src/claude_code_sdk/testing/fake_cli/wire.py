"""Wire: frames as the bytes that the CLI writes.

Compact JSON, letters and emoji raw; what breaks lines or cannot be seen is escaped, and so are lone surrogates
(wire-facts §1), so a reader that splits on Unicode's line breaks survives.
"""

from __future__ import annotations

import re
from json import JSONEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_encode = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode

# C1 controls and DEL, format characters (Unicode category Cf as far as it occurs in text), line separators, surrogates.
_ESCAPED = (
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb]"
)

_PREPARED: dict[str, str] = {}
_PLACE = '"\\u0000'  # how a stand-in begins in JSON


def prepared(name: str, value: Any) -> str:
    """A stand-in for a value that never changes, by a name of its own; its JSON is made once in a process.

    Lists that each session says again are most of what a short conversation writes.
    """
    if name not in _PREPARED:
        _PREPARED[name] = _escaped(_encode(value))
    return f"\0{name}"


def dumps(frame: Any) -> bytes:
    """One frame, without its line end."""
    text = _escaped(_encode(frame))
    if _PLACE in text:
        text = _filled(text)
    return text.encode()


def _filled(text: str) -> str:
    """JSON with the prepared values in place of their names."""
    first, *places = text.split(_PLACE)
    parts = [first]
    for place in places:
        name, quote, rest = place.partition('"')
        parts.append(f"{_PREPARED[name]}{rest}" if name in _PREPARED else f"{_PLACE}{name}{quote}{rest}")
    return "".join(parts)


def _escaped(text: str) -> str:
    if not text.isascii():
        return re.sub(_ESCAPED, lambda found: f"\\u{ord(found.group()):04x}", text)
    return text.replace("\x7f", "\\u007f") if "\x7f" in text else text
