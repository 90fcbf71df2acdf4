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
NEUTRAL = ("anyio_backend", "claude_engine")
"""Fixtures whose parameters are no part of the name."""

LONGEST = 120
"""Characters of a name that is kept as it is; encoded they are ASCII, and file systems take 255 bytes."""

_KEPT = "[]-._~,=+@"
_OLD_UNSAFE = re.compile(r"[^\w\-.\[\]]+")


class CassetteNames:
    """Where the cassette of a test may lie.

    - `own`: the path that it is recorded to.
    - `shown`: those that are looked at, the most specific first: `own`, then that of the test without its parameters,
      so that one recording may serve all of them.
    - `all`: these, each with the path that earlier versions gave it behind it.
    """

    def __init__(self, *paths: tuple[Path, ...]) -> None:
        """`paths`: a path, and an older one behind it if there is; the most specific first."""
        self.own = paths[0][0]
        self.shown = list(dict.fromkeys(path for path, *_ in paths))
        self.all = list(dict.fromkeys(path for both in paths for path in both))

    def existing(self) -> Path | None:
        """The first of them that is there."""
        # Not Path.exists(), which raises for a name that is too long for the file system, as parameters can make it.
        return next((path for path in self.all if os.path.exists(path)), None)


def cassette_names(
    test: pytest.Item, folder: str = "cassettes", *, given: str | Path | None = None, name: str | None = None
) -> CassetteNames:
    """Where the cassette of `test` may lie.

    - `folder`: that of the cassettes, beside the test's module.
    - `given`: a path that the marker gives, relative to the folder of the test; then that is it.
    - `name`: a name that the marker gives, instead of the test's.
    """
    if given is not None:
        return CassetteNames((test.path.parent / given,))
    module = test.path.parent / folder / test.path.stem
    cls = getattr(test, "cls", None)
    place = module if cls is None else module / encoded(cls.__qualname__)
    if name is not None:
        return CassetteNames((module / f"{encoded(name)}{SUFFIX}",))
    bare = getattr(test, "originalname", None) or test.name
    own = name_of(test)
    prefix = "" if cls is None else f"{cls.__qualname__}."
    old_exact, old_plain = (module / f"{_OLD_UNSAFE.sub('-', prefix + title)}{SUFFIX}" for title in (test.name, bare))
    exact, plain = (place / f"{encoded(title)}{SUFFIX}" for title in (own, bare))
    return CassetteNames((exact, old_exact), (plain, old_plain))


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
