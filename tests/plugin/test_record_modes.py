"""When a test's cassette is recorded: `--claude-record`, the environment, the marker, the ini file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.testing import Script, write_executable

from .conftest import Project, one_turn

CASSETTE = "cassettes/test_it/test_hello.jsonl"

TEST = """
    async def test_hello(claude_cassette):
        assert await ask("hello") == ["live"]
"""

MARKED = """
    pytestmark = [pytest.mark.anyio, pytest.mark.claude_cassette(record_mode="once")]
"""


@pytest.fixture
def live(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project in which a run that is live says "live"; nobody knows its `claude` to be a stand-in."""
    monkeypatch.delenv("CCSDK_LIVE", raising=False)
    folder = project.folder / "bin"
    folder.mkdir()
    inside = write_executable(folder, Script().says("live", repeat=True), name="inside")
    claude = folder / "claude"
    claude.write_text(f'#!/bin/sh\nexec {inside} "$@"\n')
    claude.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    project.scripted(TEST)
    return project


def recorded(project: Project) -> list[str]:
    """The replies in the test's cassette, one an episode."""
    path = project.folder / CASSETTE
    if not path.exists():
        return []
    results = [entry.value for episode in load(path).episodes for entry in episode.entries if entry.kind == "frame"]
    return [frame["result"] for frame in results if frame.get("type") == "result"]


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_a_missing_cassette_is_recorded(live: Project, mode: str) -> None:
    outcome = live.run(f"--claude-record={mode}")
    assert outcome.outcomes == {"passed": 1}
    assert recorded(live) == ["live"]
    assert live.run().outcomes == {"passed": 1}


def test_once_keeps_a_cassette_that_is_there(live: Project) -> None:
    live.record("test_it/test_hello.jsonl", one_turn(reply="old"))
    assert live.run("--claude-record=once").outcomes == {"failed": 1}
    assert recorded(live) == ["old"]


def test_all_replaces_it(live: Project) -> None:
    live.record("test_it/test_hello.jsonl", one_turn(reply="old"))
    assert live.run("--claude-record=all").outcomes == {"passed": 1}
    assert recorded(live) == ["live"]


def test_new_episodes_appends_what_it_does_not_have(live: Project) -> None:
    live.record("test_it/test_hello.jsonl", one_turn("earlier", "old"))
    assert live.run("--claude-record=new_episodes").outcomes == {"passed": 1}
    assert recorded(live) == ["old", "live"]


def test_a_test_that_fails_keeps_its_cassette(live: Project) -> None:
    path = live.record("test_it/test_hello.jsonl", one_turn(reply="old"))
    before = path.read_bytes()
    live.scripted("""
        async def test_hello(claude_cassette):
            assert await ask("hello") == ["something else"]
    """)
    outcome = live.run("--claude-record=all")
    assert outcome.outcomes == {"failed": 1}
    assert path.read_bytes() == before
    title = "------------------------ claude_cassette, not recorded -------------------------"
    assert title in outcome.lines
    told = outcome.lines[outcome.lines.index(title) + 1]
    assert told.startswith(f"the cassette DIR/{CASSETTE} is as it was; what was recorded until then:")


def test_the_environment_goes_first(live: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSDK_RECORD_MODE", "once")
    assert live.run("--claude-record=none").outcomes == {"passed": 1}
    assert recorded(live) == ["live"]


def test_the_command_line_goes_before_the_marker(live: Project) -> None:
    live.scripted("""
        @pytest.mark.claude_cassette(record_mode="all")
        async def test_hello(claude_cassette):
            assert claude_cassette.record_mode == "once"
            assert await ask("hello") == ["live"]
    """)
    assert live.run("--claude-record=once").outcomes == {"passed": 1}


@pytest.mark.parametrize("by", ["marker", "ini"])
def test_a_mode_that_stands_in_the_project_lets_nothing_run_live(live: Project, by: str) -> None:
    if by == "ini":
        live.ini("claude_record = once")
    else:
        live.scripted(f"{MARKED}{TEST}")
    outcome = live.run()
    assert outcome.outcomes == {"failed": 1}
    assert any("LiveRunRefused" in line for line in outcome.lines)
    assert recorded(live) == []
    assert not list(live.folder.rglob("*.partial"))
    assert live.run("--claude-allow-live").outcomes == {"passed": 1}
    assert recorded(live) == ["live"]


def test_recording_allows_the_runs_of_tests_that_record_and_no_others(live: Project) -> None:
    live.scripted("""
        async def test_hello(claude_cassette):
            assert await ask("hello") == ["live"]

        async def test_other():
            await ask("hello")
    """)
    outcome = live.run("--claude-record=once")
    assert outcome.outcomes == {"passed": 1, "failed": 1}
    assert any("LiveRunRefused" in line for line in outcome.lines)


def test_what_happened_can_be_asked_while_it_is_recorded(live: Project) -> None:
    live.scripted("""
        async def test_hello(claude_cassette, claude_run):
            await ask("hello")
            assert claude_run.prompts == ["hello"]
            assert claude_run.text == "live"
    """)
    assert live.run("--claude-record=once").outcomes == {"passed": 1}
    assert live.run().outcomes == {"passed": 1}


@pytest.mark.parametrize("argument", ["--claude-record=always", "--claude-engine=fast", "--claude-unused-cassettes=x"])
def test_a_word_that_does_not_exist_is_a_usage_error(project: Project, argument: str) -> None:
    outcome = project.run(argument)
    option, word = argument.split("=")
    assert outcome.errors[0].startswith(f"ERROR: {option}={word!r}: it is one of ")


def test_a_test_with_parameters_is_recorded_under_its_own_name(live: Project) -> None:
    live.scripted("""
        @pytest.mark.parametrize("who", ["ada", "b/c"])
        async def test_hello(claude_cassette, who):
            assert await ask(f"hello {who}") == ["live"]

        class TestAda:
            async def test_hello(self, claude_cassette):
                assert await ask("hello") == ["live"]
    """)
    assert live.run("--claude-record=once").outcomes == {"passed": 3}
    folder = Path(live.folder, "cassettes", "test_it")
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jsonl")) == [
        "TestAda/test_hello.jsonl",
        "test_hello[ada].jsonl",
        "test_hello[b%2Fc].jsonl",
    ]
