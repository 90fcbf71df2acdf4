"""The values of secret-looking environment variables, in every spelling in which they may stand somewhere.

Above: search.py, prefilter.py.  Below: plausible.py (which values count).  A value is looked for plain, as JSON in a
string and twice so, URL-encoded, in hexadecimal, and base64-encoded at each of the three places within a group, which
also finds `user:value`.
"""

from __future__ import annotations

import re
from json import dumps

from . import plausible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|PASSCODE|CREDENTIAL|AUTH|COOKIE|(?:^|_)(?:PASS|PWD|PAT|DSN|PIN)(?:_|$)"
)
_OTHER_NAME = re.compile(
    r"_(?:FILE|PATH|DIR|SOCK|URL|URI|HOST|PORT|USER|USERNAME|NAME|TYPE|MODE|METHOD|ENABLED|DISABLED|TTL|TIMEOUT|COUNT"
    r"|LIMIT|SIZE|VERSION|REGION|EMAIL|COMMAND|CMD|HELPER|PROVIDER)$|TOKENS$|^(?:OLD)?PWD$|KEYBOARD|KEYMAP|MONKEY|AUTHOR"
    r"|XAUTHORITY|AUTHSOCK"
)
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Value -> name of its variable, for those whose name promises a secret and whose value may be one."""
    found: dict[str, str] = {}
    for name, value in environment.items():
        upper = name.upper()
        if _SECRET_NAME.search(upper) and not _OTHER_NAME.search(upper) and plausible.variable_value(value):
            found.setdefault(value, name)
    return found


class Values:
    """Finds the values of one environment in texts.

    - `literals`: texts of which one stands in JSON wherever a value does, apart from encoded forms that hold
      25 letters and digits in a row.
    """

    __slots__ = ("_encoded", "_pattern", "literals")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._encoded: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        literals: dict[str, None] = {}
        spellings: dict[str, None] = {}
        for value in secret_values(environment):
            for spelling in _plain(value):
                spellings[spelling] = None
            longest = max(_PLAIN_RUN.findall(value), key=len, default="")
            for literal in [longest] if len(longest) >= 4 else [_json(v) for v in _plain(value)]:
                literals[literal] = None
            for spelling in _encoded(value):
                self._encoded[spelling] = value
                if len(spelling) < 25 or not _PLAIN_RUN.fullmatch(spelling.replace("+", "").replace("/", "")):
                    literals[spelling] = None
        self.literals = tuple(literals)
        if spellings:
            longest_first = sorted([*spellings, *self._encoded], key=len, reverse=True)
            self._pattern = re.compile("|".join(_bounded(text) for text in longest_first))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a value stands in `text`; of an encoded one, the whole of what is encoded together with it."""
        if self._pattern is None:
            return
        for found in self._pattern.finditer(text):
            start, end = found.span()
            if found[0] in self._encoded and not found[0].isspace():
                start, end = encoded_run(text, start, end)
            yield start, end


def encoded_run(text: str, start: int, end: int) -> tuple[int, int]:
    """The run of base64 around `text[start:end]`."""
    while start and text[start - 1] in _BASE64:
        start -= 1
    while end < len(text) and text[end] in _BASE64:
        end += 1
    return start, min(len(text), end + len(text[end : end + 2]) - len(text[end : end + 2].lstrip("=")))


def _bounded(text: str) -> str:
    """A value of letters alone is not looked for inside of words."""
    return rf"(?<![A-Za-z]){re.escape(text)}(?![A-Za-z])" if text.isalpha() and len(text) < 16 else re.escape(text)


def _plain(value: str) -> list[str]:
    """The value as it is, in JSON, and URL-encoded in the usual ways."""
    from urllib.parse import quote, quote_plus

    escaped = _json(value)
    spellings = [value, escaped, _json(escaped), dumps(value)[1:-1], _json(dumps(value)[1:-1])]
    data = value.encode("utf-8", "surrogateescape")
    for quoted in (quote(data), quote(data, safe=""), quote_plus(data), quote(data, safe="!*'()~")):
        spellings += [quoted, re.sub("%..", lambda found: found[0].lower(), quoted)]
    return spellings


def _encoded(value: str) -> list[str]:
    """What is sure to stand in base64 or hexadecimal of anything that holds the value."""
    from base64 import b64encode

    data = value.encode("utf-8", "surrogateescape")
    spellings = [data.hex(), data.hex().upper()]
    for before in range(3):
        text = b64encode(bytes(before) + data).decode().rstrip("=")
        first = (0, 2, 3)[before]
        last = len(text) - (0 if (before + len(data)) % 3 == 0 else 1)
        inner = text[first:last]
        spellings += [inner, inner.replace("+", "-").replace("/", "_")]
    return [spelling for spelling in spellings if len(spelling) >= 8]


def _json(text: str) -> str:
    return dumps(text, ensure_ascii=False)[1:-1]
