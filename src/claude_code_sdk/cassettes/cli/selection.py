"""Which cassettes the paths on a command line mean.

Above: the subcommands that take `PATH...`.  Below: nothing.  A file is taken as it is.  Of a folder every `.jsonl`
below it is a cassette, except in hidden folders, `node_modules` and `inventory` (the sidecars), and except files whose
first line is the object of another format: those are named to the user (`others`), never skipped in silence.  A file
whose first line cannot be read counts as a cassette, and so does one whose second line is an entry, since a damaged one
must not look like none.  Recorded HTTP of tools, `.http.yaml`, is for the subcommands that ask for it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...errors import CassetteError, CassetteNotFound
from .http_recordings import SUFFIX as HTTP

SUFFIX = ".jsonl"
_LEFT_OUT = frozenset({"node_modules", "inventory", "__pycache__"})
_FIRST_LINE = 64 * 1024
_SPAWN = re.compile(rb'"spawn": ?\{"argv": ?\[')


class Selection(NamedTuple):
    """Paths of `cassettes`, each once, those of a folder sorted; `others` are `.jsonl` files of other formats, `http`
    those of recorded HTTP."""

    cassettes: list[str]
    others: list[str]
    http: list[str]


def select(paths: Iterable[str], *, http: bool = False) -> Selection:
    """The cassettes that `paths` mean; with `http` also the recorded HTTP.

    Raises:
        CassetteNotFound: A path is not there.
        CassetteError: A folder cannot be read, or there is no cassette at all: an empty selection is never a success.
    """
    given = list(paths)
    selection = Selection([], [], [])
    seen: set[str] = set()
    for path in given:
        for file, is_cassette in _files(path):
            real = os.path.realpath(file)
            if real in seen:
                continue
            seen.add(real)
            if file.endswith(HTTP):
                selection.http.append(file)
            else:
                (selection.cassettes if is_cassette else selection.others).append(file)
    if not http:
        _refuse_http(selection.http, given)
        selection.http.clear()
    if not selection.cassettes and not selection.http:
        where = ", ".join(given)
        others = f" ({len(selection.others)} {SUFFIX} files there are none)" if selection.others else ""
        raise CassetteError(f"no cassettes in {where}{others}; name a file, or a folder with {SUFFIX} files below it")
    return selection


def _refuse_http(found: Iterable[str], given: list[str]) -> None:
    """Raises `CassetteError` when one was named: of a folder they are left out, for they are another matter."""
    named = [path for path in found if path in given]
    if named:
        raise CassetteError(
            f"{named[0]}: it is recorded HTTP of tools, which has no episodes; show, scan and scrub take it whole"
        )


def _files(path: str) -> Iterator[tuple[str, bool]]:
    if os.path.isfile(path):
        yield path, True
        return
    if not os.path.exists(path):
        raise CassetteNotFound(f"{path}: there is no such file or folder")
    if not os.path.isdir(path):
        yield path, True  # a pipe, say <(zcat ...)
        return
    for folder, folders, files in os.walk(path, onerror=_refuse):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        for name in sorted(files):
            file = os.path.normpath(os.path.join(folder, name))
            if name.endswith(SUFFIX):
                yield file, not _is_another_format(file)
            elif name.endswith(HTTP):
                yield file, False


def _is_another_format(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            line = file.readline(_FIRST_LINE)
            begins_an_episode = _SPAWN.search(file.readline(_FIRST_LINE)) is not None
    except OSError:
        return False
    if not line.endswith(b"\n") and len(line) == _FIRST_LINE:
        return not line.lstrip().startswith(b'{"cassette"')
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "cassette" not in header and not begins_an_episode


def _refuse(error: OSError) -> None:
    raise CassetteError(f"{error.filename}: the folder cannot be read: {error.strerror}") from error
