"""The members of one JSON object with their places in the line.

Above: jsonl.py, which needs to know *where* a frame stands, so that a line in any valid writing still yields the frame
byte for byte.  Below: json's scanner.  On the fake path.
"""

from __future__ import annotations

import re
from json import JSONDecodeError

from .cassette import JSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")

_SHOWN = 100  # characters of a key in an error


class Member:
    """One `key: value` of an object: the decoded `value`, its bytes `line[start:end]`, its 1-based `column`."""

    __slots__ = ("column", "end", "start", "value")

    def __init__(self, value: Any, start: int, end: int, column: int) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.column = column


def members(line: bytes) -> dict[str, Member]:
    """The members of the JSON object that `line` is.

    Raises:
        JSONDecodeError: It is not one JSON object, or has a key twice; `pos` counts characters.
        UnicodeDecodeError: It is not UTF-8.
    """
    text = line.decode("utf-8")
    found: dict[str, Member] = {}
    bytes_before = _Bytes(text)
    at = _expect(text, _skip(text, 0), "{")
    if text[at : at + 1] != "}":
        while True:
            if text[at : at + 1] != '"':
                raise JSONDecodeError("expected a key", text, at)
            key, after = JSON.raw_decode(text, at)
            if key in found:
                raise JSONDecodeError(f'"{key[:_SHOWN]}" stands there twice', text, at)
            start = _expect(text, _skip(text, after), ":")
            value, end = JSON.raw_decode(text, start)
            found[key] = Member(value, bytes_before(start), bytes_before(end), start + 1)
            at = _skip(text, end)
            if text[at : at + 1] == "}":
                break
            at = _expect(text, at, ",")
    at = _skip(text, at + 1)
    if at != len(text):
        raise JSONDecodeError("more after the object", text, at)
    return found


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, character: str) -> int:
    """The place after `character`, which must stand at `at`, and after the white space that follows it."""
    if text[at : at + 1] != character:
        raise JSONDecodeError(f"expected {character!r}", text, at)
    return _skip(text, at + 1)


class _Bytes:
    """Places in a text, asked for in rising order -> places in its UTF-8.  Each character is looked at once: a line may
    have a hundred thousand members."""

    __slots__ = ("_at", "_bytes", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._bytes = 0

    def __call__(self, at: int) -> int:
        self._bytes += at - self._at if self._text.isascii() else len(self._text[self._at : at].encode("utf-8"))
        self._at = at
        return self._bytes
