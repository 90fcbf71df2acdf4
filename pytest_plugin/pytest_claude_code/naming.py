"""From a test to the path of its cassette.

Above: `fixtures.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

_UNSAFE = re.compile(r"[^\w\-.\[\]]+")


def candidates(request: pytest.FixtureRequest, given: str | Path | None) -> list[Path]:
    """Where the cassette of a test may lie, the most specific first.

    `given`, the marker's path, relative to the folder of the test; without it, in `cassettes/<module>/` there, the name
    of the test with its parameters, then the name without them (so that one recording serves both event loops).
    """
    folder = request.path.parent
    if given is not None:
        return [folder / given]
    directory = folder / "cassettes" / request.path.stem
    names = [request.node.name, getattr(request.node, "originalname", None) or request.node.name]
    if request.cls is not None:
        names = [f"{request.cls.__qualname__}.{name}" for name in names]
    return [directory / f"{_UNSAFE.sub('-', name)}.jsonl" for name in dict.fromkeys(names)]


def first_existing(paths: list[Path]) -> Path | None:
    """The first of them that is there."""
    # Not Path.exists(), which raises for a name that is too long for the file system, as parameters can make it.
    return next((path for path in paths if os.path.exists(path)), None)
