"""What the entries of an episode are about, known without keeping anything of most of them.

Above: canonical.py, dependence.py.  Below: facts.py, id_table.py, plain.py.  Of a plain entry only its name is noted,
in a byte, and its facts are read from it when a rule asks for them; where many follow one another in a file, the names
too.
"""

from __future__ import annotations

from array import array

from .cassette import CLI, HOST
from .facts import Facts
from .id_table import IdTable
from .plain import NAMES, Stretch, plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .cassette import Entry

_CALL = b'"tool_use"'

_UNREAD = len(NAMES) + 1
"""Stands for the name of a plain entry that was not read yet."""


class Survey:
    """The entries of one episode, `spawn` first.

    - `entries`: the episode; may be a window on a file.  If it has a method `stretches`, as `RunEntries` has, it is
      read by that.
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
        self._plain = [Facts.named(name) for name in ("", *NAMES)]
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
        stretches = getattr(self.entries, "stretches", None)
        if stretches is None:
            for index, entry in enumerate(self.entries):
                if entry.kind == "frame" and entry.source == CLI and (name := plain_name(entry.frame_bytes)):
                    self._names[index] = name
                    self.cli.append(index)
                else:
                    yield index
            return
        for stretch in stretches(all_lines=False):
            if stretch.plain:
                end = stretch.first + stretch.count
                self._names[stretch.first : end] = bytes((_UNREAD,)) * stretch.count
                self.cli.extend(range(stretch.first, end))
            else:
                yield stretch.first

    def is_plain(self, index: int) -> bool:
        """Whether the entry is a message of the CLI like most."""
        return self._names[index] > 0

    def plain_from(self, index: int) -> int:
        """How many plain entries stand in a row from this one on."""
        end = self._names.find(0, index)
        return (end if end >= 0 else len(self._names)) - index

    def facts(self, index: int) -> Facts:
        """All that is known of an entry."""
        return self.known.get(index) or Facts(self.entries[index])

    def named(self, index: int) -> Facts:
        """The name of an entry, without further facts if it is plain."""
        return self.known.get(index) or self._plain[self._name(index)]

    def _name(self, index: int) -> int:
        """The name of a plain entry, by its number."""
        if self._names[index] == _UNREAD:
            self._names[index] = plain_name(self.entries[index].frame_bytes)
        return self._names[index]

    def announcement(self, call: str) -> Facts | None:
        """The assistant frame that made a tool call, `None` if there is none."""
        if self._announcements is None:
            self._announcements = self._find_announcements()
        index = self._announcements.get(call.encode("utf-8", "surrogatepass"))
        return self.facts(index) if index else None

    def _find_announcements(self) -> IdTable:
        table = IdTable()
        for index in self._may_announce():
            for call in self.facts(index).announces:
                table.put(call.encode("utf-8", "surrogatepass"), index)
        return table

    def _may_announce(self) -> Iterator[int]:
        """Indices of the CLI's entries that may name tool calls, found without decoding the others."""
        host = set(self.host)
        yield from (index for index in self.known if index not in host)
        for stretch in self._plain_stretches():
            if _CALL in stretch.lines:
                for index, line in enumerate(stretch.lines.split(b"\n"), stretch.first):
                    if _CALL in line and self.named(index).name == "assistant":
                        yield index

    def _plain_stretches(self) -> Iterator[Stretch]:
        stretches = getattr(self.entries, "stretches", None)
        if stretches is not None:
            yield from (stretch for stretch in stretches() if stretch.plain)
            return
        for index in self.cli:
            if self.is_plain(index):
                yield Stretch(index, 1, self.entries[index].frame_bytes, plain=True)
