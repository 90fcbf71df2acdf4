"""What pytest loads: the marker and the fixtures' stubs.

Imports pytest and nothing else: every project that has this distribution installed loads this file with every run of
pytest, so the bodies of the fixtures (`fixtures.py`) are imported when a test uses one.  All fixtures are synchronous
and start no event loop, so they serve tests of anyio, pytest-asyncio and trio alike; none is autouse.
"""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .fixtures import ReplayedCassette


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "claude_cassette(path, *, answers='ignore', allow_unplayed=False): the cassette that the fixture "
        "claude_cassette replays, relative to the test's folder; answers='verify' compares what hooks, permission "
        "callbacks and tools answer with the recording; allow_unplayed lets the test stop before the recording ends.",
    )


@pytest.fixture
def claude_cassette(request: pytest.FixtureRequest) -> Iterator[ReplayedCassette]:
    """Replays `<test dir>/cassettes/<module>/<test>.jsonl` for every `query()` and client of the test.

    Works for code that takes no transport, in this SDK and in the official one.  The test fails when what the program
    sent differs from the recording, and when the cassette was not played to its end.
    """
    from .fixtures import replayed

    yield from replayed(request)
