"""The pytest plugin under programs of the official SDK, on both engines; and the kill switch before its CLI."""

from __future__ import annotations

import gc
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

sdk = pytest.importorskip("claude_agent_sdk")

from tests.plugin.conftest import Project, project, raised  # noqa: E402  # only where that SDK is

__all__ = ["project"]  # it looks unused

PROGRAM = """
import pytest
from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, HookMatcher, ResultMessage, query

# The official SDK leaves its generators to the garbage collector.
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

async def ask(prompt, **options):
    messages = query(prompt=prompt, options=ClaudeAgentOptions(**options))
    return [message.result async for message in messages if isinstance(message, ResultMessage)]
"""

RECORDINGS = Path(__file__).parents[2] / "cassettes"
ENGINES = pytest.mark.parametrize("engine", ["in-process", "subprocess"])


@pytest.fixture
def official(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Project]:
    """Writes the tests of a project whose programs are on the official SDK."""
    monkeypatch.delenv("CCSDK_LIVE", raising=False)

    def write(source: str) -> Project:
        project.module(PROGRAM, source)
        return project

    return write


@ENGINES
def test_a_program_meets_the_script_of_its_test(official: Callable[[str], Project], engine: str) -> None:
    project = official("""
        async def test_guard(fake_claude):
            async def deny(given, tool_use_id, context):
                decision = {"permissionDecision": "deny", "permissionDecisionReason": "Not here."}
                return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}

            fake_claude.calls("Bash", command="rm -rf /").says("I may not.")
            options = ClaudeAgentOptions(hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[deny])]})
            async with ClaudeSDKClient(options) as client:
                await client.query("clean up")
                async for message in client.receive_response():
                    pass
            assert message.result == "I may not."
            fake_claude.run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", reason="Not here.")
            assert [call.is_error for call in fake_claude.run.tool_calls] == [True]
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


def test_as_a_process_it_is_started_by_the_official_transport(official: Callable[[str], Project]) -> None:
    project = official("""
        async def test_greet(fake_claude):
            fake_claude.says("Hello.")
            async with ClaudeSDKClient(ClaudeAgentOptions(cli_path="/opt/claude")) as client:
                process = client._transport._process
                assert process.pid
                await client.query("hi")
                async for message in client.receive_response():
                    pass
            assert message.result == "Hello."
    """)
    assert project.run("--claude-engine=subprocess").outcomes == {"passed": 1}


@ENGINES
def test_a_recorded_session_is_played(official: Callable[[str], Project], engine: str) -> None:
    project = official("""
        @pytest.mark.claude_cassette("cassettes/oneshot_query.jsonl", match_on=["prompt"])
        async def test_greet(claude_cassette):
            assert await ask("Say hello") == ["Hello from the scripted model."]
            assert claude_cassette.run.prompts == ["Say hello"]
    """)
    folder = project.folder / "cassettes"
    shutil.copytree(RECORDINGS / "inventory", folder / "inventory")
    shutil.copy(RECORDINGS / "oneshot_query.jsonl", folder)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


@pytest.fixture
def claude(project: Project) -> Path:
    """An executable called `claude` that nobody knows to be a stand-in; that it was started shows in a file."""
    path = project.folder / "bin" / "claude"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\ntouch {project.folder / 'started'}\nexit 3\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_real_cli_is_refused_without_a_fixture_of_ours(official: Callable[[str], Project], claude: Path) -> None:
    project = official(f"""
        async def test_live():
            await ask("hello", cli_path={str(claude)!r})
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert not (project.folder / "started").exists()
    expected = raised(
        "claude_code_sdk.transports.live_guard.LiveRunRefused",
        [
            (
                "a real Claude Code CLI was about to be started, which costs money and depends on the network: "
                "DIR/bin/claude"
            ),
            "  to play the run instead:   the fixtures fake_claude (a script) and claude_cassette (a recording)",
            (
                "  to record it:              pytest test_it.py::test_live --claude-record=once, with the fixture "
                "claude_cassette"
            ),
            "  to let tests run live:     pytest test_it.py::test_live --claude-allow-live",
            "  a stand-in of your own:    call it anything but claude",
        ],
    )
    # How far it is set in depends on the program's last step, which is another one from Python 3.12 on.
    told = [line[1:].strip() for line in outcome.report("test_live") if line.startswith("E  ")]
    assert told == [line[1:].strip() for line in expected]


def test_the_cli_in_its_own_wheel_is_refused_too(official: Callable[[str], Project]) -> None:
    bundled = Path(sdk.__file__).parent / "_bundled" / "claude"
    if not bundled.exists():
        pytest.skip("the wheel has none")
    project = official("""
        async def test_live():
            await ask("hello")
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert any(line.startswith("E  ") and line.endswith(f"depends on the network: {bundled}") for line in outcome.lines)


def test_a_refusal_that_the_program_swallowed_fails_the_test(official: Callable[[str], Project], claude: Path) -> None:
    project = official(f"""
        async def test_live():
            try:
                await ask("hello", cli_path={str(claude)!r})
            except BaseException:
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    assert outcome.report("ERROR at teardown of test_live")[0] == "The program swallowed this error:"


def test_a_program_that_a_test_starts_is_refused_too(official: Callable[[str], Project], claude: Path) -> None:
    project = official("""
        import subprocess, sys

        def test_live():
            done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
            assert done.returncode == 1
            assert "LiveRunRefused: a real Claude Code CLI was about to be started" in done.stderr
    """)
    (project.folder / "app.py").write_text(
        "import anyio\nfrom claude_agent_sdk import ClaudeAgentOptions, query\n"
        "async def main():\n"
        f"    async for _ in query(prompt='hello', options=ClaudeAgentOptions(cli_path={str(claude)!r})): pass\n"
        "anyio.run(main)\n"
    )
    assert project.run().outcomes == {"passed": 1}
    assert not (project.folder / "started").exists()


def test_live_runs_can_be_allowed(official: Callable[[str], Project], claude: Path) -> None:
    project = official(f"""
        async def test_live():
            await ask("hello", cli_path={str(claude)!r})
    """)
    project.run("--claude-allow-live")
    assert (project.folder / "started").exists()


@ENGINES
def test_a_missing_cassette_is_told_once_and_where_the_program_was(
    official: Callable[[str], Project], engine: str
) -> None:
    project = official("""
        async def test_greet(claude_cassette):
            async for _ in query(prompt="hello"):
                pass
    """)
    outcome = project.run(f"--claude-engine={engine}")
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "claude_cassette = <cassette DIR/cassettes/test_it/test_greet.jsonl>",
        "",
        "    async def test_greet(claude_cassette):",
        '>       async for _ in query(prompt="hello"):',
        *raised(
            "claude_agent_sdk._errors.ClaudeSDKError",
            [
                "test_it.py::test_greet has no cassette; looked for",
                "  cassettes/test_it/test_greet.jsonl",
                "",
                "  record it:              pytest test_it.py::test_greet --claude-record=once",
                '  or name another file:   @pytest.mark.claude_cassette("PATH, relative to the test\'s folder")',
            ],
        ),
        "",
        "test_it.py:15: ClaudeSDKError",
    ]


@ENGINES
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_verdict_is_told_once_without_the_way_through_either_sdk(
    official: Callable[[str], Project], engine: str
) -> None:
    project = official("""
        async def test_greet(fake_claude):
            fake_claude.says("Hello.")
            await ask("one")
            await ask("two")
    """)
    outcome = project.run(f"--claude-engine={engine}")
    gc.collect()  # here, and not in a later test: the official SDK leaves the streams of a failed run to it
    assert outcome.outcomes == {"failed": 1}
    report = outcome.report("test_greet")
    verdict = "the script has no reply left for this request of the model"
    assert len([line for line in report if verdict in line]) == 1
    assert not [line for line in report if "claude_agent_sdk/_internal" in line or "claude_code_sdk/" in line]


def test_where_a_swallowed_verdict_was_raised_is_a_place_of_the_program(official: Callable[[str], Project]) -> None:
    project = official("""
        async def test_greet(claude_cassette):
            try:
                await ask("goodbye")
            except BaseException:
                pass
    """)
    project.record("test_it/test_greet.jsonl")
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    told = outcome.report("ERROR at teardown of test_greet")[0]
    assert told.startswith("The program swallowed this error, raised at test_it.py:12 in ")


@ENGINES
def test_rules_for_secrets_of_the_users_own_hold_for_it(official: Callable[[str], Project], engine: str) -> None:
    project = official("""
        from claude_code_sdk.cassettes.secrets import Rule

        @pytest.fixture
        def claude_rules():
            return [Rule("ticket", "TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"])]

        @pytest.mark.claude_cassette("cassettes/ticket.jsonl", match_on=["prompt"])
        async def test_ticket(claude_cassette):
            assert await ask("see TICKET-654321") == ["Hello from the scripted model."]
    """)
    shutil.copytree(RECORDINGS / "inventory", project.folder / "cassettes" / "inventory")
    recorded = (RECORDINGS / "oneshot_query.jsonl").read_text()
    assert '"Say hello"' in recorded
    asked = recorded.replace('"Say hello"', '"see TICKET-REDACTED1"')
    (project.folder / "cassettes" / "ticket.jsonl").write_text(asked)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}
