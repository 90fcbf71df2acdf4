"""What stands in a cassette where a secret stood.

Above: rules.py (each rule has a shape), search.py, live.py, the matcher (`holds_pseudonym`).  A pseudonym keeps the
public beginning of its secret, its alphabet and mostly its length, and says that it is one: `REDACTED` and a number,
`redacted` where letters are lower case, `defaced` where they are hexadecimal.

A shape is a function `(secret, number) -> pseudonym`.  What it makes is left alone when it is found again, which needs
`shape(shape(secret, n), n) == shape(secret, n)`, and is what keeps a secret from posing as a pseudonym: of a text with
the mark and the number n only the one that the shape gives for n is taken for a pseudonym.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Shape: TypeAlias = Callable[[str, int], str]

MARKS = (b"REDACTED", b"redacted", b"defaced")
"""One of these stands in every pseudonym."""

_NUMBERED = re.compile(r"(?:REDACTED|redacted|defaced)([1-9][0-9]{0,8})")
_NUMBERED_BYTES = re.compile(rb"(?:REDACTED|redacted|defaced)([1-9][0-9]{0,8})")


def filled(secret: str, number: int) -> str:
    """As long as the secret: `REDACTED1xxxxxxxx`."""
    return f"REDACTED{number}".ljust(len(secret), "x")


def capitals(secret: str, number: int) -> str:
    """The same in an alphabet without lower case: `REDACTED1XXXXXXX`."""
    return f"REDACTED{number}".ljust(len(secret), "X")


def hexadecimal(secret: str, number: int) -> str:
    """The same in hexadecimal digits: `defaced1ffffffff`."""
    return f"defaced{number}".ljust(len(secret), "f")


def bare(secret: str, number: int) -> str:
    """`REDACTED1`, however long the secret: where its length depends on chance."""
    return f"REDACTED{number}"


def name(secret: str, number: int) -> str:
    """`redacted1`, for the name of a user: the same in the CLI's dash-encoded form."""
    return f"redacted{number}"


def email(secret: str, number: int) -> str:
    """An address in a domain that is nobody's (RFC 2606)."""
    return f"redacted{number}@example.com"


def json_web_token(secret: str, number: int) -> str:
    """One that can be decoded, with nothing in it and no signature."""
    from base64 import urlsafe_b64encode

    payload = urlsafe_b64encode(b'{"sub":"REDACTED%d"}' % number).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{payload}.REDACTED{number}"


def number_of(text: str, shape: Shape) -> int:
    """The number of the pseudonym that `text` is, 0 if it is none of that shape."""
    found = _NUMBERED.search(text)
    if found is None:
        return 0
    number = int(found[1])
    return number if shape(text, number) == text else 0


def highest_number(data: bytes) -> int:
    """The highest number of a pseudonym in `data`."""
    return max((int(number) for number in _NUMBERED_BYTES.findall(data)), default=0)


def holds_pseudonym(data: bytes) -> bool:
    """Whether there may be a pseudonym in `data` (0.3 µs for a short frame); if not, no secret was replaced in it."""
    return any(mark in data for mark in MARKS)


class Pseudonyms:
    """Which secret of an episode has which number: they count up in the order of first sight."""

    __slots__ = ("_counts", "_given", "_last")

    def __init__(self, after: int = 0) -> None:
        """`after`: numbers begin behind it."""
        self._last = after
        self._given: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    def number(self, secret: str, rule: str) -> int:
        """The number of a secret, that the rule of that name has found."""
        number = self._given.get(secret)
        if number is None:
            self._last = number = self._given[secret] = self._last + 1
            self._counts[rule] = self._counts.get(rule, 0) + 1
        return number

    def seen(self, number: int) -> None:
        """A pseudonym that is there already; its number is not given from now on."""
        self._last = max(self._last, number)

    @property
    def counts(self) -> dict[str, int]:
        """How many different secrets each rule has found."""
        return self._counts


# Of a token all is replaced that decides nothing; what fills a pseudonym up depends on the length of its secret.
_ANY = re.compile(
    r"(?:eyJhbGciOiJub25lIn0\.[A-Za-z0-9_-]+\.)?(REDACTED|redacted|defaced)([1-9][0-9]{0,8})(?:x+|X+|f+)?"
)


def canonical(text: str) -> str:
    """`text` with its pseudonyms numbered by first sight and without what fills them up, so that texts are equal that
    differ in their secrets alone."""
    numbers: dict[str, int] = {}
    return _ANY.sub(lambda found: f"{found[1]}{numbers.setdefault(found[2], len(numbers) + 1)}", text)
