"""From a test to the path of its cassette, and to what its marker says about replaying it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

MARKER = "claude_cassette"

_UNSAFE = re.compile(r"[^\w\-.\[\]]+")


def candidates(request: pytest.FixtureRequest) -> list[Path]:
    """Where the cassette of a test may lie, the most specific first.

    The marker's path, relative to the folder of the test; else, in `cassettes/<module>/` there, the name of the test
    with its parameters, then the name without them (so that one recording serves both event loops).
    """
    folder = request.path.parent
    marker = request.node.get_closest_marker(MARKER)
    if marker is not None and marker.args:
        return [folder / marker.args[0]]
    directory = folder / "cassettes" / request.path.stem
    names = [request.node.name, getattr(request.node, "originalname", None) or request.node.name]
    if request.cls is not None:
        names = [f"{request.cls.__name__}.{name}" for name in names]
    return [directory / f"{_UNSAFE.sub('-', name)}.jsonl" for name in dict.fromkeys(names)]


def cassette_path(request: pytest.FixtureRequest) -> Path:
    """The cassette of a test: the first candidate that exists, else the last one, which is then reported as missing."""
    paths = candidates(request)
    return next((path for path in paths if path.exists()), paths[-1])


def may_leave_unplayed(request: pytest.FixtureRequest) -> bool:
    """Whether the test's marker lets it stop before the recording ends."""
    marker = request.node.get_closest_marker(MARKER)
    return marker is not None and bool(marker.kwargs.get("allow_unplayed", False))


def replay_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the test's marker says about replaying, as keyword arguments of `CassetteTransport`.

    Raises `TypeError` for a keyword that the marker does not have: dropped, a misspelt one would verify nothing.
    """
    marker = request.node.get_closest_marker(MARKER)
    given = {} if marker is None else dict(marker.kwargs)
    given.pop("allow_unplayed", None)
    unknown = given.keys() - {"answers"}
    if unknown:
        raise TypeError(f"the marker {MARKER} has no keyword {', '.join(sorted(unknown))}; see pytest --markers")
    return given
