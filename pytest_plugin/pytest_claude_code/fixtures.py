"""Bodies of the fixtures: imported when a test uses one, so that the plugin costs nothing until then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.mismatch import UnplayedEpisode
from claude_code_sdk.cassettes.transport import CassetteTransport

from .naming import cassette_path, may_leave_unplayed, replay_settings


class ReplayedCassette:
    """What the fixture `claude_cassette` gives to a test.

    - `path`: the cassette's file.
    - `transport`: the transport that plays it, for code that takes one.
    """

    def __init__(self, path: Path, transport: CassetteTransport) -> None:
        self.path = path
        self.transport = transport

    def __repr__(self) -> str:
        return f"<cassette {self.path}>"


def replayed(request: pytest.FixtureRequest) -> Iterator[ReplayedCassette]:
    """Replay the test's cassette; afterwards raise what the program swallowed, or say what was not played."""
    path = cassette_path(request)
    transport = CassetteTransport(path, **replay_settings(request))
    failures = request.session.testsfailed
    with use_transport(transport):
        yield ReplayedCassette(path, transport)
    if request.session.testsfailed > failures:
        return  # the test failed by itself: what it left unplayed is a consequence
    try:
        transport.check()
    except UnplayedEpisode:
        if not may_leave_unplayed(request):
            raise
