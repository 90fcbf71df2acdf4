"""Sidecars as files: which ones a cassette names, which lie in a folder, and which no cassette names any more.

Above: `claude-cassette check`, `scan` and `scrub`.  Below: inventory.py, which says what is in one and where it lies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from ..errors import CassetteError
from .inventory import FOLDER, folders_of, has_its_name

_NAMED = re.compile(rb'"inventory": ?"([^"\\/]+\.json)"')
_SKIPPED = frozenset({".git", ".hg", "node_modules"})


def named_in(data: bytes) -> set[str]:
    """The sidecars that the content of a cassette names, however damaged it is."""
    return {name.decode("utf-8", "replace") for name in _NAMED.findall(data)}


def sidecars_of(path: str, data: bytes) -> Iterator[str]:
    """Where the sidecars of the cassette `path` lie, as far as they are there."""
    for name in sorted(named_in(data)):
        there = (os.path.join(folder, name) for folder in folders_of(path))
        yield from list(filter(os.path.isfile, there))[:1]


def sidecars_below(folder: str) -> list[str]:
    """The sidecars in all folders below this one."""
    return [path for inventory in _inventories(folder) for path in _sidecars_in(inventory)]


def unused_below(folder: str) -> list[str]:
    """Those of them that no cassette names: none below the folder that holds theirs.

    Raises:
        CassetteError: A cassette cannot be read.
    """
    found: list[str] = []
    for inventory in _inventories(folder):
        there = _sidecars_in(inventory)
        used = _named_below(os.path.dirname(inventory) or ".") if there else set()
        found += [path for path in there if os.path.basename(path) not in used]
    return found


def remove(paths: Iterable[str]) -> None:
    """Remove sidecars, and their folder when it is empty then.

    Raises:
        CassetteError: One cannot be removed.
    """
    for path in paths:
        try:
            os.unlink(path)
            if not os.listdir(os.path.dirname(path)):
                os.rmdir(os.path.dirname(path))
        except OSError as error:
            raise CassetteError(f"{path}: the inventory cannot be removed: {error.strerror}") from error


def _inventories(folder: str) -> Iterator[str]:
    for here, _ in _walk(folder):
        if os.path.basename(os.path.abspath(here)) == FOLDER:
            yield here


def _sidecars_in(inventory: str) -> list[str]:
    """Files that are sidecars by name and content: nothing else that may lie there."""
    paths = (os.path.join(inventory, name) for name in sorted(os.listdir(inventory)))
    return [path for path in paths if os.path.isfile(path) and has_its_name(path)]


def _named_below(folder: str) -> set[str]:
    used: set[str] = set()
    for here, files in _walk(folder):
        for name in files:
            if name.endswith(".jsonl"):
                path = os.path.join(here, name)
                try:
                    with open(path, "rb") as file:
                        used |= named_in(file.read())
                except OSError as error:
                    raise CassetteError(f"{path}: the cassette cannot be read: {error.strerror}") from error
    return used


def _walk(folder: str) -> Iterator[tuple[str, list[str]]]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        yield os.path.normpath(here), files
