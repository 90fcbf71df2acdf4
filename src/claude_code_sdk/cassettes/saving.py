"""Partial files become a cassette.

Above: `recording.py` at a clean end, `claude-cassette record` and `recover`.  Below: `partial_runs.py` (what was
recorded), stable.py (normalizes, merges with the file that stands there, replaces it), secrets/ (nothing is written
with a secret left in it).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import CassetteError
from .cassette import Cassette, Episode
from .environment import sdk_of
from .jsonl import FORMAT_VERSION
from .partial_runs import Partial, Run

if TYPE_CHECKING:
    from .secrets.residues import Finding

_SHOWN = 5


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
    kept: Sequence[Episode] = (),
    header: Mapping[str, Any] | None = None,
) -> Saved:
    """Make the cassette `path` of partial files, one episode for each run in them, in the order in which they began.

    The partial files are left where they are.

    - `kept`: episodes of the file that stands there, to which the new ones are appended; `header`: its header, which
      then stays, but for what was redacted.

    Raises:
        CassetteError: A partial is missing or damaged, there is no run in them, a secret is left in what would be
            written, or it cannot be written.  The file is as it was.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(Partial(os.fspath(partial))) for partial in partials]
        torn = sum(partial.torn for partial in opened)
        runs = sorted((run for partial in opened for run in partial.runs), key=lambda run: run.began)
        runs = [run for run in runs if run.entries]
        return _save(os.fspath(path), runs, torn, kept, header)


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
            _check_spawn(run)
        episodes = [Episode(list(run.entries), number=number) for number, run in enumerate(runs, 1)]
        cassette = Cassette(opened.path, _header(runs), episodes)
    cassette.validate()
    return cassette


def _save(
    path: str, runs: Sequence[Run], torn: int, kept: Sequence[Episode], header: Mapping[str, Any] | None
) -> Saved:
    from .stable import write

    if not runs:
        raise CassetteError(f"{path}: there is nothing to write: no run of the CLI was recorded")
    for run in runs:
        _check_spawn(run)
    new = _header(runs)
    if header is not None:
        new = {**header, "redacted": _added(header.get("redacted"), new["redacted"])}
    changed = write(path, new, [run.entries for run in runs], kept=kept)
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


def _check_spawn(run: Run) -> None:
    first = run.entries[0]
    if first.kind != "spawn":
        raise CassetteError(
            f"{first.path}:{first.number}: a run begins with its spawn entry, and this is {first.kind!r}: "
            "before_record must not leave it out"
        )


class ResidueCheck:
    """Looks at the lines of a file just before it is written.

    - `path`: the cassette, for the error.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._number = 0
        self._findings: list[Finding] = []

    def __call__(self, lines: bytes) -> None:
        """`lines`: the next whole lines of the file.  Raises `CassetteError` for a secret in them."""
        from .secrets.residues import residues

        found = residues(lines, environment=os.environ)
        if found:
            where = "\n".join(f"  line {self._number + f.line}: {f.where}: {f.rule}" for f in found[:_SHOWN])
            more = f"\n  … and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            raise CassetteError(
                f"{self._path}: not written, since a secret would stand in it:\n{where}{more}\n"
                "  take it out with a rule of your own (rules=) or a function (before_record=)"
            )
        self._number += lines.count(b"\n")
