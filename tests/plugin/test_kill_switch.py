"""Without --claude-allow-live no test starts a real `claude`, with or without a fixture of ours."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from claude_code_sdk.testing import Script, write_executable

from .conftest import Project, raised

LIVE = "CCSDK_LIVE"


@pytest.fixture(autouse=True)
def nobody_has_said_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inner runs are not told what the outer one allows."""
    monkeypatch.delenv(LIVE, raising=False)


@pytest.fixture
def claude(project: Project) -> Path:
    """An executable called `claude` that nobody knows to be a stand-in; that it was started shows in a file."""
    path = project.folder / "bin" / "claude"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\ntouch {project.folder / 'started'}\nexit 3\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def refusal(claude: Path, test: str) -> list[str]:
    again = f"pytest test_it.py::{test}"
    return [
        (
            "a real Claude Code CLI was about to be started, which costs money and depends on the network: "
            f"DIR/bin/{claude.name}"
        ),
        "  to play the run instead:   the fixtures fake_claude (a script) and claude_cassette (a recording)",
        f"  to record it:              {again} --claude-record=once, with the fixture claude_cassette",
        f"  to let tests run live:     {again} --claude-allow-live",
        "  a stand-in of your own:    call it anything but claude",
    ]


LIVE_TEST = """
    from claude_code_sdk import ClaudeCodeOptions

    async def test_live():
        async for _ in query(prompt="hello", options=ClaudeCodeOptions(cli_path={path!r})):
            pass
"""


def test_a_test_without_a_fixture_of_ours_is_refused(project: Project, claude: Path) -> None:
    project.scripted(LIVE_TEST.format(path=str(claude)))
    outcome = project.run("--tb=line")
    assert outcome.outcomes == {"failed": 1}
    assert not (project.folder / "started").exists()
    first, *_ = refusal(claude, "test_live")
    assert any(line.endswith(f"LiveRunRefused: {first}") for line in outcome.lines)


def test_the_refusal_says_what_to_do(project: Project, claude: Path) -> None:
    project.scripted(LIVE_TEST.format(path=str(claude)))
    report = project.run().report("test_live")
    expected = raised("claude_code_sdk.transports.live_guard.LiveRunRefused", refusal(claude, "test_live"))
    assert [line for line in report if line.startswith("E  ")] == expected


def test_a_claude_that_is_found_on_the_path_is_refused(
    project: Project, claude: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{claude.parent}{os.pathsep}{os.environ['PATH']}")
    project.scripted("""
        async def test_live():
            await ask("hello")
    """)
    assert project.run().outcomes == {"failed": 1}
    assert not (project.folder / "started").exists()


def test_a_refusal_that_the_program_swallowed_fails_the_test_all_the_same(project: Project, claude: Path) -> None:
    project.scripted(f"""
        from claude_code_sdk import ClaudeCodeOptions

        async def test_live():
            try:
                async for _ in query(prompt="hello", options=ClaudeCodeOptions(cli_path={str(claude)!r})):
                    pass
            except BaseException:
                pass

        def test_next():
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 2, "errors": 1}
    first, *others = refusal(claude, "test_live")
    assert outcome.report("ERROR at teardown of test_live") == [
        "The program swallowed this error:",
        f"LiveRunRefused: {first}",
        *others,
    ]


@pytest.mark.parametrize("by", ["command line", "environment"])
def test_live_runs_can_be_allowed(project: Project, claude: Path, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "environment":
        monkeypatch.setenv(LIVE, "allow")
    project.scripted(LIVE_TEST.format(path=str(claude)))
    project.run(*(["--claude-allow-live"] if by == "command line" else []))
    assert (project.folder / "started").exists()


def test_the_environment_goes_before_the_command_line(
    project: Project, claude: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIVE, "refuse")
    project.scripted(LIVE_TEST.format(path=str(claude)))
    project.run("--claude-allow-live")
    assert not (project.folder / "started").exists()


def test_a_variable_without_a_meaning_is_a_usage_error(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIVE, "maybe")
    outcome = project.run()
    assert "ERROR: CCSDK_LIVE='maybe': it is one of refuse, allow" in [line.strip() for line in outcome.errors]


def test_a_program_that_a_test_starts_is_refused_too(project: Project, claude: Path) -> None:
    program = project.folder / "app.py"
    program.write_text(
        "import anyio\nfrom claude_code_sdk import ClaudeCodeOptions, query\n"
        "async def main():\n"
        f"    async for _ in query(prompt='hello', options=ClaudeCodeOptions(cli_path={str(claude)!r})): pass\n"
        "anyio.run(main)\n"
    )
    project.scripted("""
        import subprocess, sys
        def test_live():
            done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
            assert "LiveRunRefused" in done.stderr
    """)
    assert project.run().outcomes == {"passed": 1}
    assert not (project.folder / "started").exists()


def test_a_written_executable_may_be_called_claude(project: Project) -> None:
    path = write_executable(project.folder, Script().says("Hello."))
    project.scripted(f"""
        from claude_code_sdk import ClaudeCodeOptions

        async def test_greet():
            options = ClaudeCodeOptions(cli_path={path!r})
            said = [m.result async for m in query(prompt="hi", options=options) if isinstance(m, ResultMessage)]
            assert said == ["Hello."]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_after_the_run_the_variable_is_as_it_was(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.scripted("""
        import os
        def test_inside():
            assert os.environ["CCSDK_LIVE"] == "refuse"
    """)
    assert project.run().outcomes == {"passed": 1}
    assert LIVE not in os.environ
