"""What pytest loads: the marker, the fixtures' stubs, and one look at each report.

Imports pytest and nothing else: every project that has this distribution installed loads this file with every run of
pytest, so the bodies (`fixtures.py`, `reports.py`) are imported when a test uses a fixture.  All fixtures are
synchronous and start no event loop, so they serve tests of anyio, pytest-asyncio and trio alike; none is autouse.
"""

from __future__ import annotations

import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .fixtures import ReplayedCassette

REPLAYED: pytest.StashKey[ReplayedCassette] = pytest.StashKey()
"""What the fixture left at the test, for its reports."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "claude_cassette(path, *, match_on=('argv', 'prompt', 'control'), answers=None, unplayed='fail'): the cassette "
        "that the fixture claude_cassette replays, relative to the test's folder; match_on says what must be equal: "
        "also 'raw', and functions (recorded, live) that raise AssertionError; answers='verify' compares what hooks, "
        "permission callbacks and tools answer with the recording (the default, but not for imported cassettes), "
        "'ignore' does not, 'stub' does not ask for it; unplayed='ignore' lets the test stop before the recording "
        "ends. The keywords work without a path too.",
    )


@pytest.fixture
def claude_cassette(request: pytest.FixtureRequest) -> Iterator[ReplayedCassette]:
    """Replays `<test dir>/cassettes/<module>/<test>.jsonl` for every `query()` and client of the test.

    Works for code that takes no transport, in this SDK and in the official one.  The test fails when what the program
    sent differs from the recording, and when the cassette was not played to its end.
    """
    from claude_code_sdk._clash import require_ours

    require_ours()
    from .fixtures import replayed

    yield from replayed(request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixture that its test failed, and make the failure readable."""
    replayed = item.stash.get(REPLAYED, None)
    if replayed is None or call.excinfo is None or call.when == "teardown":
        return (yield)
    from .reports import add_swallowed, leave_out_the_sdk

    replayed.test_failed = True
    leave_out_the_sdk(item, call.excinfo)
    report = yield
    add_swallowed(replayed, call.excinfo.value, report)
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain where what happened differs: `assert run.hook_calls == [...]`."""
    if op != "==" or "claude_code_sdk.testing.run.facts" not in sys.modules:
        return None
    from claude_code_sdk.testing.run.comparison_text import comparison

    return comparison(left, right)
