"""Paths of a machine <-> placeholders of a cassette: `{{cwd}}`, `{{home}}`, `{{temp}}`.

Above: importer and recorder (paths out), player (live paths in).  Below: json's string escapes.  A placeholder has up
to two suffixes:

    {{cwd}}         the path as it was given         {{cwd-real}}  … with symbolic links resolved, where that differs
    {{cwd-slug}}    the CLI's dash-encoded form, a component of its paths: /my/project -> -my-project
    {{…-json}}      … inside JSON that itself stands in a text, as in an argument: escaped once more

Opening braces follow one another in JSON only inside a string, so `b"{{" in line` tells whether a line needs work.  The
same characters in what was recorded get a `!` (`{{cwd}}` is stored as `{{!cwd}}`, that as `{{!!cwd}}`) and lose it
again.
On the fake path.
"""

from __future__ import annotations

import os
import re
from json import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPENING = b"{{"

_MARKER = re.compile(rb"\{\{(!*)((?:cwd|home|temp)(?:-real|-slug)?(?:-json)?)\}\}")

# A path begins where no longer path runs into it (src/project, ~/project, ${X}/project, http://project); behind a JSON
# escape such as \n it does begin.  It ends where its last name ends.
_BEGIN = rb"(?:(?<![A-Za-z0-9_.~*)}\-])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4}))(?<!:/)"
_END = rb"(?![A-Za-z0-9_\-]|\.[A-Za-z0-9])"
_SLUG_BEGIN = rb"(?<=[/\\])"
_SLUG_END = rb"(?![A-Za-z0-9])"

# The CLI cuts longer names here and appends a hash that is its own business.
_LONGEST_SLUG = 200


class Places:
    """The three places of one run, and the texts about them in both forms.

    `cwd`, `home` and `temp` are absolute paths or `None`; the root of a file system has no placeholder.  `real`
    resolves symbolic links; a reader of other machines' recordings passes `str`, which leaves paths as they are.
    """

    __slots__ = ("_in_json", "_in_text", "_live")

    _in_json: _Spellings | None
    _in_text: _Spellings | None

    def __init__(
        self,
        *,
        cwd: str | None = None,
        home: str | None = None,
        temp: str | None = None,
        real: Callable[[str], str] = os.path.realpath,
    ) -> None:
        self._live: dict[str, str] = {}
        for name, path in (("cwd", cwd), ("home", home), ("temp", temp)):
            path = path.rstrip("/\\") if path else ""
            if path and not path.endswith(":"):
                resolved = real(path)
                self._live |= {name: path, f"{name}-real": resolved, f"{name}-slug": slug(resolved)}
        # Made when first asked for: a replay never asks, and their patterns take 2 ms to compile.
        self._in_json = self._in_text = None

    def to_placeholders(self, data: bytes, suffix: str = "") -> bytes:
        """JSON in UTF-8, a frame: paths become placeholders, what looks like a placeholder is escaped.

        `suffix` is put to the names that have none of their own.
        """
        if self._in_json is None:
            self._in_json = _Spellings(self._live, {_escaped: "", _ascii: "", _twice: "-json"})
        return self._in_json.replace(data, suffix)

    def text_to_placeholders(self, text: str) -> str:
        """The same for plain text: stderr, noise, an environment variable."""
        if self._in_text is None:
            self._in_text = _Spellings(self._live, {_plain: "", _escaped: "-json"})
        return self._in_text.replace(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def argument_to_placeholders(self, argument: str) -> str:
        """The same for a command line argument, which as a whole may be JSON."""
        if not argument.startswith(("{", "[")):
            return self.text_to_placeholders(argument)
        data = argument.encode("utf-8", "surrogatepass")
        return self.to_placeholders(data, "-json").decode("utf-8", "surrogatepass")

    def to_live(self, data: bytes) -> bytes:
        """JSON in UTF-8, a frame: placeholders become the paths of this run, as JSON spells them."""
        if OPENING not in data:
            return data
        return _MARKER.sub(lambda found: _bytes(_escaped(self._path(found))), data)

    def text_to_live(self, text: str) -> str:
        """The same for plain text and for arguments."""
        if "{{" not in text:
            return text
        data = text.encode("utf-8", "surrogatepass")
        return _MARKER.sub(lambda found: self._path(found).encode("utf-8", "surrogatepass"), data).decode(
            "utf-8", "surrogatepass"
        )

    def _path(self, found: re.Match[bytes]) -> str:
        """What a marker stands for; one of a place that this run does not have stays as it is."""
        marker, name = found[0].decode(), found[2].decode()
        if found[1]:
            return "{{" + marker[3:]
        path = self._live.get(name.removesuffix("-json"))
        if path is None:
            return marker
        return _escaped(path) if name.endswith("-json") else path


class _Spellings:
    """Every way in which one kind of text spells the places, and the placeholder for each."""

    __slots__ = ("_hints", "_names", "_pattern")

    def __init__(self, places: Mapping[str, str], forms: Mapping[Callable[[str], str], str]) -> None:
        """`forms`: a way to spell a path -> the suffix of its placeholder."""
        self._names: dict[bytes, str] = {}
        rests: dict[bytes, list[bytes]] = {}  # first byte of a spelling, with what must stand before it -> what follows
        alternatives = [_MARKER.pattern]
        # Longest first: cwd often lies in home or temp.  Of equal spellings the first name wins.
        for name, path in sorted(places.items(), key=lambda item: -len(item[1])):
            begin, end = (_SLUG_BEGIN, _SLUG_END) if name.endswith("-slug") else (_BEGIN, _END)
            for form, suffix in forms.items():
                spelling = _bytes(form(path))
                if spelling not in self._names:
                    self._names[spelling] = name + suffix
                    alternatives.append(begin + re.escape(spelling) + end)
                    for before in (b"/", b"\\") if begin == _SLUG_BEGIN else (b"",):
                        rests.setdefault((before + spelling)[:1], []).append((before + spelling)[1:])
        self._pattern = re.compile(b"|".join(alternatives))
        self._hints = [
            re.compile(re.escape(first) + b"(?:%b)" % b"|".join(map(re.escape, rest))) for first, rest in rests.items()
        ]

    def replace(self, data: bytes, suffix: str = "") -> bytes:
        """`data` with placeholders; `suffix` is put to the names that have none of their own."""

        def placeholder(found: re.Match[bytes]) -> bytes:
            return self._placeholder(found, suffix)

        parts: list[bytes] = []
        at = 0
        for start, end in self._lines_to_do(data):
            parts += data[at:start], self._pattern.sub(placeholder, data[start:end])
            at = end
        return b"".join([*parts, data[at:]]) if parts else data

    def _lines_to_do(self, data: bytes) -> list[tuple[int, int]]:
        """Where the lines are that may have something to replace, in order.

        The pattern tries every alternative at every byte: 100 µs for a frame, a hundred times the cost of this.  One
        that begins with a certain byte is searched for at the speed of memchr.
        """
        found: dict[int, int] = {}

        def note(place: int) -> int:
            end = (data.find(b"\n", place) + 1) or len(data)
            found[data.rfind(b"\n", 0, place) + 1] = end
            return end

        for hint in self._hints:
            match = hint.search(data)
            while match:
                match = hint.search(data, note(match.start()))
        # From the end: CPython searches for two bytes 2.4 times as fast in this direction.
        place = data.rfind(OPENING)
        while place >= 0:
            note(place)
            place = data.rfind(OPENING, 0, place)
        return sorted(found.items())

    def _placeholder(self, found: re.Match[bytes], suffix: str) -> bytes:
        if found[2]:
            return b"{{!" + found[0][2:]
        name = self._names[found[0]]
        return b"{{%b}}" % (name if name.endswith("-json") else name + suffix).encode()


def slug(path: str) -> str:
    """The CLI's dash-encoded form of a path: every UTF-16 unit that is no ASCII letter or digit is a dash."""
    units = path.encode("utf-16-le", "surrogatepass")
    letters = (chr(units[i]) if units[i + 1] == 0 else "-" for i in range(0, len(units), 2))
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in letters)[:_LONGEST_SLUG]


def _plain(path: str) -> str:
    return path


def _escaped(path: str) -> str:
    """As in a JSON string with letters as they are: the CLI's way."""
    return dumps(path, ensure_ascii=False)[1:-1]


def _ascii(path: str) -> str:
    """As in a JSON string in ASCII: the way of Python's json."""
    return dumps(path)[1:-1]


def _twice(path: str) -> str:
    """As in JSON that stands in a string of a frame."""
    return _escaped(_escaped(path))


def _bytes(text: str) -> bytes:
    """UTF-8; a byte of a path that is not UTF-8 (a lone surrogate in Python) is written as an escape."""
    return text.encode("utf-8", "backslashreplace")
