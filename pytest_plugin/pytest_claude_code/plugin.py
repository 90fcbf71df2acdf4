"""What pytest loads: options, markers, the fixtures' stubs, and one look at each report.

Imports pytest and nothing else: every project that has this distribution installed loads this file with every run of
pytest, so the bodies are imported when a test uses a fixture, each from a file of its own beside this one.  All
fixtures are synchronous and start no event loop, so they serve tests of anyio, pytest-asyncio and trio alike; none is
autouse.  Every name begins with `claude_` or `fake_claude`.
"""

from __future__ import annotations

import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from claude_code_sdk.testing.run.run import Run

    from .cassette_fixture import ReplayedCassette
    from .far_end import FarEnd
    from .in_use import InUse
    from .script_fixture import FakeClaude

IN_USE: pytest.StashKey[list[InUse]] = pytest.StashKey()
"""What the fixtures play for a test, for its reports."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and the ini settings; `config.py` says which of them counts, and checks their words."""
    group = parser.getgroup("claude", "Claude Code: scripts and cassettes")
    group.addoption(
        "--claude-engine",
        metavar="ENGINE",
        help="in-process (default): scripts and cassettes are played in this process; subprocess: each run is a "
        "process of fake-claude. Ini: claude_engine; environment: CCSDK_ENGINE, which goes first.",
    )
    parser.addini("claude_engine", "where scripts and cassettes are played: in-process or subprocess")


MARKERS = (
    (
        "claude_cassette(path, *, match_on=('argv', 'prompt', 'control'), answers=None, unplayed='fail'): the cassette "
        "that the fixture claude_cassette replays, relative to the test's folder; match_on says what must be equal: "
        "also 'raw', and functions (recorded, live) that raise AssertionError; answers='verify' compares what hooks, "
        "permission callbacks and tools answer with the recording (the default, but not for imported cassettes), "
        "'ignore' does not, 'stub' does not ask for it; unplayed='ignore' lets the test stop before the recording "
        "ends. The keywords work without a path too."
    ),
    "fake_claude(unplayed='fail'): with unplayed='ignore' the test may leave replies and expectations of its script.",
    (
        "claude_engine(*engines, reason): the engines that the test may run on, 'in-process', 'subprocess'; on another "
        "one it is skipped with the reason, or runs on the first of these when nobody has asked for an engine."
    ),
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.fixture
def claude_engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test's scripts and cassettes are played by: `in-process` or `subprocess`.

    For a test on both: `@pytest.mark.parametrize("claude_engine", ["in-process", "subprocess"], indirect=True)`, or a
    fixture of this name in a conftest.py that has `params`.
    """
    from .engine_fixture import engine_of

    return engine_of(request)


@pytest.fixture
def fake_claude(request: pytest.FixtureRequest, claude_engine: str) -> Iterator[FakeClaude]:
    """A script that every run of the CLI in this test plays: `fake_claude.says("Hello")`.

    Any `query()` and client of this SDK and of the official one meets it.  `fake_claude.run` is what happened.  The
    test fails when replies or expectations are left, or when the program swallowed what the script said.
    """
    far_end = _far_end(request, claude_engine)
    from .script_fixture import scripted

    yield from scripted(request, far_end)


@pytest.fixture
def claude_cassette(request: pytest.FixtureRequest, claude_engine: str) -> Iterator[ReplayedCassette]:
    """Replays `<test dir>/cassettes/<module>/<test>.jsonl` for every `query()` and client of the test.

    Works for code that takes no transport, in this SDK and in the official one.  The test fails when what the program
    sent differs from the recording, and when the cassette was not played to its end.  `claude_cassette.run` is what
    happened.
    """
    far_end = _far_end(request, claude_engine)
    from .cassette_fixture import replayed

    yield from replayed(request, far_end)


@pytest.fixture
def claude_run(request: pytest.FixtureRequest) -> Run:
    """What happened in the test so far, over all sessions and in each: tool calls, hook calls, permission requests …

    The `run` of the fixture that plays the test, `fake_claude` or `claude_cassette`.
    """
    from .run_fixture import run_of

    return run_of(request)


def _far_end(request: pytest.FixtureRequest, engine: str) -> FarEnd:
    from claude_code_sdk._clash import require_ours

    require_ours()
    from .far_end import FAR_ENDS

    kind = FAR_ENDS[engine]
    return kind(lambda: request.getfixturevalue("tmp_path_factory").mktemp("claude"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixture that its test failed, and make the failure readable."""
    in_use = item.stash.get(IN_USE, None)
    if not in_use or call.excinfo is None or call.when == "teardown":
        return (yield)
    from .reports import add_swallowed, leave_out_the_sdk

    in_use[0].test_failed = True
    leave_out_the_sdk(item, call.excinfo)
    report = yield
    add_swallowed(in_use[0], call.excinfo.value, report)
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain where what happened differs: `assert run.hook_calls == [...]`."""
    if op != "==" or "claude_code_sdk.testing.run.facts" not in sys.modules:
        return None
    from claude_code_sdk.testing.run.comparison_text import comparison

    return comparison(left, right)
