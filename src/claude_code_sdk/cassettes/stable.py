"""A recording -> its file, which changes only where the behaviour did.

Above: the recorder, `claude-cassette import`.  Below: normalize.py, volatile.py (what may differ), alignment.py (which
entries of two runs stand for each other), jsonl.py.
"""

from __future__ import annotations

import os

from ..errors import CassetteError, CassetteNotFound
from . import inventory
from .aliases import Aliases
from .alignment import Renamed, merged, run_number, with_runs, without_names
from .cassette import HOST, Entry, Episode, encode_json
from .entry_line import decode_line, encode_apart
from .inventory import KEY
from .jsonl import Replacement, encode_header, load, writer_name
from .lines import LoadedEntries
from .normalize import normalize_lines
from .volatile import essence, same_header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from io import BufferedRandom, BufferedWriter
    from typing import Any

    from .inventory import Inventory

_PIECE = 1 << 16


def write(
    path: str | os.PathLike[str],
    header: Mapping[str, Any],
    recorded: Sequence[Sequence[Entry]],
    *,
    kept: Sequence[Episode] = (),
    shell_tasks: bool = True,
) -> bool:
    """Normalize the raw episodes `recorded` and store them in the file `path`, behind the episodes `kept`.

    `kept` are episodes of the file that stands there (`new_episodes`), as it was loaded; with none of them the file is
    replaced (`all`, `once`).  Where it has recorded the same behaviour before, its bytes stay: of the whole file if
    nothing changed, and then it is not touched; else of every entry that did not change.  Episodes are matched by
    what they say, then by how they begin, then by their order, and keep the order that they had.  A damaged file is
    replaced as a whole.  `shell_tasks`: see `Aliases`.

    A recording that was not there before goes straight into the new file, the entries of another through a draft beside
    `path`, so that nothing of them is held in memory.  The cassette is replaced atomically or, on any failure, left as
    it was.

    Returns:
        Whether the file was changed.

    Raises:
        CassetteError: The file cannot be written, or a frame is damaged; plain ones are not decoded (see `normalize`).
    """
    name = os.fspath(path)
    if not kept and not os.path.lexists(name):
        _write_new(name, header, recorded, Aliases(shell_tasks=shell_tasks))
        return True
    target = os.path.realpath(name)
    draft = f"{target}.{writer_name()}.draft"
    try:
        with open(draft, "w+b") as file:
            return _Writing(name, header, kept, _Draft(file, name, recorded, Aliases(shell_tasks=shell_tasks))).run()
    except OSError as error:
        raise CassetteError(f"{name}: the cassette cannot be written: {error.strerror}") from error
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


def _write_new(path: str, header: Mapping[str, Any], recorded: Sequence[Sequence[Entry]], aliases: Aliases) -> None:
    """Store episodes where there is nothing to compare them with."""

    def store(sidecar: Inventory) -> None:
        inventory.store(os.path.realpath(path), sidecar)

    with Replacement(path) as file:
        file.write(encode_header(header) + b"\n")
        for lines in _normalized(recorded, aliases, store):
            file.writelines(lines)


def _normalized(
    recorded: Sequence[Sequence[Entry]], aliases: Aliases, on_inventory: Callable[[Inventory], object]
) -> Iterator[Iterator[bytes]]:
    """The lines of each episode, many at a time, with their ends."""
    for entries in recorded:
        aliases.expect(encode_json(entries[0].value))
    for entries in recorded:
        yield normalize_lines(entries, aliases, on_inventory)


class _Draft:
    """The new episodes as they would be stored, in a temporary file."""

    def __init__(self, file: BufferedRandom, path: str, recorded: Sequence[Sequence[Entry]], aliases: Aliases) -> None:
        self._file = file
        self._path = path
        self._starts: list[int] = []
        self.sizes = [len(entries) for entries in recorded]
        self.inventories: dict[str, Inventory] = {}
        for lines in _normalized(recorded, aliases, self._note):
            self._starts.append(file.tell())
            file.writelines(lines)
        self._starts.append(file.tell())

    def _note(self, inventory: Inventory) -> None:
        self.inventories[inventory.name] = inventory

    def lines(self, episode: int) -> Iterator[bytes]:
        """The lines of an episode, by its index, without their ends."""
        self._file.seek(self._starts[episode])
        for _ in range(self.sizes[episode]):
            yield self._file.readline()[:-1]

    def copy(self, episode: int, file: BufferedWriter) -> None:
        """Append the lines of an episode to `file`."""
        self._file.seek(self._starts[episode])
        left = self._starts[episode + 1] - self._starts[episode]
        while left:
            piece = self._file.read(min(left, _PIECE))
            file.write(piece)
            left -= len(piece)

    def entry(self, line: bytes) -> Entry:
        """The entry of one of those lines; its inventories may not be there yet."""
        return decode_line(line, 0, len(line), 0, self._path, apart=True)


class _Writing:
    """One cassette being written."""

    def __init__(self, path: str, header: Mapping[str, Any], kept: Sequence[Episode], draft: _Draft) -> None:
        self.path = path
        self.header = header
        self.kept = kept
        self.draft = draft
        self.new = range(len(draft.sizes))
        self.old: list[Episode] = []  # those that new ones are compared with
        self.unchanged: set[int] = set()
        self.old_header: Mapping[str, Any] | None = None
        try:
            there = load(path)
        except CassetteNotFound:
            return
        except CassetteError:
            return  # to be replaced: whoever reads a cassette before recording has been told that it is damaged
        keeping = {episode.number for episode in kept}
        self.old_header = there.header
        self.old = [episode for episode in there.episodes if episode.number not in keeping]

    def run(self) -> bool:
        pairs = self._pairs()
        if self._is_unchanged(pairs):
            return False
        runs = self._runs(pairs)
        with Replacement(self.path) as file:
            file.write(encode_header(self.header) + b"\n")
            for episode in self.kept:
                for line in self._kept_lines(episode):
                    file.write(line + b"\n")
            # Paired episodes stand where they stood, new ones behind them.
            for index in sorted(self.new, key=lambda index: pairs.get(index, len(self.old) + index)):
                if index not in pairs and all(own == given for own, given in runs.items()):
                    self._store_sidecars()
                    self.draft.copy(index, file)
                    continue
                for line in self._lines(index, pairs, runs):
                    file.write(line + b"\n")
        return True

    # ------------------------------------------------------------ which episodes stand for each other

    def _pairs(self) -> dict[int, int]:
        """Index of a new episode -> index of the old one that it stands for."""
        # The usual case, found without a table of what all of them say.
        pairs = {index: index for index in self.new[: len(self.old)] if self._same(index, index)}
        self.unchanged.update(pairs)
        for key in (self._said, self._opening):
            left = [index for index in range(len(self.old)) if index not in pairs.values()]
            by_key: dict[int, list[int]] = {}
            missing = [index for index in self.new if index not in pairs]
            for index in left if missing else ():
                by_key.setdefault(key(self.old[index].entries), []).append(index)
            for index in missing if by_key else ():
                same = by_key.get(key([self.draft.entry(line) for line in self.draft.lines(index)]))
                if same:
                    pairs[index] = same.pop(0)
        left = [index for index in range(len(self.old)) if index not in pairs.values()]
        missing = [index for index in self.new if index not in pairs]
        return {**pairs, **dict(zip(missing, left, strict=False))}

    def _same(self, index: int, old: int) -> bool:
        """Whether a new episode says what an old one does."""
        entries = self.old[old].entries
        if len(entries) != self.draft.sizes[index]:
            return False
        return self._same_as_numbered(index, entries) or self._same_if_renamed(index, entries)

    def _same_as_numbered(self, index: int, entries: Sequence[Entry]) -> bool:
        for at, line in enumerate(self.draft.lines(index)):
            if isinstance(entries, LoadedEntries) and _behind_at(line) == _behind_at(entries.line(at)):
                continue
            if with_runs(self._essence(line), {}) != with_runs(essence(self._apart(entries, at)), {}):
                return False
        return True

    def _same_if_renamed(self, index: int, entries: Sequence[Entry]) -> bool:
        """The same for a file that has kept aliases from before other entries came between."""
        renamed = Renamed()
        return all(
            renamed.same(self._essence(line), essence(self._apart(entries, at)))
            for at, line in enumerate(self.draft.lines(index))
        )

    def _essence(self, line: bytes) -> bytes:
        return essence(self.draft.entry(line))

    def _apart(self, entries: Sequence[Entry], at: int) -> Entry:
        """An old entry, its inventories apart like those of a new one."""
        entry = entries[at]
        return self.draft.entry(encode_apart(entry)[0]) if entry.extra and KEY in entry.extra else entry

    def _said(self, entries: Sequence[Entry]) -> int:
        return hash(tuple(hash(without_names(essence(self._apart(entries, at)))) for at in range(len(entries))))

    def _opening(self, entries: Sequence[Entry]) -> int:
        """How the program began the run: its spawn, and what it said first."""
        said = []
        for entry in entries:
            if entry.source == HOST:
                said.append(hash(without_names(essence(entry))))
                if entry.kind == "frame" and entry.value.get("type") == "user":
                    break
        return hash(tuple(said))

    def _is_unchanged(self, pairs: Mapping[int, int]) -> bool:
        return (
            self.old_header is not None
            and same_header(self.old_header, {"cassette": self.old_header.get("cassette"), **self.header})
            and len(pairs) == len(self.new) == len(self.old)
            and all(index in self.unchanged or self._same(index, old) for index, old in pairs.items())
        )

    # ------------------------------------------------------------ numbers of runs, in aliases

    def _runs(self, pairs: Mapping[int, int]) -> dict[bytes, bytes]:
        """Number that a new run has in its aliases -> the one that it gets: that of the old run, or an unused one."""
        there = {index: run_number(episode.entries) for index, episode in enumerate(self.old)}
        taken = {number for number in (*there.values(), *(run_number(e.entries) for e in self.kept)) if number}
        runs: dict[bytes, bytes] = {}
        for index in self.new:
            own = b"%04x" % ((index + 1) % 0x10000)
            old = there.get(pairs[index]) if index in pairs else None
            if old is None and own in taken:
                old = next((b"%04x" % free for free in range(1, 0x10000) if b"%04x" % free not in taken), own)
            runs[own] = old or own
            taken.add(runs[own])
        return runs

    # ------------------------------------------------------------ lines

    def _kept_lines(self, episode: Episode) -> Iterator[bytes]:
        for index, entry in enumerate(episode.entries):
            if isinstance(episode.entries, LoadedEntries):
                yield episode.entries.line(index)
            else:
                line, sidecar = encode_apart(entry)
                if sidecar is not None:
                    inventory.store(os.path.realpath(self.path), sidecar)
                yield line

    def _lines(self, index: int, pairs: Mapping[int, int], runs: Mapping[bytes, bytes]) -> Iterator[bytes]:
        lines = self.draft.lines(index)
        if any(own != given for own, given in runs.items()):
            lines = (with_runs(line, runs) for line in lines)
        if index not in pairs:
            for line in lines:
                yield self._with_sidecar(line)
            return
        entries = self.old[pairs[index]].entries
        old = [(_whole_line(entries, at), essence(self._apart(entries, at))) for at in range(len(entries))]
        new = [(line, self._essence(line)) for line in lines]
        there = {line for line, _ in old}
        for line in merged(old, new):
            yield line if line in there else self._with_sidecar(line)

    def _with_sidecar(self, line: bytes) -> bytes:
        """`line`, whose sidecar is stored now if it needs one."""
        if b'"inventory":"' in line:
            self._store_sidecars(line)
        return line

    def _store_sidecars(self, line: bytes | None = None) -> None:
        """Store the sidecar of a line, or those of all."""
        for name, sidecar in self.draft.inventories.items():
            if line is None or name.encode() in line:
                inventory.store(os.path.realpath(self.path), sidecar)


def _behind_at(line: bytes) -> bytes:
    """A line without its `at`."""
    return line[line.find(b",") :]


def _whole_line(entries: Sequence[Entry], at: int) -> bytes:
    return entries.line(at) if isinstance(entries, LoadedEntries) else encode_apart(entries[at])[0]
