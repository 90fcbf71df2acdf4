"""Whether bytes can hold a secret at all: the question that is asked of every frame, so that few are searched.

Above: scrubber.py, search.py.  Below: rules.py, values.py, people.py give the literals.

Of each literal four bytes in a row are chosen that are rare.  Literals share eight buckets, a bit each.  Four
translations say of every byte in which buckets it may be the first, the second, the third, the fourth of those
four; shifted over one another and ANDed as big integers, they are zero unless some bucket has all four.  So the
cost does not depend on how many literals there are: 5 ns a byte, where one alternation of forty takes 36 and one
`in` for each of them 22.  (Hyperscan's "Teddy" does this with the bytes of a vector register.)

Keys that hold long runs of letters and digits are found as runs, without literals: every such byte becomes an `a`,
and a search for 25 of them in a row skips 25 bytes at a time.

It may say yes where there is nothing; it says no only where no rule finds anything, which a test tries with every
vector.
"""

from __future__ import annotations

import re
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Window: TypeAlias = list[frozenset[int]]

_WIDTH = 4
_BUCKETS = 8

# A character that is rare, and what makes it a reason to look.
_MARKS = (
    (b"@", re.compile(rb"[A-Za-z0-9._%+-]@[A-Za-z0-9\[]|:[^\s@\"]+@")),
    (b"%", re.compile(rb"%[0-9A-Fa-f]{2}")),
    (b"~", re.compile(rb"~[a-z_][a-z0-9_-]{2,31}/|[0-9]Q~")),
)

# What is usual in frames: how often one byte follows another is counted here.
_USUAL = (
    b'{"type":"assistant","message":{"id":"msg_01xfdudyjgaaczvnptvvoyel","type":"message","role":"assistan'
    b't","model":"claude-opus-5-5","content":[{"type":"text","text":"the session of the frame is not in th'
    b"e channel and it was read with a transport for the engine, as a message that the permission callback"
    b" has to be on by the dispatcher; this is what you will have from our test, which can be run again or"
    b" edited when there are errors in the first file of the project and so we should look at each one bef"
    b'ore making changes to its class or function names, then return the value."}],"stop_reason":null,"sto'
    b'p_sequence":null,"usage":{"input_tokens":102,"cache_creation_input_tokens":0,"cache_read_input_token'
    b's":0,"output_tokens":1,"service_tier":"standard"},"context_management":null},"parent_tool_use_id":nu'
    b'll,"session_id":"f805a4e3-3c08-444d-aa9c-3bc2077cf7ed","uuid":"0b9c1a2d-7e6f-4835-b1c2-d3e4f5a60718"'
    b',"timestamp":"2026-11-22t22:44:16.900z","request_id":"req_011crv1w3xjx8wwzd4tqdfks","tool_use_result'
    b'":{"stdout":"","stderr":"","interrupted":false,"isimage":false,"nooutputexpected":true},"subtype":"c'
    b'ontrol_request","tool_use_id":"toolu_","tool_result","is_error","hook_callback","subtype":"success"}'
    b"\n"
)

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = bytes.maketrans(_LETTERS, _LETTERS.lower())
_NOT_ZERO = b"\0" + b"\1" * 255


def _runs_of(more: bytes) -> bytes:
    word = _LETTERS + _LETTERS.lower() + b"0123456789" + more
    return bytes(0x61 if byte in word else 0x20 for byte in range(256))


_BASE64 = _runs_of(b"+/")
_WORD = _runs_of(b"-_")
_BASE64_RUN = b"a" * 25
_WORD_RUN = b"a" * 37
"""One more than a UUID has."""


def has_long_run(data: bytes) -> bool:
    """Whether there are 25 of `[A-Za-z0-9+/]` or 37 of `[A-Za-z0-9_-]` in a row."""
    return _BASE64_RUN in data.translate(_BASE64) or _WORD_RUN in data.translate(_WORD)


class Prefilter:
    """`suspicious(data)` of lower-case literals, which it finds in any case of letters."""

    __slots__ = ("_buckets", "_own", "_tables")

    def __init__(self, literals: Iterable[str], more: Iterable[str] = (), exact: Iterable[str] = ()) -> None:
        """`more`: further literals, of the user's; `exact`: a few that are looked for as they are."""
        self._own = [literal.encode("utf-8", "surrogatepass") for literal in dict.fromkeys(exact) if literal]
        base = _once(tuple(literals))
        own = [literal.encode("utf-8", "surrogatepass").lower() for literal in more if literal]
        self._buckets = base.copy() if own else base
        self._buckets.add(own)
        self._tables = self._buckets.tables()

    def suspicious(self, data: bytes) -> bool:
        """Whether `data`, in UTF-8, with the escapes of JSON or without, has to be searched."""
        for mark, pattern in _MARKS:
            if mark in data and pattern.search(data):
                return True
        for own in self._own:
            if own in data:
                return True
        return has_long_run(data) or self._has_literal(data)

    def _has_literal(self, data: bytes) -> bool:
        first, second, third, fourth = self._tables
        number = int.from_bytes
        found = (
            number(data.translate(first), "little")
            & number(data.translate(second)[1:], "little")
            & number(data.translate(third)[2:], "little")
            & number(data.translate(fourth)[3:] + b"\xff\xff\xff", "little")
        )
        return found != 0 and self._is_there(data, found)

    def _is_there(self, data: bytes, found: int) -> bool:
        """Whether there is a literal at one of the places that were found: most have the bytes of several, mixed."""
        spots, short = self._buckets.spots, self._buckets.short
        marks = found.to_bytes(len(data), "little").translate(_NOT_ZERO)
        place = marks.find(b"\1")
        while place >= 0:
            window = data[place : place + _WIDTH].translate(_LOWER)
            if short and window.startswith(short):
                return True
            for before, literal in spots.get(window, ()):
                start = place - before
                if start >= 0 and data[start : start + len(literal)].translate(_LOWER) == literal:
                    return True
            place = marks.find(b"\1", place + 1)
        return False


class _Buckets:
    """Which four bytes stand for which literals; a literal joins the bucket that it makes hit the least.

    - `spots`: those four bytes -> the literals that they stand for, with how many bytes of each come before the four.
    - `short`: the literals that have no more than four.
    """

    __slots__ = ("_costs", "_windows", "literals", "short", "spots")

    def __init__(self) -> None:
        self._windows: list[Window | None] = [None] * _BUCKETS
        self._costs = [0.0] * _BUCKETS
        self.literals: list[bytes] = []
        self.spots: dict[bytes, list[tuple[int, bytes]]] = {}
        self.short: tuple[bytes, ...] = ()

    def copy(self) -> _Buckets:
        copy = _Buckets()
        copy._windows = list(self._windows)
        copy._costs = list(self._costs)
        copy.literals = list(self.literals)
        copy.spots = {window: list(there) for window, there in self.spots.items()}
        copy.short = self.short
        return copy

    def add(self, literals: Iterable[bytes]) -> None:
        new: list[bytes] = []
        for literal in sorted(literals, key=len):  # one that is part of another finds whatever that would
            if not any(known in literal for known in (*self.literals, *new)):
                new.append(literal)
        self.literals += new
        windows: list[Window] = []
        for literal in new:
            windows.append(_rarest(literal))
            if len(literal) <= _WIDTH:
                self.short += (literal,)
            else:
                four = bytes(next(iter(choice)) for choice in windows[-1])
                self.spots.setdefault(four, []).append((literal.index(four), literal))
        for window in sorted(windows, key=_frequency, reverse=True):
            best = min(range(_BUCKETS), key=lambda index: self._joined_cost(index, window))
            self._windows[best] = _union(self._windows[best], window)
            self._costs[best] = _frequency(self._windows[best] or window)

    def _joined_cost(self, index: int, window: Window) -> float:
        return _frequency(_union(self._windows[index], window)) - self._costs[index]

    def tables(self) -> Sequence[bytes]:
        tables = [bytearray(256) for _ in range(_WIDTH)]
        for bit, window in enumerate(self._windows):
            for table, choice in zip(tables, window or [], strict=False):
                for byte in choice:
                    table[byte] |= 1 << bit
                    if 0x61 <= byte <= 0x7A:
                        table[byte - 0x20] |= 1 << bit
        return [bytes(table) for table in tables]


_known: dict[tuple[str, ...], _Buckets] = {}


def _once(literals: tuple[str, ...]) -> _Buckets:
    """The buckets of these literals; working them out takes 30 ms, so it is done once."""
    known = _known.get(literals)
    if known is None:
        known = _known[literals] = _Buckets()
        known.add(literal.encode("utf-8", "surrogatepass") for literal in literals)
    return known


_ANY = frozenset(range(256))
_places = [sum(1 << i for i, other in enumerate(_USUAL) if other == byte) for byte in range(256)]
_singles = [_USUAL.count(byte) + 0.3 for byte in range(256)]
_pairs: dict[tuple[int, int], int] = {}
for _pair in pairwise(_USUAL):
    _pairs[_pair] = _pairs.get(_pair, 0) + 1


def _union(one: Window | None, other: Window) -> Window:
    return other if one is None else [a | b for a, b in zip(one, other, strict=True)]


def _rarest(literal: bytes) -> Window:
    """The four bytes of a literal that are found least often where it is not; of a short one, and whatever follows."""
    if len(literal) <= _WIDTH:
        return [*(frozenset((byte,)) for byte in literal), *[_ANY] * (_WIDTH - len(literal))]
    windows = [[frozenset((byte,)) for byte in literal[i : i + _WIDTH]] for i in range(len(literal) - _WIDTH + 1)]
    return min(windows, key=_frequency)


def _frequency(window: Window) -> float:
    """How often a window is found among usual bytes: there, and judged by how often its bytes follow one another."""
    size = len(_USUAL)
    there = -1
    for index, choice in enumerate(window):
        if choice is not _ANY and len(choice) < 256:
            places = 0
            for byte in choice:
                places |= _places[byte]
            there &= places >> index
    return there.bit_count() / size + _guessed(window, size)


def _guessed(window: Window, size: int) -> float:
    current = {byte: _singles[byte] / size for byte in window[0]}
    for choice in window[1:]:
        if choice is not _ANY and len(choice) < 256:
            current = {
                byte: sum(
                    frequency * (_pairs.get((before, byte), 0) + 0.3 * _singles[byte] / size) / (_singles[before] + 0.3)
                    for before, frequency in current.items()
                )
                for byte in choice
            }
    return sum(current.values())
