"""What the entries of an episode are about, known without keeping anything of most of them.

Above: canonical.py, dependence.py.  Below: facts.py, id_table.py.  A recording may have a million entries, nearly all
of them messages of the CLI that nothing in its order depends on.  Of such a plain entry only its name is noted, in a
byte; its facts are read from it again when a rule asks for them.
"""

from __future__ import annotations

import re
from array import array

from .cassette import CLI, HOST
from .facts import Facts
from .id_table import IdTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .cassette import Entry

_NAMES = ("", "stream_event", "assistant", "user", "system/status", "system/thinking_tokens")
"""Names of plain entries; the number of the group in `_PLAIN` is the index here."""

_ASSISTANT = _NAMES.index("assistant")

_FRAME = rb'\{"type":"(?:(?:(stream_event)|(assistant)|(user))",|system","subtype":"(?:(status)|(thinking_tokens))",)'
_PLAIN = re.compile(_FRAME)
_PLAIN_LINE = re.compile(rb'\{"at":[0-9]+,"from":"cli","frame":' + _FRAME)


class Survey:
    """The entries of one episode, `spawn` first.

    - `entries`: the episode; may be a window on a file.  If it has a method `blocks`, which gives lines in our own
      writing many at a time, with the index of their first, it is read by that.
    - `cli`: indices of what the CLI did; `host`: of what the host did, `spawn` aside.
    - `known`: facts of all entries that are not plain.
    """

    __slots__ = ("_announcements", "_names", "_plain", "cli", "entries", "host", "known")

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Raises:
        CassetteError: A frame is damaged.
        """
        self.entries = entries
        self.cli = array("I")
        self.host: list[int] = []
        self.known: dict[int, Facts] = {}
        self._names = bytearray(len(entries))
        self._plain = [Facts.named(name) for name in _NAMES]
        self._announcements: IdTable | None = None
        for index in self._note_plain():
            entry = entries[index]
            self.known[index] = Facts(entry)
            if entry.source != HOST:
                self.cli.append(index)
            elif entry.kind != "spawn":
                self.host.append(index)

    def _note_plain(self) -> Iterator[int]:
        """Note the plain entries; yields the indices of the others, each before what follows it is noted."""
        names, add = self._names, self.cli.append
        blocks = getattr(self.entries, "blocks", None)
        if blocks is None:
            for index, entry in enumerate(self.entries):
                plain = entry.kind == "frame" and entry.source == CLI and _PLAIN.match(entry.frame_bytes)
                if plain:
                    names[index] = plain.lastindex or 0
                    add(index)
                else:
                    yield index
            return
        match = _PLAIN_LINE.match
        for first, lines in blocks():
            for index, line in enumerate(lines, first):
                found = match(line)
                if found:
                    names[index] = found.lastindex or 0
                    add(index)
                else:
                    yield index

    def is_plain(self, index: int) -> bool:
        """Whether the entry is a message of the CLI like most."""
        return self._names[index] > 0

    def facts(self, index: int) -> Facts:
        """All that is known of an entry."""
        return self.known.get(index) or Facts(self.entries[index])

    def named(self, index: int) -> Facts:
        """The name of an entry, without further facts if it is plain."""
        return self.known.get(index) or self._plain[self._names[index]]

    def announcement(self, call: str) -> Facts | None:
        """The assistant frame that made a tool call, `None` if there is none."""
        if self._announcements is None:
            self._announcements = self._find_announcements()
        index = self._announcements.get(call.encode("utf-8", "surrogatepass"))
        return self.facts(index) if index else None

    def _find_announcements(self) -> IdTable:
        table = IdTable()
        for index in self.cli:
            if self._names[index] == _ASSISTANT:
                entry = self.entries[index]
                facts = Facts(entry) if b'"tool_use"' in entry.frame_bytes else self._plain[0]
            else:
                facts = self.named(index)
            for call in facts.announces:
                table.put(call.encode("utf-8", "surrogatepass"), index)
        return table
