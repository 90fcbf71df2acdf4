"""Task list: what the model has to do, as it writes it down itself with TaskCreate and its like.

One list belongs to one conversation; its tools are in `tools/task_list.py`.  Not to be taken for `tasks.py`, which is
work that runs beside the conversation.  Read from sessions of CLI 2.1.330 that had the tools.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame

TEXTS = ("subject", "description", "activeForm", "owner")
"""Parts of an entry that an update replaces, in the order in which it tells of them."""


class Entry:
    """One thing to do.  `blocks` and `blocked_by` are ids of others: those that wait for it, and that it waits for."""

    __slots__ = ("blocked_by", "blocks", "id", "metadata", "status", "texts")

    def __init__(self, number: str, given: Frame) -> None:
        self.id = number
        self.texts: dict[str, str] = {key: given[key] for key in TEXTS if key in given}
        self.metadata: dict[str, Any] = dict(given.get("metadata") or {})
        self.status = "pending"
        self.blocks: list[str] = []
        self.blocked_by: list[str] = []

    @property
    def subject(self) -> str:
        return self.texts["subject"]

    @property
    def description(self) -> str:
        return self.texts["description"]

    @property
    def owner(self) -> str:
        """Who does it, empty for nobody."""
        return self.texts.get("owner", "")


class TaskList:
    """The entries by id.  Ids are counted; that of a deleted entry does not come again."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._made = 0

    def create(self, given: Frame) -> Entry:
        """A new entry, pending."""
        self._made += 1
        entry = Entry(str(self._made), given)
        self.entries[entry.id] = entry
        return entry

    def update(self, entry: Entry, given: Frame) -> list[str]:
        """Change an entry as TaskUpdate's input says; the names of what is other than before.

        A part that is set to what it was does not count, but metadata always does.  A deletion is all that is done.
        """
        if given.get("status") == "deleted":
            self.delete(entry)
            return ["deleted"]
        changed = [key for key in TEXTS if key in given and given[key] != entry.texts.get(key)]
        entry.texts |= {key: given[key] for key in changed}
        if "metadata" in given:
            changed.append("metadata")
            merged = entry.metadata | given["metadata"]
            entry.metadata = {key: value for key, value in merged.items() if value is not None}
        if given.get("status", entry.status) != entry.status:
            entry.status = given["status"]
            changed.append("status")
        blocked = [each for each in given.get("addBlocks") or () if each not in entry.blocks]
        blocking = [each for each in given.get("addBlockedBy") or () if each not in entry.blocked_by]
        for other in blocked:
            self._link(entry.id, other)
        for other in blocking:
            self._link(other, entry.id)
        return [*changed, *["blocks"][: len(blocked)], *["blockedBy"][: len(blocking)]]

    def delete(self, entry: Entry) -> None:
        """Take an entry away; nobody waits for it any more."""
        del self.entries[entry.id]
        for other in self.entries.values():
            other.blocks = [each for each in other.blocks if each != entry.id]
            other.blocked_by = [each for each in other.blocked_by if each != entry.id]

    def waits_for(self, entry: Entry) -> list[str]:
        """The ids that an entry still waits for: those that are completed are left out."""
        return [each for each in entry.blocked_by if self.entries[each].status != "completed"]

    def _link(self, first: str, then: str) -> None:
        """Note that one entry waits for another; where one of them is not there, nothing is noted."""
        if first in self.entries and then in self.entries:
            if then not in self.entries[first].blocks:
                self.entries[first].blocks.append(then)
            if first not in self.entries[then].blocked_by:
                self.entries[then].blocked_by.append(first)
