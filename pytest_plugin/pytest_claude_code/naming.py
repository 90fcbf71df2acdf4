"""From a test to the path of its cassette.

    <folder of the test>/cassettes/<module>/<class>/<test>.jsonl

Above: the fixtures, `ledger.py`.  Below: nothing.  The name of a test is percent-encoded where a file system or a shell
takes offence, and cut, with a hash, when it is long.  Parameters that say where a test runs and not what it does (the
event loop of anyio's plugin, our engine) are no part of it, so that one recording serves all of them.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

SUFFIX = ".jsonl"
HTTP_SUFFIX = ".http.yaml"
"""Of the file beside a cassette that has the HTTP of the program's tools."""

NEUTRAL = ("anyio_backend", "claude_engine")
"""Fixtures whose parameters are no part of the name."""

LONGEST = 120
"""Characters of a name that is kept as it is; encoded they are ASCII, and file systems take 255 bytes."""

_KEPT = "[]-._~,=+@"
_OLD_UNSAFE = re.compile(r"[^\w\-.\[\]]+")


class CassetteNames:
    """Where the cassette of a test may lie.

    - `paths`: the most specific first, each with the one that earlier versions gave it behind it, if there is such.
    """

    def __init__(self, *paths: tuple[str, ...]) -> None:
        self._paths = paths

    @property
    def own(self) -> Path:
        """Where it is recorded to."""
        return Path(self._paths[0][0])

    @property
    def shown(self) -> list[Path]:
        """Where one is looked for, but for the paths of earlier versions.

        After the test's own comes that of the test without its parameters, so that one recording may serve all of them.
        """
        return [Path(path) for path in dict.fromkeys(path for path, *_ in self._paths)]

    def existing(self) -> str | None:
        """The path of the first that is there, those of earlier versions included."""
        for both in self._paths:
            for path in both:
                # Not Path.exists(), which raises for a name that is too long, as parameters can make it.
                if os.path.exists(path):
                    return path
        return None


def cassette_names(
    test: pytest.Item, folder: str = "cassettes", *, given: str | Path | None = None, name: str | None = None
) -> CassetteNames:
    """Where the cassette of `test` may lie.

    - `folder`: that of the cassettes, beside the test's module.
    - `given`: a path that the marker gives, relative to the folder of the test; then that is it.
    - `name`: a name that the marker gives, instead of the test's.
    """
    beside, file = os.path.split(test.path)
    if given is not None:
        return CassetteNames((os.path.join(beside, given),))
    module = os.path.join(beside, folder, os.path.splitext(file)[0])
    if name is not None:
        return CassetteNames((_path(module, encoded(name)),))
    bare = getattr(test, "originalname", None) or test.name
    cls = getattr(test, "cls", None)
    place = module if cls is None else os.path.join(module, encoded(cls.__qualname__))
    prefix = "" if cls is None else f"{cls.__qualname__}."
    titles = dict.fromkeys([(name_of(test), test.name), (bare, bare)])  # one without parameters has one
    return CassetteNames(
        *((_path(place, encoded(own)), _path(module, _OLD_UNSAFE.sub("-", prefix + old))) for own, old in titles)
    )


def _path(folder: str, name: str) -> str:
    return f"{folder}{os.sep}{name}{SUFFIX}"


def http_beside(cassette: str) -> str:
    """Where the HTTP of a cassette's sessions is."""
    return cassette.removesuffix(SUFFIX) + HTTP_SUFFIX


def encoded(name: str) -> str:
    """`name` as the name of a file, one to one."""
    text = quote(name, safe=_KEPT)
    if len(text) <= LONGEST:
        return text
    cut = re.sub(r"%.?$", "", text[: LONGEST - 18])
    return f"{cut}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def name_of(test: pytest.Item) -> str:
    """The name of the test without the parameters that are no part of it."""
    callspec = getattr(test, "callspec", None)
    if callspec is None:
        return test.name
    identity = callspec.id
    for fixture in NEUTRAL:
        if fixture in callspec.params:
            value = callspec.params[fixture]
            value = value[0] if isinstance(value, tuple) else value
            identity = re.sub(rf"(^|-){re.escape(str(value))}(?=-|$)", "", identity, count=1).removeprefix("-")
    bare = getattr(test, "originalname", None) or test.name.partition("[")[0]
    return f"{bare}[{identity}]" if identity else bare
