"""Wire: frames as the bytes that the CLI writes.

Compact JSON, letters and emoji raw; what breaks lines or cannot be seen is escaped, and so are lone surrogates
(wire-facts §1), so a reader that splits on Unicode's line breaks survives.
"""

from __future__ import annotations

import re
from json import JSONEncoder, encoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ENCODER = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_make_pieces = getattr(encoder, "c_make_encoder", None)  # CPython's own, None elsewhere
# `JSONEncoder.encode` makes one of these for each value, which costs as much as writing a short frame.  It would be
# given the same: no check for circles, no indent, keys as they come, NaN allowed.
_pieces = _make_pieces and _make_pieces(
    None, _ENCODER.default, encoder.encode_basestring, None, ":", ",", False, False, True
)

# C1 controls and DEL, format characters (Unicode category Cf as far as it occurs in text), line separators, surrogates.
_ESCAPED = (
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb]"
)

_PREPARED: dict[bytes, bytes] = {}
_PLACE = b'"\\u0000'  # how a stand-in begins in JSON


def prepared(name: str, value: Any) -> str:
    """A stand-in for a value that never changes, by a name of its own; its JSON is made once in a process.

    Lists that each session says again are most of what a short conversation writes.
    """
    key = name.encode()
    if key not in _PREPARED:
        _PREPARED[key] = _escaped(_encode(value)).encode()
    return f"\0{name}"


def _encode(value: Any) -> str:
    return "".join(_pieces(value, 0)) if _pieces is not None else _ENCODER.encode(value)


def dumps(frame: Any, quick: Callable[[Any], bytes] | None = None) -> bytes:
    """One frame, without its line end.

    - `quick`: a faster writer of the same compact JSON, which raises `TypeError` for what it cannot write.
    """
    line = _escaped(_encode(frame)).encode() if quick is None else _quickly(frame, quick)
    return _filled(line) if _PLACE in line else line


def _quickly(frame: Any, quick: Callable[[Any], bytes]) -> bytes:
    try:
        line = quick(frame)
    except TypeError:
        return _escaped(_encode(frame)).encode()
    return line if line.isascii() and b"\x7f" not in line else _escaped(line.decode()).encode()


def _filled(line: bytes) -> bytes:
    """JSON with the prepared values in place of their names."""
    first, *places = line.split(_PLACE)
    parts = [first]
    for place in places:
        name, quote, rest = place.partition(b'"')
        parts += (_PREPARED[name], rest) if name in _PREPARED else (_PLACE, name, quote, rest)
    return b"".join(parts)


def _escaped(text: str) -> str:
    if not text.isascii():
        return re.sub(_ESCAPED, lambda found: f"\\u{ord(found.group()):04x}", text)
    return text.replace("\x7f", "\\u007f") if "\x7f" in text else text
