"""What pytest loads: options, markers, the fixtures' stubs, and one look at each report.

Imports pytest and nothing else: every project that has this distribution installed loads this file with every run of
pytest, so the bodies are imported when a test uses a fixture, each from a file of its own beside this one.  All
fixtures are synchronous and start no event loop, so they serve tests of anyio, pytest-asyncio and trio alike; none is
autouse.  Every name begins with `claude_` or `fake_claude`.
"""

from __future__ import annotations

import os
import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from typing import Any

    from syrupy.assertion import SnapshotAssertion

    from claude_code_sdk.cassettes.secrets.rules import Rule
    from claude_code_sdk.testing.clock import RecordedClock
    from claude_code_sdk.testing.run.run import Run

    from .cassette_fixture import ClaudeCassette
    from .chaos_fixture import ClaudeFaults
    from .clock_fixture import LiveClock
    from .far_end import FarEnd
    from .in_use import InUse
    from .ledger import Ledger
    from .live import KillSwitch
    from .script_fixture import FakeClaude

IN_USE: pytest.StashKey[list[InUse]] = pytest.StashKey()
"""What the fixtures play for a test, for its reports."""

KILL_SWITCH: pytest.StashKey[KillSwitch] = pytest.StashKey()
LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()


OUR_SDK = "claude_code_sdk"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and the ini settings; `config.py` says which of them counts, and checks their words."""
    group = parser.getgroup("claude", "Claude Code: scripts and cassettes")
    group.addoption(
        "--claude-engine",
        metavar="ENGINE",
        help="in-process (default): scripts and cassettes are played in this process; subprocess: each run is a "
        "process of fake-claude. Ini: claude_engine; environment: CCSDK_ENGINE, which goes first.",
    )
    group.addoption(
        "--claude-record",
        metavar="MODE",
        help="none (default): cassettes are played only; once: one that is missing is recorded; new_episodes: what a "
        "cassette does not have is appended; all: every one is recorded anew. Said here, or by the environment "
        "(CCSDK_RECORD_MODE, which goes first), it allows the live runs of tests that record. Ini: claude_record.",
    )
    group.addoption(
        "--claude-unused-cassettes",
        metavar="WHAT",
        help="What becomes of cassettes that no test uses: report (default), fail: the run fails, prune: they are "
        "removed. Ini: claude_unused_cassettes; environment: CCSDK_UNUSED_CASSETTES, which goes first.",
    )
    group.addoption(
        "--claude-allow-live",
        action="store_const",
        const="allow",
        help="Let tests start the real claude. Without it that fails, in this SDK and in the official one, also in "
        "tests without a fixture of this plugin. Environment: CCSDK_LIVE=allow or refuse, which goes first.",
    )
    parser.addini("claude_engine", "where scripts and cassettes are played: in-process or subprocess")
    parser.addini("claude_record", "when cassettes are recorded: none, once, new_episodes or all")
    parser.addini("claude_unused_cassettes", "what becomes of cassettes that no test uses: report, fail or prune")
    parser.addini(
        "claude_sdk", "whose options claude_options are: claude_code_sdk or claude_agent_sdk", default=OUR_SDK
    )
    parser.addini("claude_http", "record and play the HTTP of tools: true, false, or auto: play where it was recorded")
    parser.addini("claude_cassettes", "name of the folder of cassettes, beside the tests", default="cassettes")


MARKERS = (
    (
        "claude_cassette(path, *, name=None, record_mode=None, match_on=('argv', 'prompt', 'control'), answers=None, "
        "freeze_time=False, http=None, unplayed='fail'): the cassette of the fixture claude_cassette, relative to the "
        "test's folder, or its name in the usual one; record_mode is 'none', 'once', 'new_episodes' or 'all'; match_on "
        "says what must be equal: also 'raw', and functions (recorded, live) that raise AssertionError; "
        "answers='verify' compares what hooks, permission callbacks and tools answer with the recording (the default, "
        "but not for imported cassettes), 'ignore' does not, 'stub' does not ask for it; freeze_time=True makes the "
        "time of day that of the recording; http=True plays and records the HTTP of the program's tools, False leaves "
        "it alone (without it, HTTP is recorded with the sessions, and played where it was); unplayed='ignore' lets "
        "the test stop before the recording ends. The keywords work without a path too."
    ),
    "fake_claude(unplayed='fail'): with unplayed='ignore' the test may leave replies and expectations of its script.",
    (
        "claude_engine(*engines, reason): the engines that the test may run on, 'in-process', 'subprocess'; on another "
        "one it is skipped with the reason, or runs on the first of these when nobody has asked for an engine."
    ),
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, refuse settings without a meaning, and switch the real CLI off."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    from .config import SETTINGS, chosen, refuse_unknown
    from .ledger import Ledger
    from .live import KillSwitch

    try:
        refuse_unknown(os.environ)
        for setting in SETTINGS:
            chosen(config, setting)
        config.stash[LEDGER] = ledger = Ledger(config)
        config.stash[KILL_SWITCH] = switch = KillSwitch(config)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(ledger, "claude_ledger")
    switch.on()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave this process as it was."""
    switch = config.stash.get(KILL_SWITCH, None)
    if switch is not None:
        switch.off()


def pytest_report_header(config: pytest.Config) -> str:
    """How scripts and cassettes are played in this run."""
    from .summary import header

    return header(config, live_allowed=config.stash[KILL_SWITCH].allowed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What became of the cassettes."""
    from .summary import told

    lines = told(config.stash[LEDGER], folder=config.invocation_params.dir, verbose=config.option.verbose > 0)
    if lines:
        terminalreporter.section("claude cassettes")
        for line in lines:
            terminalreporter.line(line)


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


@pytest.fixture(scope="session")
def claude_rules() -> Sequence[Rule]:
    """Rules for secrets of your own, beside the built-in ones: none, unless a conftest.py overrides this fixture.

        @pytest.fixture(scope="session")
        def claude_rules():
            return [Rule("ticket", r"TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"])]

    What `claude_cassette` records, sessions and the HTTP of tools, is written without what they find; on replay a live
    text with such a secret fits what was recorded.
    """
    return ()


@pytest.fixture
def claude_cassette(
    request: pytest.FixtureRequest, claude_engine: str, claude_rules: Sequence[Rule]
) -> Iterator[ClaudeCassette]:
    """Plays `<test dir>/cassettes/<module>/<class>/<test>.jsonl` for every `query()` and client of the test.

    Works for code that takes no transport, in this SDK and in the official one.  The test fails when what the program
    sent differs from the recording, and when the cassette was not played to its end.  `claude_cassette.run` is what
    happened.
    """
    far_end = _far_end(request, claude_engine)
    from .beside_cassette import beside
    from .cassette_fixture import on_cassette
    from .marker import replay_settings
    from .rules_fixture import checked_rules

    settings, rules = replay_settings(request.node), checked_rules(claude_rules)
    yield from beside(request, on_cassette(request, far_end, settings, rules), settings, rules)


@pytest.fixture
def claude_run(request: pytest.FixtureRequest) -> Run:
    """What happened in the test so far, over all sessions and in each: tool calls, hook calls, permission requests …

    The `run` of the fixture that plays the test, `fake_claude` or `claude_cassette`.
    """
    from .run_fixture import run_of

    return run_of(request)


@pytest.fixture
def claude_environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """Variables for `env=` of options: a home directory of the test's own, and no credential that is inherited.

    Override it in a conftest.py to let something through, such as the key that recordings need.
    """
    from .options_fixture import environment_of

    return environment_of(request)


@pytest.fixture
def claude_options(request: pytest.FixtureRequest, claude_environment: dict[str, str]) -> Any:
    """Options whose CLI sees nothing of the developer: `ClaudeCodeOptions(env=claude_environment)`.

    Set on it what the test needs, or override the fixture in a conftest.py.  With the ini setting
    `claude_sdk = claude_agent_sdk` they are those of the official SDK.
    """
    from .options_fixture import options_of

    return options_of(request.config, claude_environment)


@pytest.fixture
def claude_clock(request: pytest.FixtureRequest) -> Iterator[RecordedClock | LiveClock]:
    """The time of day is that of what is played: in hooks and tools the moment of their recorded call.

    `claude_clock.now` is the time, `claude_clock.move_to(datetime)` makes it another one.  Event loops and timeouts go
    on as ever.  While sessions are recorded the time is real.
    """
    from .clock_fixture import clock_of

    yield from clock_of(request)


@pytest.fixture
def claude_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """Keeps what happened as a transcript, with syrupy: `assert claude_run == claude_snapshot`.

    `pytest --snapshot-update` writes it, to `__snapshots__/<module>/<test>.transcript`.  Also for one session of
    `claude_run.sessions`, and for the path of a cassette.
    """
    from .snapshots import snapshot_of

    return snapshot_of(request)


@pytest.fixture
def claude_faults(fake_claude: FakeClaude) -> ClaudeFaults:
    """Runs a program once for each thing that can go wrong at each frame of the test's script.

        fake_claude.says("Hello")
        report = await claude_faults(program)
        report.raise_for_findings()

    The parameters are those of `claude_code_sdk.testing.claude_faults`; `script` is that of the fixture `fake_claude`.
    """
    from .chaos_fixture import ClaudeFaults

    return ClaudeFaults(fake_claude)


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
    if call.excinfo is None:
        report = yield
    else:
        from .live import forget_told, is_refusal

        failure = call.excinfo.value
        forget_told(failure)
        if in_use or is_refusal(failure):
            from .reports import leave_out_the_sdk

            leave_out_the_sdk(item, call.excinfo)
        report = yield
        if in_use and call.when != "teardown":
            from .reports import explain

            in_use[0].test_failed = True
            explain(in_use[0], failure, report)
        elif in_use:
            verdict = in_use[0].swallowed()
            if verdict is not None:
                from .reports import leave_out_spoken

                leave_out_spoken(verdict, report)
    if in_use and call.when == "teardown" and in_use[0].outcome:
        from .ledger import note

        note(report, in_use[0].outcome, in_use[0].path or "")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose program swallowed that a real CLI was refused."""
    from .live import swallowed_refusal

    try:
        yield
    finally:
        refused = swallowed_refusal()
    if refused is not None:
        pytest.fail(f"The program swallowed this error:\n{type(refused).__name__}: {refused}", pytrace=False)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain where what happened differs: `assert run.hook_calls == [...]`."""
    if op != "==" or "claude_code_sdk.testing.run.facts" not in sys.modules:
        return None
    from claude_code_sdk.testing.run.comparison_text import comparison

    return comparison(left, right)
