"""The connection classes that `http.client` shows to other modules, replaced without touching its own.

Above: `http.py`.  The usual way is to set the module's attributes; but the methods of the real classes find each other
through these (`super(HTTPSConnection, self)`), so they have to be put back for each real connection, and what another
thread opens meanwhile is not seen.  Here only reading an attribute from outside gives the replacement: the module's
own code reads its globals.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_here = threading.local()
_shown: dict[str, type] = {}


def _shows(name: str) -> Any:
    def read(module: ModuleType) -> type:
        real: type = vars(module)[name]
        return real if getattr(_here, "real", 0) else _shown.get(name, real)

    def write(module: ModuleType, value: type) -> None:
        vars(module)[name] = value

    return property(read, write)


class _Shown(ModuleType):
    HTTPConnection = _shows("HTTPConnection")
    HTTPSConnection = _shows("HTTPSConnection")


@contextmanager
def replaced(classes: dict[str, type]) -> Iterator[None]:
    """In the block, other modules see these classes, by their names in `http.client`."""
    before, kind = dict(_shown), type(http.client)
    _shown.update(classes)
    http.client.__class__ = _Shown
    try:
        yield
    finally:
        http.client.__class__ = kind
        _shown.clear()
        _shown.update(before)


@contextmanager
def real_ones() -> Iterator[None]:
    """In the block, this thread sees the real classes: subclasses elsewhere call their methods by name."""
    _here.real = getattr(_here, "real", 0) + 1
    try:
        yield
    finally:
        _here.real -= 1
