"""Two recordings of one run, entry by entry: what did not change keeps its bytes, and ids keep their names.

Above: stable.py.  Below: nothing.  Aliases count what a run minted, so that one entry more renames all ids behind it.
Entries are therefore aligned without the numbers of aliases; those of the new recording are then renamed after the
entries that it shares with the old one.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from .aliases import ALIAS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from .cassette import Entry

    # A line, and what recordings of the same behaviour agree on of it.
    Line: TypeAlias = tuple[bytes, bytes]

_NAME = re.compile(
    rb"ca55e77e-[0-9a-f]{4}-4000-8000-[0-9]{12}"
    rb"|(?<=_)ca55e77e[0-9a-f]{4}[0-9]+"
    rb"|\b0ca55e77e-[0-9a-f]{4}[0-9]{4}\b|\baca55e77e[0-9a-f]{4}[0-9]{4,}\b|\b[a-z]ca5[0-9]{5}\b"
)
"""An alias; of one that has a prefix what stands behind it."""

_UUID = 36
_KINDS = (b"0ca55e77e-", b"aca55e77e")
_OWN = re.compile(rb'"uuid":"ca55e77e-([0-9a-f]{4})-')

_SMALL = 2000
"""Entries up to which every one counts; in longer runs difflib passes over those that come up again and again."""


def with_runs(data: bytes, runs: Mapping[bytes, bytes]) -> bytes:
    """`data` with other numbers of runs in its aliases; those that `runs` does not name become 0."""
    if b"ca55e77e" not in data:
        return data
    return ALIAS.sub(lambda found: b"ca55e77e%b%b" % (found[1], runs.get(found[2], b"0000")), data)


def run_number(entries: Sequence[Entry]) -> bytes | None:
    """The number of its run in the aliases of an episode, `None` if it has none."""
    for entry in entries:
        found = _OWN.search(entry.frame_bytes) if entry.kind == "frame" and entry.source == "cli" else None
        if found:
            return found[1]
    return None


def without_names(data: bytes) -> bytes:
    """`data` without its aliases."""
    return _NAME.sub(b"", data) if b"ca5" in data else data


def merged(old: Sequence[Line], new: Sequence[Line]) -> list[bytes]:
    """The lines of the new recording of a run: where an entry did not change, the line of the old recording."""
    renamed = Renamed()
    aligned = _aligned([without_names(said) for _, said in old], [without_names(said) for _, said in new])
    stays = {mine: theirs for mine, theirs in aligned if renamed.same(new[mine][1], old[theirs][1])}
    return [old[stays[mine]][0] if mine in stays else renamed.rename(line) for mine, (line, _) in enumerate(new)]


def _aligned(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Indices in `new` and `old` of what is equal, ascending in both; linear but for what differs."""
    shortest = min(len(old), len(new))
    first = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    last = next((at for at in range(shortest - first) if old[-1 - at] != new[-1 - at]), shortest - first)
    middle = old[first : len(old) - last], new[first : len(new) - last]
    yield from ((at, at) for at in range(first))
    # In long runs difflib passes over what comes up again and again, or it would be quadratic in that.
    for block in SequenceMatcher(None, *middle, autojunk=len(old) > _SMALL).get_matching_blocks():
        yield from ((first + block.b + at, first + block.a + at) for at in range(block.size))
    yield from ((len(new) - last + at, len(old) - last + at) for at in range(last))


class Renamed:
    """Aliases of a new recording and those of an old one that they stand for, one to one."""

    __slots__ = ("_last", "_names", "_taken")

    def __init__(self) -> None:
        self._names: dict[bytes, bytes] = {}
        self._taken: set[bytes] = set()
        self._last = 0  # the highest number in use

    def same(self, new: bytes, old: bytes) -> bool:
        """Whether two texts agree, aliases being free where they map one to one; then they are mapped."""
        mine, theirs = _NAME.findall(new), _NAME.findall(old)
        if len(mine) != len(theirs) or _NAME.split(new) != _NAME.split(old):
            return False
        found: dict[bytes, bytes] = {}
        for one, other in zip(mine, theirs, strict=True):
            known = self._names.get(one) or found.get(one)
            if known is None and other not in self._taken and other not in found.values():
                found[one] = other
            elif known != other:
                return False
        for one, other in found.items():
            self._name(one, other)
        return True

    def rename(self, data: bytes) -> bytes:
        """`data` with old aliases; one that stands for none gets a number that is not in use."""
        return _NAME.sub(lambda found: self._names.get(found[0]) or self._unused(found[0]), data)

    def _name(self, new: bytes, old: bytes) -> None:
        self._names[new] = old
        self._taken.add(old)
        self._last = max(self._last, _number(old))

    def _unused(self, name: bytes) -> bytes:
        prefix = _prefix(name)
        other, number = name, max(self._last, _number(name))
        while other in self._taken:
            number += 1
            other = b"%b%0*d" % (name[:prefix], len(name) - prefix, number)
        self._name(name, other)
        return other


def _prefix(name: bytes) -> int:
    """How much of an alias stands before its number: what says that it is one, and the run."""
    if len(name) == _UUID:
        return 24
    if name.startswith(_KINDS):
        return 14 if name.startswith(_KINDS[0]) else 13
    return 12 if name.startswith(b"ca55e77e") else 4


def _number(name: bytes) -> int:
    return int(name[_prefix(name) :])
