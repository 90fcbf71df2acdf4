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
    at = _expect(text, _skip(text, 0), "{")
    if text[at : at + 1] != "}":
        while True:
            if text[at : at + 1] != '"':
                raise JSONDecodeError("expected a key", text, at)
            key, after = JSON.raw_decode(text, at)
            if key in found:
                raise JSONDecodeError(f'"{key}" stands there twice', text, at)
            start = _expect(text, _skip(text, after), ":")
            value, end = JSON.raw_decode(text, start)
            found[key] = Member(value, _bytes_in(text, start), _bytes_in(text, end), start + 1)
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


def _bytes_in(text: str, characters: int) -> int:
    return characters if text.isascii() else len(text[:characters].encode("utf-8"))
