"""What the CLI says in pieces: the text of one content block over many deltas, a private key over many lines of stderr.

Above: scrubber.py, which holds lines back until a stream is whole.  Below: json_text.py.  Places are bytes, counted
over all lines of an episode.
"""

from __future__ import annotations

import re
from json import loads

from .json_text import String, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TypeAlias

    Key: TypeAlias = tuple[bytes, ...]

PIECES = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
    "signature_delta": "signature",
}
"""Type of a delta -> the member that holds its text."""

_STREAM_EVENT = b'"stream_event"'
_TEXT_LINE = b'"from":"cli","stderr":"'

_EVENT_BEGINS = b'"frame":{"type":'  # and `"stream_event"` follows

# As the CLI writes them.  Whatever else is in a line of these kinds is an id or a number.
_EVENT = re.compile(
    rb'"frame":\{"type":"stream_event","event":\{"type":"(?:'
    rb'content_block_delta","index":([0-9]+),"delta":\{"type":"([a-z_]+)","(?:text|thinking|partial_json|signature)":'
    rb'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"\}\},"session_id":"[^"\\\n]*","parent_tool_use_id":(null|"[^"\\\n]*")[^\n]*'
    rb'|content_block_stop","index":([0-9]+)\},"session_id":"[^"\\\n]*","parent_tool_use_id":(null|"[^"\\\n]*")[^\n]*'
    rb"|([^\n]*))\n"
)
_STRING = re.compile(rb'[^"\\\n]*(?:\\.[^"\\\n]*)*')
"""The rest of a JSON string, up to its closing quote."""

_LINE_KINDS = re.compile(
    rb'^\{"at":[0-9]+,"from":"(?:host|cli)",(?:[^\n]*?,)?"(stderr|noise)":"([^"\\\n]*(?:\\.[^"\\\n]*)*)"\}$',
    re.MULTILINE,
)
_KEY_BEGINS = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS = re.compile(rb"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = re.compile(
    rb"[^A-Za-z0-9+/=]{0,40}(?:[0-9]+[^A-Za-z0-9+/]{1,8})?"
    rb"(?:[A-Za-z0-9+/]{1,100}={0,2}|(?:Proc-Type|DEK-Info|Comment|Version): .{0,100})?[\s|]*"
)
_LONG_LINE = 60_000  # bytes: a transport cuts lines of stderr at 64 KiB


class Stream:
    """One of them: its `key`, the places of its `pieces` so far, where the line of the `first` one begins.

    `separator` stands between two pieces, as JSON writes it.
    """

    __slots__ = ("first", "key", "pieces", "separator")

    def __init__(self, key: Key, first: int, separator: bytes = b"") -> None:
        self.key = key
        self.first = first
        self.pieces: list[tuple[int, int]] = []
        self.separator = separator


class _Writing:
    """How the last piece of a stream was written: what stood before its text in the line, and what behind it.

    The next piece of the stream differs from it in its text and its uuid only, so that it need not be parsed.
    """

    __slots__ = ("after", "before", "stream")

    def __init__(self, stream: Stream, before: bytes, after: bytes) -> None:
        self.stream = stream
        self.before = before
        self.after = after


class Streams:
    """Those that are open."""

    def __init__(self) -> None:
        self._open: dict[Key, Stream] = {}
        self._usual: _Writing | None = None
        # Of the lines fed last: where those of pieces begin; what of them is known to hold ids beside its piece.
        self._lines: set[int] = set()
        self._spans: list[tuple[int, int]] = []
        self._span_lines: set[int] | None = None
        self._fed = (b"", 0)

    @property
    def open(self) -> list[Stream]:
        """Those whose end has not come yet."""
        return [stream for stream in self._open.values() if stream.pieces]

    def concern(self, lines: bytes) -> bool:
        """Whether there is a piece or an end in `lines`."""
        return _STREAM_EVENT in lines or bool(self._open) or b"PRIVATE KEY" in lines or len(lines) > _LONG_LINE

    def holds(self, line: int) -> bool:
        """Whether the line at that place, of those fed last, is a piece, whose text is looked at with its stream's."""
        if self._spans and self._span_lines is None:
            lines, start = self._fed
            self._span_lines = {start + lines.rfind(b"\n", 0, first) + 1 for first, _ in self._spans}
        return line in self._lines or (self._span_lines is not None and line in self._span_lines)

    def others(self, lines: bytes) -> bytes:
        """Those of the lines fed last that are no pieces."""
        if not self._spans:
            return lines
        parts: list[bytes] = []
        at = 0
        for first, last in self._spans:
            parts.append(lines[at:first])
            at = last
        parts.append(lines[at:])
        return b"".join(parts)

    def feed(self, lines: bytes, start: int) -> list[Stream]:
        """Read whole lines, which begin at `start`; the streams that end in them."""
        self._lines.clear()
        self._spans.clear()
        self._span_lines = None
        self._fed = (lines, start)
        ended = self._read_events(lines, start)
        if self._open and b'"type":"result"' in lines:
            place = start + lines.index(b'"type":"result"')
            for stream in [stream for stream in self._open.values() if stream.pieces[-1][1] < place]:
                ended.append(self._open.pop(stream.key))
                self._usual = None
        if b"PRIVATE KEY" in lines or _TEXT_LINE in lines or any(len(key) == 1 for key in self._open):
            ended += self._read_lines(lines, start)
        return ended

    def _read_events(self, lines: bytes, start: int) -> list[Stream]:
        """Read the stream events in `lines`; the streams that end with them."""
        ended: list[Stream] = []
        find, stands_at = lines.find, lines.startswith
        place = find(_STREAM_EVENT)
        while place >= 0:
            begin = place - len(_EVENT_BEGINS)
            usual = self._usual
            if usual is not None and stands_at(usual.before, begin):
                first = begin + len(usual.before)
                last = find(b'"', first)
                if find(b"\\", first, last) >= 0:
                    last = _STRING.match(lines, first).end()  # type: ignore[union-attr]  # it matches nothing as well
                if stands_at(usual.after, last):
                    usual.stream.pieces.append((start + first, start + last))
                    end = find(b"\n", last)
                    self._spans.append((begin, end))
                    place = find(_STREAM_EVENT, end)
                    continue
            found = _EVENT.match(lines, begin) if begin >= 0 else None
            end = lines.index(b"\n", place)
            if found is not None and found[1] is not None:
                self._usual_piece(found, lines, start)
                self._spans.append((begin, end))
            elif found is not None and found[5] is not None:
                ended += self._end(found[6], found[5])
            else:
                ended += self._decoded(lines, start, lines.rfind(b"\n", 0, place) + 1, end)
            place = find(_STREAM_EVENT, end)
        return ended

    def _usual_piece(self, found: re.Match[bytes], lines: bytes, start: int) -> None:
        """A piece as the CLI writes it; the next one may be like it."""
        key = (found[4], found[1], found[2])
        first, last = found.span(3)
        stream = self._open.get(key)
        if stream is None:
            stream = self._open[key] = Stream(key, start + lines.rfind(b"\n", 0, first) + 1)
        stream.pieces.append((start + first, start + last))
        self._usual = _Writing(stream, lines[found.start() : first], lines[last : found.end(4)])

    def end(self) -> list[Stream]:
        """All that are open: nothing more comes."""
        ended = list(self._open.values())
        self._open.clear()
        self._lines.clear()
        self._usual = None
        return ended

    def _piece(self, key: Key, lines: bytes, start: int, first: int, last: int, separator: bytes = b"") -> None:
        line = start + lines.rfind(b"\n", 0, first) + 1
        self._lines.add(line)
        stream = self._open.get(key)
        if stream is None:
            stream = self._open[key] = Stream(key, line, separator)
        stream.pieces.append((start + first, start + last))

    def _end(self, parent: bytes, index: bytes | None = None) -> list[Stream]:
        """The block `index` of an agent ended, or its message."""
        keys = [key for key in self._open if key[0] == parent and (index is None or key[1] == index)]
        if keys:
            self._usual = None
        return [self._open.pop(key) for key in keys]

    def _decoded(self, lines: bytes, start: int, first: int, last: int) -> list[Stream]:
        """A stream event that is neither piece nor end in the CLI's own writing: a begin, or somebody else's writing
        with other spaces or another order of members."""
        line = lines[first:last]
        try:
            frame: Any = loads(line)["frame"]
            event = frame["event"]
            kind, parent = event["type"], frame.get("parent_tool_use_id")
        except (ValueError, KeyError, TypeError, RecursionError):
            return []
        agent = b"null" if parent is None else b'"%b"' % str(parent).encode()
        if frame.get("type") != "stream_event":
            return []
        if kind in ("message_start", "message_stop"):
            return self._end(agent)
        index = str(event.get("index")).encode()
        if kind == "content_block_stop":
            return self._end(agent, index)
        delta = event.get("delta")
        member = PIECES.get(str(delta.get("type"))) if isinstance(delta, dict) else None
        if kind == "content_block_delta" and member is not None and isinstance(delta.get(member), str):
            text = line.decode("utf-8", "surrogateescape")
            for string in strings(text):
                if string.member == member and string.text == delta[member]:
                    place = len(text[: string.start].encode("utf-8", "surrogateescape"))
                    size = len(string.raw.encode("utf-8", "surrogateescape"))
                    key = (agent, index, delta["type"].encode())
                    self._piece(key, lines, start, first + place, first + place + size)
                    break
        return []

    def _read_lines(self, lines: bytes, start: int) -> list[Stream]:
        """Lines of text: a private key goes from one to the next, and a line that was cut."""
        ended: list[Stream] = []
        for found in _LINE_KINDS.finditer(lines):
            key = (found[1],)
            stream, text = self._open.get(key), found[2]
            if stream is not None and stream.separator and not _KEY_LINE.fullmatch(text) and not _KEY_ENDS.search(text):
                ended.append(self._open.pop(key))
                stream = None
            begins = _KEY_BEGINS.search(text) is not None
            if stream is None and not begins and len(text) < _LONG_LINE:
                continue
            self._piece(key, lines, start, *found.span(2), separator=b"\\n" if begins else b"")
            stream = self._open[key]
            if _KEY_ENDS.search(text) if stream.separator else len(text) < _LONG_LINE:
                ended.append(self._open.pop(key))
        return ended


class Streamed:
    """The text of a stream, decoded, and where each letter is written."""

    __slots__ = ("_begins", "_strings", "text")

    def __init__(self, pieces: Sequence[bytes], separator: bytes) -> None:
        self._strings = [String(piece.decode("utf-8", "surrogateescape"), 0) for piece in pieces]
        between = String(separator.decode(), 0).text
        self._begins: list[int] = []
        at = 0
        for string in self._strings:
            self._begins.append(at)
            at += len(string.text) + len(between)
        self.text = between.join(string.text for string in self._strings)

    def piece_at(self, place: int) -> int:
        """The number of the piece in which the letter at `place` stands."""
        from bisect import bisect_right

        return bisect_right(self._begins, place) - 1

    def begin(self, piece: int) -> int:
        """Where in the text a piece begins."""
        return self._begins[piece]

    def spread(self, start: int, end: int, new: str) -> Iterator[tuple[int, int, int, str]]:
        """`text[start:end]` becomes `new`: for each piece concerned its number, which of its bytes go, what comes.

        Each piece gets as many letters as it loses, and the last one the rest.
        """
        first, last = self.piece_at(start), self.piece_at(end - 1)
        for number in range(first, last + 1):
            string, begin = self._strings[number], self._begins[number]
            left, right = max(0, start - begin), min(len(string.text), end - begin)
            share = new if number == last else new[: max(0, right - left)]
            new = new[len(share) :]
            if left < right or share:
                raw_left, raw_right = string.place(left, max(left, right))
                before = len(string.raw[:raw_left].encode("utf-8", "surrogateescape"))
                size = len(string.raw[raw_left:raw_right].encode("utf-8", "surrogateescape"))
                yield number, before, before + size, String.spelled(share)
