"""What happened, as a text to keep and to compare: the same for runs that did the same, and short enough to read.

Above: the fixture `claude_snapshot`, whoever keeps transcripts.  Below: `run.py`; the words of
`cassettes/transcript_text.py`.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ...cassettes import transcript_events as events
from ...cassettes.ids import ID
from ...cassettes.placeholders import Places
from ...cassettes.transcript_text import LABEL_WIDTH, row, told

if TYPE_CHECKING:
    from .run import Run, SessionRun

MOST_LINES = 24
"""Lines of a text; of a longer one the first and the last are kept, and what was between them is counted."""

KEPT_LINES = 8

LONGEST_LINE = 400
"""Characters of a line; the same holds for it."""

KEPT_CHARACTERS = 120

HANDSHAKE = ("initialize", "notifications/initialized", "tools/list")
"""How a server of the program is met, method by method; it goes on beside the first prompt."""

_DIGITS_OF_HASH = 12

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?(?![\d:])")
_MEASURED = re.compile(
    r"\b(duration(?:_api)?(?:_ms|_seconds)?|elapsed(?:_\w+)?|\w*tokens|cost(?:_usd)?|total_cost_usd|pid)(\"?\s*[:=]\s*)"
    r"\d+(?:\.\d+)?\b"
)
_PORT = re.compile(r"\b(127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b")


def review_text(run: Run | SessionRun) -> str:
    """The transcript of a run, event by event, without what is never twice the same.

    Ids, times, durations, costs, token counts, process ids, local ports and the paths of this machine are placeholders;
    long texts are folded, with a hash of the whole so that a change in them shows.  What happens at the end of every
    session (the end of the input, exit code 0) is left out.  How the CLI and the program's servers met stands before
    the first prompt, server by server: which comes first is a race that nobody can win twice.
    """
    sessions = run.sessions
    lines: list[str] = []
    for session in sessions:
        if len(sessions) > 1:
            lines += [*([""] if lines else []), f"session {session.number} of {len(sessions)}", ""]
        lines += _session(session.facts.events)
    return "\n".join(lines) + "\n" if lines else "nothing happened\n"


def _session(happened: Iterable[events.Event]) -> Iterator[str]:
    same = _Same()
    for event in _handshakes_first(list(told(happened))):
        if isinstance(event, events.Start):
            same.start(event)
        if _at_every_end(event):
            continue
        label, _, text = row(_without_measures(event))
        indent = "│ " if event.agent else ""
        for number, line in enumerate(folded(same.text(text)).split("\n")):
            yield f"{'' if number else label:<{LABEL_WIDTH}}{indent}{line}".rstrip()


def _handshakes_first(happened: list[events.Event]) -> list[events.Event]:
    """The events, the first handshake with each server before the first prompt."""
    met: dict[tuple[str, str], events.Event] = {}
    for event in happened:
        if isinstance(event, events.Mcp) and event.method in HANDSHAKE:
            met.setdefault((event.server, event.method), event)
    first = [met[key] for key in sorted(met, key=lambda key: (key[0], HANDSHAKE.index(key[1])))]
    moved = set(map(id, first))
    others = [event for event in happened if id(event) not in moved]
    place = next((number for number, event in enumerate(others) if isinstance(event, events.Prompt)), len(others))
    return [*others[:place], *first, *others[place:]]


def _at_every_end(event: events.Event) -> bool:
    return isinstance(event, events.EndOfInput) or (isinstance(event, events.Exit) and event.code in (0, None))


def _without_measures(event: events.Event) -> events.Event:
    """The event without what was measured in it: how long a turn took, and what it cost."""
    if isinstance(event, events.Result):
        fields = {
            name: getattr(event, name) for name in ("line", "at", "agent", "subtype", "is_error", "text", "turns")
        }
        return events.Result(
            **fields, errors=event.errors, denials=event.denials, duration_ms=None, cost_usd=None, usage={}
        )
    if isinstance(event, events.Start) and event.argv:
        return replace(event, argv=[os.path.basename(event.argv[0]), *event.argv[1:]])
    return event


class _Same:
    """What differs between two runs that did the same -> placeholders, those of ids in the order of first sight."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._ids: dict[str, str] = {}

    def start(self, start: events.Start) -> None:
        """The session runs in these places; those of a cassette are placeholders already."""
        cwd = start.cwd or os.getcwd()
        if not cwd.startswith("{{"):
            self._places = Places(cwd=cwd, home=os.environ.get("HOME"), temp=tempfile.gettempdir())

    def text(self, text: str) -> str:
        if self._places is not None:
            text = self._places.text_to_placeholders(text)
        text = ID.sub(lambda found: self._id(found[0]), text)
        text = _TIME.sub("<time>", text)
        text = _MEASURED.sub(r"\1\2<n>", text)
        return _PORT.sub(r"\1:<port>", text)

    def _id(self, text: str) -> str:
        kind = "uuid" if _UUID.fullmatch(text) else text.partition("_")[0] if "_" in text else "agent"
        if text not in self._ids:
            number = sum(known.startswith(f"<{kind} ") for known in self._ids.values()) + 1
            self._ids[text] = f"<{kind} {number}>"
        return self._ids[text]


def folded(text: str) -> str:
    """`text` with at most `MOST_LINES` lines of at most `LONGEST_LINE` characters."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        between = lines[KEPT_LINES:-KEPT_LINES]
        fold = f"… {len(between)} lines, sha256 of all {_hash(text)} …"
        lines = [*lines[:KEPT_LINES], fold, *lines[-KEPT_LINES:]]
    return "\n".join(map(_folded_line, lines))


def _folded_line(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    between = len(line) - 2 * KEPT_CHARACTERS
    fold = f"… {between} characters, sha256 of all {_hash(line)} …"
    return line[:KEPT_CHARACTERS] + fold + line[-KEPT_CHARACTERS:]


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS_OF_HASH]
