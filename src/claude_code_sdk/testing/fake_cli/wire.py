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
_ESCAPED = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


_PREPARED: dict[str, str] = {}
_PLACE = re.compile(r'"\\u0000([\w.]+)"')


def prepared(name: str, value: Any) -> str:
    """A stand-in for a value that never changes, by a name of its own; its JSON is made once in a process.

    Lists that each session says again are most of what a short conversation writes.
    """
    if name not in _PREPARED:
        _PREPARED[name] = _encode(value)
    return f"\0{name}"


def _fill(found: re.Match[str]) -> str:
    return _PREPARED.get(found.group(1), found.group())


def dumps(frame: Any) -> bytes:
    """One frame, without its line end."""
    text = _encode(frame)
    if "\\u0000" in text:
        text = _PLACE.sub(_fill, text)
    if not text.isascii():
        text = _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    elif "\x7f" in text:
        text = text.replace("\x7f", "\\u007f")
    return text.encode()
