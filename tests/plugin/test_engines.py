"""Which engine a test runs on: in this process, or as processes of `fake-claude`."""

from __future__ import annotations

import pytest

from .conftest import Project


@pytest.fixture
def telling(project: Project) -> Project:
    """A project whose test says which engine it is on, and what its runs are opened on."""
    project.scripted("""
        async def test_where(fake_claude, claude_engine):
            print("ENGINE", claude_engine, type(fake_claude.transport).__name__)
    """)
    return project


def engines(project: Project, *arguments: str) -> list[str]:
    return [line for line in project.run("-s", *arguments).lines if "ENGINE" in line]


def test_without_a_word_it_is_this_process(telling: Project) -> None:
    assert engines(telling) == ["test_it.py ENGINE in-process ScriptTransport"]


def test_the_ini_file_names_the_usual_engine(telling: Project) -> None:
    telling.ini("claude_engine = subprocess")
    (line,) = engines(telling)
    assert line.startswith("test_it.py ENGINE subprocess ExecutableTransport")


def test_the_command_line_goes_before_the_ini_file(telling: Project) -> None:
    telling.ini("claude_engine = subprocess")
    (line,) = engines(telling, "--claude-engine=in-process")
    assert line.startswith("test_it.py ENGINE in-process")


def test_the_environment_goes_before_the_command_line(telling: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSDK_ENGINE", "subprocess")
    (line,) = engines(telling, "--claude-engine=in-process")
    assert line.startswith("test_it.py ENGINE subprocess")


def test_a_parameter_runs_a_test_on_both(project: Project) -> None:
    project.scripted("""
        @pytest.mark.parametrize("claude_engine", ["in-process", "subprocess"], indirect=True)
        async def test_where(fake_claude, claude_engine):
            fake_claude.says("Hello.")
            assert await ask("hi") == ["Hello."]
            print("ENGINE", claude_engine)
    """)
    lines = "\n".join(engines(project))
    assert "ENGINE in-process" in lines
    assert "ENGINE subprocess" in lines


RESTRICTED = """
    @pytest.mark.claude_engine("in-process", reason="it looks into the fake")
    async def test_where(fake_claude, claude_engine):
        assert claude_engine == "in-process"
"""


def test_a_test_is_skipped_with_the_markers_reason_on_an_engine_that_was_asked_for(project: Project) -> None:
    project.scripted(RESTRICTED)
    outcome = project.run("-rs", "--claude-engine=subprocess")
    assert outcome.outcomes == {"skipped": 1}
    assert any("not on the engine subprocess: it looks into the fake" in line for line in outcome.lines)


def test_where_nobody_asked_for_an_engine_it_runs_on_the_markers(project: Project) -> None:
    project.ini("claude_engine = subprocess")
    project.scripted(RESTRICTED)
    assert project.run().outcomes == {"passed": 1}


@pytest.mark.parametrize("arguments", ["'in-process'", "reason='why'", "'fast', reason='why'", "reason=1"])
def test_a_restriction_names_engines_and_a_reason(project: Project, arguments: str) -> None:
    project.scripted(f"""
        @pytest.mark.claude_engine({arguments})
        async def test_where(fake_claude):
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_where") == [
        (
            '@pytest.mark.claude_engine("ENGINE", …, reason="…"): an engine is one of in-process, subprocess, and the '
            "reason is a text"
        )
    ]


def test_a_cassette_is_played_by_processes_too(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests("""
        async def test_hello(claude_run):
            assert await ask("hello") == ["hi"]
            assert claude_run.prompts == ["hello"]
            assert claude_run.sessions[0].exit_code == 0
    """)
    assert project.run("--claude-engine=subprocess").outcomes == {"passed": 1}


def test_an_engine_that_there_is_not_is_told_once(project: Project) -> None:
    project.scripted("""
        @pytest.mark.parametrize("claude_engine", ["cloud"], indirect=True)
        def test_greet(fake_claude, claude_engine):
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_greet[cloud]") == [
        "the parameter of claude_engine='cloud': it is one of in-process, subprocess"
    ]
