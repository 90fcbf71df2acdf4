"""Whether bytes can hold a secret at all: the question that is asked of every frame, so that few are searched.

Above: scrubber.py, residues.py.  Below: rules.py, values.py, people.py give the literals.  Thirty to a hundred
literals are looked for, in lower case, in a text from which what is frequent and stands in hardly any literal was
taken out, of the literals as well: that leaves half of the bytes, and one `in` costs by the byte.  Keys that hold long
runs of letters and digits are found without literals, as runs: every such byte becomes an `a`, and a search for 25 of
them in a row skips 25 bytes at a time.  Both are translations in C; together 6 µs for a frame of 800 bytes, where one
alternation of all literals takes 30.

It may say yes where there is nothing; it says no only where no rule finds anything, which a test tries with every
vector.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = bytes.maketrans(_LETTERS, _LETTERS.lower())
_FREQUENT = b"0123456789{}[],en\n"


def _runs_of(more: bytes) -> bytes:
    word = _LETTERS + _LETTERS.lower() + b"0123456789" + more
    return bytes(0x61 if byte in word else 0x20 for byte in range(256))


_BASE64 = _runs_of(b"+/")
_WORD = _runs_of(b"-_")
_BASE64_RUN = b"a" * 25
_WORD_RUN = b"a" * 37
"""One more than a UUID has."""


# A character that is rare, and what makes it a reason to look.
_MARKS = (
    (b"@", re.compile(rb"[A-Za-z0-9._%+-]@[A-Za-z0-9\[]|:[^\s@\"]+@")),
    (b"%", re.compile(rb"%[0-9A-Fa-f]{2}")),
    (b"~", re.compile(rb"~[a-z_][a-z0-9_-]{2,31}/")),
)


class Prefilter:
    """`suspicious(data)` of one set of literals; `always` if some rule has none."""

    __slots__ = ("_always", "_literals")

    def __init__(self, literals: Iterable[str], *, always: bool = False) -> None:
        folded = {literal.encode("utf-8", "surrogatepass").translate(_LOWER, _FREQUENT) for literal in literals}
        # One that is part of another finds whatever that would.
        shortest = sorted(folded, key=len)
        self._literals = [
            literal for i, literal in enumerate(shortest) if not any(short in literal for short in shortest[:i])
        ]
        self._always = always or b"" in folded

    def suspicious(self, data: bytes) -> bool:
        """Whether `data`, in UTF-8, with the escapes of JSON or without, has to be searched."""
        if self._always:
            return True
        for mark, pattern in _MARKS:
            if mark in data and pattern.search(data):
                return True
        folded = data.translate(_LOWER, _FREQUENT)
        for literal in self._literals:
            if literal in folded:
                return True
        return has_long_run(data)


def has_long_run(data: bytes) -> bool:
    """Whether there are 25 of `[A-Za-z0-9+/]` or 37 of `[A-Za-z0-9_-]` in a row."""
    return _BASE64_RUN in data.translate(_BASE64) or _WORD_RUN in data.translate(_WORD)
