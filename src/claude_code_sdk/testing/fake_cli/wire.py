"""Wire: frames as the bytes that the CLI writes.

Compact JSON, letters and emoji raw; what breaks lines or cannot be seen is escaped, and so are lone surrogates
(wire-facts §1), so a reader that splits on Unicode's line breaks survives.  A number that JSON has not is `null`, as
JavaScript writes it.
"""

from __future__ import annotations

from ...protocol.bare_json import writer
from ...protocol.codec import json_loads
from ...protocol.later import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_encode = writer(ascii_only=False)

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


def dumps(frame: Any) -> bytes:
    """One frame, without its line end."""
    try:
        text = _encode(frame)
    except ValueError:
        text = _encode(_finite(frame))
    line = _escaped(text).encode()
    return _filled(line) if _PLACE in line else line


class Json:
    """How a fake reads and writes its lines: by the standard library, or faster where its process has something.

    - `loads`: decodes a line; raises `ValueError` when it is not JSON.
    - `quick_dumps`: writes compact JSON as UTF-8; raises `TypeError` for what it does not know, which is then written
      by the standard library.
    """

    __slots__ = ("_quick_dumps", "loads")

    def __init__(
        self,
        loads: Callable[[bytes | bytearray], Any] = json_loads,
        quick_dumps: Callable[[Any], bytes] | None = None,
    ) -> None:
        self.loads = loads
        self._quick_dumps = quick_dumps

    def dumps(self, frame: Any) -> bytes:
        """One frame, without its line end."""
        if self._quick_dumps is None:
            return dumps(frame)
        try:
            line = self._quick_dumps(frame)
        except TypeError:
            return dumps(frame)
        if not line.isascii() or b"\x7f" in line:
            line = _escaped(line.decode()).encode()
        return _filled(line) if _PLACE in line else line


def _finite(value: Any) -> Any:
    """A value with None for the numbers that JSON has not."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and value - value != 0 else value


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
        if text.isprintable():  # what is escaped is not
            return text
        return re.sub(_ESCAPED, lambda found: f"\\u{ord(found.group()):04x}", text)
    return text.replace("\x7f", "\\u007f") if "\x7f" in text else text
