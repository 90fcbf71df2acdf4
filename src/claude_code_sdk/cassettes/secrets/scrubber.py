"""Entries of one episode as they were observed -> the same without secrets.

Above: the recorder (`lines` for many frames at once, `entry` for one entry), `claude-cassette scrub`.  Below:
streams.py (what is streamed in pieces), search.py, prefilter.py.  It works on the lines that will be written: a line
in which nothing was found keeps its bytes, and the others change only where a secret stood.
"""

from __future__ import annotations

import re

from ..entry_line import decode_line, encode_entry
from .json_text import decoded, strings
from .search import SHORTEST, Search
from .streams import Streamed, Streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..cassette import Entry
    from .rules import Rule
    from .search import Edit
    from .streams import Stream

HOLD_LIMIT = 64 * 1024
"""Bytes of lines that are held back for what is being streamed; past it all goes but the last words of each text."""

MOST_HELD = 1024 * 1024
"""The same for texts without spaces, and for a private key that has begun."""

LAST_WORDS = 512
MOST_WORDS = 4096
"""Characters of a text that are kept then: so many at least, and from the word on that begins before them."""

_KEY_BEGINS = "-----BEGIN "
_SPACE = re.compile(r"\s")


class Scrubber:
    """Replaces the secrets of one episode before anything of it reaches a disk.

    The pieces of a content block that is being streamed are held back until it ends, and with them all that comes after
    them, so that lines come out in the order they went in; a private key that is written to stderr line by line too.
    At most 64 KiB are held: past that all goes but the last words of each text.
    """

    def __init__(
        self,
        rules: Sequence[Rule] | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        numbers_after: int = 0,
        report: Callable[[int, Edit], None] | None = None,
    ) -> None:
        """
        - `rules`: further ones, tried before those of `RULES`.
        - `environment`: that of the run, all of it: the values of its secret-looking variables are secrets wherever
          they stand, and it says what the user is called.
        - `numbers_after`: the numbers of pseudonyms begin behind it.
        - `report`: is called with the byte at which a secret begins, counted over all lines, and with its replacement.
        """
        self._search = Search(rules, environment or {}, numbers_after=numbers_after)
        self._suspicious = self._search.suspicious()
        self._report = report
        self._held = bytearray()
        self._gone = 0  # bytes that were given out, before any change
        self._changes: list[tuple[int, int, bytes]] = []
        self._streams = Streams()
        self._patience = HOLD_LIMIT
        self.looks = 0
        """How often there was something that could be a secret, so that it had to be looked for."""

    @property
    def redacted(self) -> dict[str, int]:
        """How many different secrets were replaced, by the name of the rule."""
        return dict(self._search.pseudonyms.counts)

    @property
    def held(self) -> int:
        """How many bytes are held back."""
        return len(self._held)

    def text(self, text: str) -> str:
        """`text` with its secrets replaced by the pseudonyms of this episode."""
        return self._search.replace(text)

    def clean(self, lines: bytes) -> bool:
        """Whether no secret begins, stands or ends in these whole lines of frames, apart from streamed text."""
        return not self._suspicious(lines)

    def entry(self, entry: Entry, *, clean: bool = False) -> list[Entry]:
        """The entries that may be written now, in order; none, one or several.  Only for entries of one episode.

        `clean`: `clean()` said so of the lines that the frame came in.
        """
        if not self._held and entry.kind == "frame":
            data = entry.frame_bytes
            if b'"stream_event"' not in data and (clean or not self._suspicious(data)):
                self._gone += len(data)
                return [entry]
        return _entries(self.lines(encode_entry(entry) + b"\n", clean=clean))

    def lines(self, lines: bytes, *, clean: bool = False) -> bytes:
        """Whole lines of a cassette in, whole lines that may be written now out: the same less what is held back.

        `clean`: nothing is to be looked for in them but in streamed text.
        """
        start = self._gone + len(self._held)
        streams = self._streams
        if not streams.concern(lines):
            if not self._held and (clean or not self._suspicious(lines)):
                self._gone += len(lines)
                return lines
            rest = lines
        else:
            rest = b""
        self._held += lines
        for stream in streams.feed(lines, start):
            self._settle(stream)
        if not clean and self._suspicious(rest or streams.others(lines)):
            self.looks += 1
            self._scan(lines, start)
        if len(self._held) > self._patience and streams.open:
            self._cut()
        return self._release(min((stream.first for stream in streams.open), default=start + len(lines)))

    def finish(self) -> list[Entry]:
        """What was held back; to be called at the end of the episode, however it ended."""
        return _entries(self.flush())

    def flush(self) -> bytes:
        """The same as lines."""
        for stream in self._streams.end():
            self._settle(stream)
        return self._release(self._gone + len(self._held))

    # Finding

    def _scan(self, lines: bytes, start: int) -> None:
        """Search the lines one by one, streamed text apart."""
        place = 0
        while place < len(lines):
            end = lines.index(b"\n", place) + 1
            line = lines[place:end]
            if not self._streams.holds(start + place) and self._suspicious(line):
                self._scan_line(line, start + place)
            place = end

    def _scan_line(self, line: bytes, start: int) -> None:
        text = line.decode("utf-8", "surrogateescape")
        scope = self._search.scope(text)
        at, place = 0, start  # a letter of the text, and its byte
        for string in strings(text):
            if len(string.raw) < SHORTEST:
                continue
            for edit in self._search.edits(string.text, string.member, scope):
                first, last = string.place(edit.start, edit.end)
                place += len(text[at:first].encode("utf-8", "surrogateescape"))
                at = first
                size = len(text[first:last].encode("utf-8", "surrogateescape"))
                self._change(place, place + size, string.spelled(edit.new), edit)

    def _change(self, start: int, end: int, new: str, edit: Edit) -> None:
        self._changes.append((start, end, new.encode("utf-8", "backslashreplace")))
        if self._report is not None:
            self._report(start, edit)

    def _settle(self, stream: Stream) -> None:
        """Replace what is found in the text of a stream, which is whole."""
        raw = self._pieces(stream, bytes(self._held))
        text = stream.separator.join(raw)
        if not self._suspicious(text):
            return
        self.looks += 1
        if self._has_secret(text):
            streamed = Streamed(raw, stream.separator)
            for edit in self._search.edits(streamed.text):
                self._spread(stream, streamed, edit)

    def _has_secret(self, raw: bytes) -> bool:
        """Whether there is one in the text of a stream, or a private key begins: most that look like it have none, and
        need not be taken apart."""
        text = decoded(raw.decode("utf-8", "surrogateescape"))
        return _KEY_BEGINS in text or bool(self._search.edits(text))

    def _pieces(self, stream: Stream, held: bytes) -> list[bytes]:
        gone = self._gone
        return [held[start - gone : end - gone] for start, end in stream.pieces]

    def _spread(self, stream: Stream, streamed: Streamed, edit: Edit) -> None:
        for number, first, last, new in streamed.spread(edit.start, edit.end, edit.new):
            place = stream.pieces[number][0]
            self._change(place + first, place + last, new, edit)

    def _cut(self) -> None:
        """Too much is held: let go of every stream but the last words of its text."""
        whatever = len(self._held) > MOST_HELD
        held = bytes(self._held)
        for stream in self._streams.open:
            raw = self._pieces(stream, held)
            text = stream.separator.join(raw)
            if not (self._suspicious(text) and self._has_secret(text)):
                self._forget(stream, _words_begin(raw, whatever=whatever))
                continue
            streamed = Streamed(raw, stream.separator)
            edits = self._search.edits(streamed.text)
            kept = self._first_kept(streamed, edits, whatever=whatever)
            for edit in edits:
                if edit.end <= streamed.begin(kept):
                    self._spread(stream, streamed, edit)
            self._forget(stream, kept)
        first = min(stream.first for stream in self._streams.open)
        self._patience = len(self._held) - (first - self._gone) + HOLD_LIMIT

    def _forget(self, stream: Stream, pieces: int) -> None:
        """The first so many pieces are done with."""
        if pieces:
            del stream.pieces[:pieces]
            stream.first = self._line_of(stream.pieces[0][0])

    def _first_kept(self, streamed: Streamed, edits: Sequence[Edit], *, whatever: bool) -> int:
        """The first piece that is still needed to see a secret whole that may go on."""
        text = streamed.text
        place = len(text) - LAST_WORDS
        if place <= 0:
            return 0
        spaces = [found.end() for found in _SPACE.finditer(text, 0, place)]
        if spaces and not (whatever and place - spaces[-1] > MOST_WORDS):
            place = spaces[-1]
        elif not whatever:
            return 0
        begun = text.rfind(_KEY_BEGINS)
        if begun >= 0 and "PRIVATE KEY-----" not in text[begun + 40 :] and not whatever:
            place = min(place, begun)
        piece = streamed.piece_at(place)
        # Whatever reaches into the kept pieces is looked at again, from its beginning.
        for edit in reversed(edits):
            if edit.end > streamed.begin(piece) > edit.context:
                piece = streamed.piece_at(edit.context)
        return piece

    # Giving out

    def _line_of(self, place: int) -> int:
        return self._gone + self._held.rfind(b"\n", 0, place - self._gone) + 1

    def _release(self, until: int) -> bytes:
        """The lines before that place, changed."""
        size = until - self._gone
        if not size:
            return b""
        data = bytes(self._held[:size])
        del self._held[:size]
        due = sorted(change for change in self._changes if change[0] < until)
        if due:
            self._changes = [change for change in self._changes if change[0] >= until]
            parts: list[bytes] = []
            at = 0
            for start, end, new in due:
                parts += data[at : start - self._gone], new
                at = end - self._gone
            data = b"".join(parts) + data[at:]
        self._gone = until
        if not self._held:
            self._patience = HOLD_LIMIT
        return data


def _words_begin(pieces: Sequence[bytes], *, whatever: bool) -> int:
    """The piece from which on the last words of a text are, in which there is nothing to find so far."""
    size = 0
    for number in range(len(pieces) - 1, 0, -1):
        size += len(pieces[number])
        if size >= LAST_WORDS:
            if b" " in pieces[number] or b"\\n" in pieces[number]:
                return number
            if whatever and size >= MOST_WORDS:
                return number
    return 0


def _entries(lines: bytes) -> list[Entry]:
    entries: list[Entry] = []
    start = 0
    while start < len(lines):
        end = lines.index(b"\n", start)
        entries.append(decode_line(lines, start, end, 0, "<memory>"))
        start = end + 1
    return entries
