"""Our plugin in one run of pytest with those that projects have beside it: `make test-plugins`.

Every inner run has all of them, as their entry points load them, in a process of its own.
"""

from __future__ import annotations

from importlib.metadata import distributions
from textwrap import dedent

import pytest

from claude_code_sdk.cassettes.jsonl import dump
from tests.cassettes.playing import cassette, eof, exits, handshake, spawn, turn

for neighbour in ("pytest_asyncio", "pytest_randomly", "pytest_recording", "syrupy"):
    pytest.importorskip(neighbour)

OTHERS = {"anyio", "asyncio", "randomly", "recording", "syrupy", "xdist"}
"""The plugins' names, as their distributions register them."""

ASK = """
import pytest
from claude_code_sdk import ResultMessage, query

async def ask(prompt):
    return [message.result async for message in query(prompt=prompt) if isinstance(message, ResultMessage)]
"""


class Run:
    """Runs inner tests with every plugin that is installed."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.folder = pytester.path
        folder = pytester.path / "cassettes" / "test_it"
        folder.mkdir(parents=True)
        dump(cassette([spawn(), *handshake(), *turn("hello", "hi"), eof(), exits()]), folder / "test_cassette.jsonl")

    def __call__(self, source: str, *arguments: str, ini: str = "") -> pytest.RunResult:
        self._pytester.makepyfile(test_it=ASK + dedent(source))
        self._pytester.makeini(f"[pytest]\naddopts = --strict-markers --strict-config\n{ini}\n")
        return self._pytester.runpytest_subprocess(*arguments)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    return Run(pytester)


def test_they_are_all_there() -> None:
    registered = {entry.name for found in distributions() for entry in found.entry_points if entry.group == "pytest11"}
    assert registered >= {*OTHERS, "claude_code"}


def test_no_option_ini_setting_marker_or_fixture_of_ours_is_one_of_theirs(run: Run) -> None:
    assert run("", "--help").ret == pytest.ExitCode.OK
    outcome = run("", "--fixtures")
    names = [line.split()[0] for line in outcome.outlines if " -- " in line and line[0].isalpha()]
    ours = [line.split()[0] for line in outcome.outlines if "pytest_claude_code/plugin.py" in line]
    assert ours
    assert all(name.startswith(("claude_", "fake_claude")) for name in ours)
    assert [name for name in ours if names.count(name) != 1] == []


@pytest.mark.parametrize("mode", ["strict", "auto"])
@pytest.mark.parametrize("engine", ["in-process", "subprocess"])
def test_pytest_asyncio(run: Run, mode: str, engine: str) -> None:
    outcome = run(
        """
        @pytest.mark.asyncio
        async def test_script(fake_claude, claude_run):
            fake_claude.says("Hello.")
            assert await ask("hi") == ["Hello."]
            assert claude_run.text == "Hello."

        @pytest.mark.asyncio
        async def test_cassette(claude_cassette, claude_options):
            assert await ask("hello") == ["hi"]
        """,
        f"--claude-engine={engine}",
        ini=f"asyncio_mode = {mode}",
    )
    outcome.assert_outcomes(passed=2)


@pytest.mark.parametrize("engine", ["in-process", "subprocess"])
def test_anyio_on_asyncio_and_trio(run: Run, engine: str) -> None:
    outcome = run(
        """
        pytestmark = pytest.mark.anyio

        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        async def test_script(fake_claude):
            fake_claude.says("Hello.")
            assert await ask("hi") == ["Hello."]

        async def test_cassette(claude_cassette):
            assert await ask("hello") == ["hi"]
        """,
        f"--claude-engine={engine}",
    )
    outcome.assert_outcomes(passed=4)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_order_on_two_workers(run: Run, seed: int) -> None:
    outcome = run(
        """
        import random

        pytestmark = pytest.mark.asyncio

        @pytest.mark.parametrize("number", range(10))
        async def test_script(fake_claude, number):
            word = f"Hello {number} {random.random()}."
            fake_claude.says(word)
            assert await ask("hi") == [word]

        async def test_cassette(claude_cassette):
            assert await ask("hello") == ["hi"]
        """,
        "-n2",
        f"--randomly-seed={seed}",
    )
    outcome.assert_outcomes(passed=11)
    assert "1 replayed" in outcome.outlines


def test_pytest_recording_and_its_blocked_network(run: Run) -> None:
    outcome = run(
        """
        @pytest.mark.vcr
        @pytest.mark.block_network
        @pytest.mark.asyncio
        async def test_script(fake_claude):
            fake_claude.says("Hello.")
            assert await ask("hi") == ["Hello."]

        @pytest.mark.vcr
        @pytest.mark.asyncio
        async def test_cassette(claude_cassette):
            assert await ask("hello") == ["hi"]
        """,
        "--record-mode=none",
        "--claude-record=none",
    )
    outcome.assert_outcomes(passed=2)


def test_the_snapshots_of_syrupy(run: Run) -> None:
    source = """
        @pytest.mark.asyncio
        async def test_script(fake_claude, snapshot):
            fake_claude.calls("Bash", command="ls").returns("a.txt").says("One file.")
            await ask("what is there?")
            assert [(call.name, call.input, call.result) for call in fake_claude.run.tool_calls] == snapshot
    """
    run(source, "--snapshot-update").assert_outcomes(passed=1)
    run(source).assert_outcomes(passed=1)
