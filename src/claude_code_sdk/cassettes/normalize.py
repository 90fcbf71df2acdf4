"""A raw episode -> the episode as it is stored: canonical order, aliased ids, inventories marked.

Above: stable.py, which writes a cassette; importer.py.  Below: canonical.py (order), aliases.py (ids), inventory.py.
"""

from __future__ import annotations

from itertools import starmap

from .aliases import Aliases
from .canonical import canonical_order, canonical_stretches
from .cassette import CLI, HOST, JSON, Entry, encode_json
from .entry_line import encode_apart, encode_entry
from .inventory import KEY, may_have_inventory, take_apart
from .survey import Survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .inventory import Inventory
    from .plain import Stretch


def normalize(entries: Sequence[Entry], aliases: Aliases | None = None) -> Iterator[Entry]:
    """The entries of one raw episode, `spawn` first, as they are stored: new objects.

    `entries` may be a window on a file, which makes an `Entry` anew on each access: it is read twice in order, and here
    and there.  `aliases` are those of the recording that the episode is part of, so that an id that one run minted and
    a later one is given (`--resume`) has one alias; by default the episode stands for itself.

    What is kept of a plain frame meanwhile are a few numbers, so that memory stays flat over long recordings; nor is it
    decoded, so that whether it is JSON is for the maker of `entries` to know.

    Raises:
        CassetteError: A frame that is not plain is damaged.
    """
    survey, aliases = _begun(entries, aliases)
    version: str | None = None
    for index in canonical_order(survey):
        entry = entries[index]
        if survey.is_plain(index):
            yield _with_frame(entry, aliases.of_plain(entry.frame_bytes))
        else:
            entry, version = _normalized(entry, aliases, version)
            yield entry


def normalize_lines(
    entries: Sequence[Entry], aliases: Aliases, on_inventory: Callable[[Inventory], object]
) -> Iterator[bytes]:
    """The same as lines of a file, with their ends, plain ones many at a time; each sidecar that they need is given to
    `on_inventory`.

    Fast (less than `orjson.loads` takes for a plain frame) where `entries` has `stretches`: see `Survey`.
    """
    survey, aliases = _begun(entries, aliases)
    version: str | None = None
    lines_of = _Lines(entries).lines
    for found in canonical_stretches(survey):
        if survey.is_plain(found.start):
            yield from starmap(aliases.of_plain_lines, lines_of(found))
        else:
            entry, version = _normalized(entries[found.start], aliases, version)
            line, inventory = encode_apart(entry)
            if inventory is not None:
                on_inventory(inventory)
            yield line + b"\n"


class _Lines:
    """Lines of plain entries, asked for in ascending order but for a few."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        stretches = getattr(entries, "stretches", None)
        self._stretches: Iterator[Stretch] = stretches() if stretches else iter(())
        self._stretch: Stretch | None = next(self._stretches, None)
        self._index = self._place = 0  # of the entry that is asked for next, probably, and of its line in the stretch

    def lines(self, wanted: range) -> Iterator[tuple[bytes, int]]:
        """The lines of entries in a row, with their ends, many at a time, and how many they are."""
        index = wanted.start
        while index < wanted.stop:
            stretch = self._stretch
            if stretch is None or index < stretch.first:
                yield encode_entry(self._entries[index]) + b"\n", 1
                index += 1
            elif index >= stretch.first + stretch.count:
                self._stretch, self._index = next(self._stretches, None), -1
            else:
                end = min(wanted.stop, stretch.first + stretch.count)
                yield self._cut(stretch, index, end), end - index
                index = end

    def _cut(self, stretch: Stretch, index: int, end: int) -> bytes:
        """The lines of the entries from `index` up to `end`, of one stretch."""
        if end - index == stretch.count:
            return stretch.lines
        start = self._place_of(stretch, index)
        return stretch.lines[start : self._place_of(stretch, end)]

    def _place_of(self, stretch: Stretch, index: int) -> int:
        """Where the line of an entry begins."""
        if not stretch.first <= self._index <= index:
            self._index, self._place = stretch.first, 0
        while self._index < index:
            self._place = stretch.lines.index(b"\n", self._place) + 1
            self._index += 1
        return self._place


def _begun(entries: Sequence[Entry], aliases: Aliases | None) -> tuple[Survey, Aliases]:
    survey = Survey(entries)
    aliases = aliases if aliases is not None else Aliases()
    for index in survey.known:
        if (entry := entries[index]).kind == "frame":
            aliases.expect(entry.frame_bytes)
    aliases.begin()
    return survey, aliases


def _normalized(entry: Entry, aliases: Aliases, version: str | None) -> tuple[Entry, str | None]:
    """An entry that is not plain, and the version of the CLI as far as it is known now."""
    if entry.kind != "frame":
        return _text(entry, aliases), version
    if entry.source == HOST:
        return _with_frame(entry, aliases.of_host(entry.frame_bytes)), version
    data = aliases.of_cli(entry.frame_bytes)
    inventory = take_apart(data, version=version) if may_have_inventory(data) else None
    if inventory is None:
        return _with_frame(entry, data), version
    return _with_frame(entry, data, {**(entry.extra or {}), KEY: inventory.name}), inventory.name.rpartition("-")[0]


def _with_frame(entry: Entry, data: bytes, extra: Mapping[str, object] | None = None) -> Entry:
    extra = entry.extra if extra is None else extra
    return Entry(entry.source, "frame", at=entry.at, number=entry.number, path=entry.path, extra=extra, data=data)


def _text(entry: Entry, aliases: Aliases) -> Entry:
    """An entry that is no frame: spawn, text of the CLI, or nothing that could hold an id."""
    if entry.kind not in ("spawn", "stderr", "noise"):
        return entry
    replaced = aliases.of_text if entry.source == CLI else aliases.of_host
    value = JSON.decode(replaced(encode_json(entry.value)).decode("utf-8"))
    return Entry(entry.source, entry.kind, value, at=entry.at, number=entry.number, path=entry.path, extra=entry.extra)
