"""The strings of a JSON text with their places, so that one can be changed and every other byte stays.

Above: search.py (JSON within a string), scrubber.py and residues.py (lines of a cassette).  Below: `re` and `json`.
The text is taken to be JSON; in one that is damaged what looks like a string is found all the same.
"""

from __future__ import annotations

import re
from json import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The last string of a torn line has no end.
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)(?:"(\s*:)?|\\?\Z)', re.DOTALL)
_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_SCOPE = re.compile(r"[{}\]]")
_STRUCTURE = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?\Z)|[{}\[\],:]', re.DOTALL)


class String:
    """A string: its content `raw`, as written, at `outer[start:end]`; `member`: the name that it is the value of, or in
    the list of; None for a name."""

    __slots__ = ("_places", "_text", "end", "member", "raw", "start")

    def __init__(self, raw: str, start: int, member: str | None = None) -> None:
        self.raw = raw
        self.start = start
        self.end = start + len(raw)
        self.member = member
        self._text: str | None = None
        self._places: list[int] | None = None

    @property
    def text(self) -> str:
        """The content, decoded."""
        if self._text is None:
            self._text = self.raw if "\\" not in self.raw else decoded(self.raw)
        return self._text

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` is written in the outer text."""
        if self.text is self.raw:
            return self.start + start, self.start + end
        if self._places is None:
            self._places = [found.start() for found in _UNIT.finditer(self.raw)]
            self._places.append(len(self.raw))
        return self.start + self._places[start], self.start + self._places[end]

    @staticmethod
    def spelled(text: str) -> str:
        """`text` as it is written in a string."""
        return dumps(text)[1:-1]


def decoded(raw: str) -> str:
    """The text of a string's content; of one that is damaged, unit by unit what can be decoded."""
    try:
        text: str = loads(f'"{raw}"', strict=False)
    except ValueError:
        return "".join(_unit(found[0]) for found in _UNIT.finditer(raw))
    return text


def _unit(raw: str) -> str:
    try:
        text: str = loads(f'"{raw}"', strict=False)
    except ValueError:
        return raw[-1]
    return text[0]


def strings(text: str, start: int = 0, end: int | None = None) -> Iterator[String]:
    """The strings of the JSON `text[start:end]`, names of members too, in order."""
    member: str | None = None
    last = start
    for found in _STRING.finditer(text, start, len(text) if end is None else end):
        if _SCOPE.search(text, last, found.start()):
            member = None
        last = found.end()
        if found[2] is not None:
            yield String(found[1], found.start(1))
            member = decoded(found[1])
        else:
            yield String(found[1], found.start(1), member)


def paths_to(text: str, places: Iterable[int]) -> Iterator[str]:
    """What the JSON `text` calls the strings at these places, which ascend: `frame.message.content[0].text`."""
    steps: list[str | int] = []  # of each object or list that is open: where in it we are
    name: str | None = None
    left = iter(places)
    place = next(left, None)
    for found in _STRUCTURE.finditer(text):
        if place is None:
            return
        mark = found[0]
        if found[1] is not None:
            if place < max(found.end(), found.start() + 1):
                path = _spelled_path(steps)
                if text[found.end() :].lstrip()[:1] == ":" and steps:
                    path = f"(a name in {_spelled_path(steps[:-1]) or 'the line'})"
                while place is not None and place < max(found.end(), found.start() + 1):
                    yield path
                    place = next(left, None)
            name = decoded(found[1])
        elif mark in "{[":
            steps.append("" if mark == "{" else 0)
        elif mark in "}]":
            if steps:
                steps.pop()
        elif mark == ",":
            if steps and isinstance(steps[-1], int):
                steps[-1] += 1
        elif steps and name is not None:
            steps[-1] = name
    while place is not None:
        yield _spelled_path(steps)
        place = next(left, None)


def _spelled_path(steps: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
