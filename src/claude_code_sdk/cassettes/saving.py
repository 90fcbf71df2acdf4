"""Partial files become a cassette.

Above: `recording.py` at a clean end, `claude-cassette record` and `recover`.  Below: `partial_runs.py` (what was
recorded), stable.py (normalizes, merges with the file that stands there, replaces it), secrets/ (nothing is written
with a secret left in it).
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ..errors import CassetteError, CassetteNotFound
from .cassette import Cassette, Entry, Episode, damaged
from .environment import sdk_of
from .jsonl import FORMAT_VERSION, load
from .partial_runs import Partial, Run, RunEntries

if TYPE_CHECKING:
    from .secrets.residue import Finding
    from .secrets.rules import Rule

_FRAME = b'"frame":'  # in the line of a frame; in that of another entry its quotes would be escaped


class Saved(NamedTuple):
    """What `save` did.

    - `changed`: whether the file was written; False: it has the same behaviour already, and its bytes stay.
    - `episodes`: how many were recorded; `unfinished`: how many of them have no exit.
    - `lost`: bytes that a kill took.
    - `cli`, `redacted`: as in the header.
    """

    changed: bool
    episodes: int
    unfinished: int
    lost: int
    cli: str | None
    redacted: Mapping[str, int]


def save(
    path: str | os.PathLike[str],
    partials: Sequence[str | os.PathLike[str]],
    *,
    rules: Sequence[Rule] | None = None,
    look_at: Stretches | None = None,
    checked: bool = False,
) -> Saved:
    """Make the cassette `path` of partial files, one episode for each run in them, in the order in which they began.

    The partial files are left where they are.  What they replace or, if they say so, are appended to is the file that
    stands there now: another process may have appended to it while these were written.

    - `rules`: further rules for secrets, as in recording.
    - `look_at`: where in the one partial to look for secrets that are left, when the recorder knows that its scrubber,
      with the same rules, saw nothing like one in the rest.  By default everywhere.
    - `checked`: the partials were written by this process, so that their frames are known to be JSON.

    Raises:
        CassetteError: A partial is missing or damaged, there is no run in them, a secret is left in what would be
            written, or it cannot be written.  The file is as it was.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(Partial(os.fspath(partial))) for partial in partials]
        torn = sum(partial.torn for partial in opened)
        runs = sorted((run for partial in opened for run in partial.runs), key=lambda run: run.began)
        runs = [run for run in runs if run.entries]
        for run in runs:
            _check_ends(run)
            if not checked:
                for entry in run.entries:
                    entry.check(orjson.loads)
        _refuse_residues(os.fspath(path), runs, rules, look_at)
        there = _there(os.fspath(path)) if any(partial.appends for partial in opened) else None
        return _save(os.fspath(path), runs, torn, there)


def recover(partial: str | os.PathLike[str]) -> Cassette:
    """What the partial file holds, as it was recorded: not normalized, and in memory.

    Of a torn last line nothing is taken; any other damage is an error.  `save` writes it as a cassette.

    Raises:
        CassetteNotFound: There is no such file.
        CassetteError: It is damaged, with line and column.
    """
    with Partial(os.fspath(partial)) as opened:
        runs = [run for run in opened.runs if run.entries]
        for run in runs:
            _check_ends(run)
        episodes = [Episode(list(run.entries), number=number) for number, run in enumerate(runs, 1)]
        cassette = Cassette(opened.path, _header(runs), episodes)
    cassette.validate()
    return cassette


def _there(path: str) -> Cassette | None:
    try:
        return load(path)
    except CassetteNotFound:
        return None


def _save(path: str, runs: Sequence[Run], torn: int, there: Cassette | None) -> Saved:
    """`there`: the cassette that the runs are appended to; its header stays, but for what was redacted."""
    from .stable import write

    if not runs:
        raise CassetteError(f"{path}: there is nothing to write: no run of the CLI was recorded")
    new = _header(runs)
    if there is not None:
        new = {**there.header, "redacted": _added(there.header.get("redacted"), new["redacted"])}
    changed = write(path, new, [run.entries for run in runs], kept=() if there is None else there.episodes)
    return Saved(
        changed=changed,
        episodes=len(runs),
        unfinished=sum(run.entries[-1].kind != "exit" for run in runs),
        lost=torn + sum(run.held for run in runs if not run.closed),
        cli=new["cli"],
        redacted=new["redacted"],
    )


def _header(runs: Sequence[Run]) -> dict[str, Any]:
    from .secrets.rules import RULES_DATE

    redacted: dict[str, int] = {}
    for run in runs:
        redacted = _added(redacted, run.redacted)
    environments = [run.entries[0].value.get("env") or {} for run in runs]
    return {
        "cassette": FORMAT_VERSION,
        "sdk": next(filter(None, map(sdk_of, environments)), None),
        "cli": next((run.cli for run in runs if run.cli), None),
        "recorded": wall_clock(),
        "mode": "record",
        "redacted": redacted,
        "rules": RULES_DATE,
    }


def wall_clock() -> str:
    """Now, for a header: the one place where recording asks what day it is."""
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _added(one: Mapping[str, int] | None, other: Mapping[str, int]) -> dict[str, int]:
    both = dict(one or {})
    for rule, count in other.items():
        both[rule] = both.get(rule, 0) + count
    return dict(sorted(both.items()))


def _check_ends(run: Run) -> None:
    """Make sure that a run is an episode: its spawn stands first and its exit last, and both only there."""
    entries = run.entries
    first, last = entries[0], len(entries) - 1
    if first.kind != "spawn":
        what = f"a run begins with its spawn entry, and this is {first.kind!r}: before_record must not leave it out"
        raise damaged(first.path, first.number, 1, what)
    for stretch in entries.stretches(all_lines=False):
        if not stretch.plain and _FRAME not in stretch.lines and stretch.first not in (0, last):
            entry = entries[stretch.first]
            if entry.kind in ("spawn", "exit"):
                what = f"{entry.kind!r} in the middle of a run, which begins with spawn and ends with exit"
                raise damaged(entry.path, entry.number, 1, what)
    if last and entries[last].kind == "spawn":
        raise damaged(first.path, entries[last].number, 1, "a second 'spawn' in one run")


class Stretches:
    """Stretches of a file, added in ascending order; those that touch are one."""

    def __init__(self) -> None:
        self._starts = array("q")
        self._ends = array("q")

    def add(self, start: int, end: int) -> None:
        if self._ends and start <= self._ends[-1]:
            self._ends[-1] = end
        else:
            self._starts.append(start)
            self._ends.append(end)

    def meet(self, start: int, end: int) -> bool:
        """Whether any of them has a byte between `start` and `end`."""
        after = bisect_right(self._ends, start)
        return after < len(self._starts) and self._starts[after] < end


def _refuse_residues(path: str, runs: Sequence[Run], rules: Sequence[Rule] | None, look_at: Stretches | None) -> None:
    """Look once more at what would be written.  Raises `CassetteError` for a secret."""
    found = [
        f"{entry.path}:{entry.number}: {finding.where}: {finding.rule}"
        for run in runs
        for entry, finding in _residues(run.entries, rules, look_at)
    ]
    if found:
        from .secrets.residue import refused

        raise refused(path, found)


def _residues(
    entries: RunEntries, rules: Sequence[Rule] | None, look_at: Stretches | None
) -> Iterator[tuple[Entry, Finding]]:
    from .secrets.residue import ResidueSearch

    search: ResidueSearch | None = None
    begin = 0  # the entry that it began with
    for block in entries.blocks():
        if look_at is not None and not look_at.meet(block.start, block.end):
            found = search.end() if search is not None else []
            search = None
        else:
            if search is None:
                search, begin = ResidueSearch(rules, environment=os.environ), block.first
            found = search.feed(block.lines())
        yield from ((entries[begin + finding.line - 1], finding) for finding in found)
    if search is not None:
        yield from ((entries[begin + finding.line - 1], finding) for finding in search.end())
