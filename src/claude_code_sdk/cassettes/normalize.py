"""A raw episode -> the episode as it is stored: canonical order, aliased ids, inventories marked.

Above: stable.py, which writes a cassette; importer.py.  Below: canonical.py (order), aliases.py (ids), inventory.py.
"""

from __future__ import annotations

from .aliases import Aliases
from .canonical import canonical_order
from .cassette import CLI, HOST, JSON, Entry, encode_json
from .entry_line import encode_apart, encode_entry
from .inventory import KEY, may_have_inventory, take_apart
from .survey import Survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .inventory import Inventory


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
    """The same as lines of a file, without their ends; each sidecar that they need is given to `on_inventory`.

    Fast (two or three times `orjson.loads` of a plain frame) where `entries` has `blocks`: see `Survey`.
    """
    survey, aliases = _begun(entries, aliases)
    version: str | None = None
    line_of = _Lines(entries).line
    for index in canonical_order(survey):
        if survey.is_plain(index):
            yield aliases.of_plain(line_of(index))
        else:
            entry, version = _normalized(entries[index], aliases, version)
            line, inventory = encode_apart(entry)
            if inventory is not None:
                on_inventory(inventory)
            yield line


class _Lines:
    """Lines of plain entries, asked for in ascending order but for a few."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        blocks = getattr(entries, "blocks", None)
        self._blocks: Iterator[tuple[int, list[bytes]]] = blocks() if blocks else iter(())
        self._first = 0
        self._lines: list[bytes] = []
        self._next()

    def line(self, index: int) -> bytes:
        while True:
            place = index - self._first
            if 0 <= place < len(self._lines):
                return self._lines[place]
            if place < 0 or not self._lines:
                return encode_entry(self._entries[index])
            self._next()

    def _next(self) -> None:
        self._first, self._lines = next(self._blocks, (0, []))


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
