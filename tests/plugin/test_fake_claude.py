"""The fixture `fake_claude`: a script of the test's own, on both engines."""

from __future__ import annotations

import pytest

from .conftest import Project, raised

ENGINES = pytest.mark.parametrize("engine", ["in-process", "subprocess"])


@ENGINES
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_meets_the_script_of_its_test(project: Project, engine: str, backend: str) -> None:
    project.scripted(f"""
        @pytest.fixture
        def anyio_backend():
            return "{backend}"

        async def test_greet(fake_claude):
            fake_claude.calls("Bash", command="ls").returns("a.txt").says("One file.")
            assert await ask("what is there?") == ["One file."]
            assert [call.input for call in fake_claude.run.tool_calls] == [{{"command": "ls"}}]
            fake_claude.says("Bye.")
            assert await ask("thanks") == ["Bye."]
            assert fake_claude.run.prompts == ["what is there?", "thanks"]
            assert len(fake_claude.run.sessions) == 2
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


@ENGINES
def test_replies_and_expectations_that_are_left_fail_the_test(project: Project, engine: str) -> None:
    project.scripted("""
        async def test_greet(fake_claude):
            fake_claude.says("Hello.").says("And more.").expects_prompt("hello").expects_prompt("bye")
            assert await ask("hello") == ["Hello."]
    """)
    outcome = project.run(f"--claude-engine={engine}")
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    assert outcome.report("ERROR at teardown of test_greet") == [
        "ScriptError: the program ended before its script did",
        "",
        "  it started 1 run of the CLI; left are",
        "",
        '    $.turns[1]: "And more."',
        '    $.expect[1]: the prompt "bye"',
        "",
        '  take out what is too much, or say unplayed="ignore"',
        '  or let the test leave it:  @pytest.mark.fake_claude(unplayed="ignore")',
    ]


@ENGINES
def test_a_marker_lets_a_test_leave_some_of_its_script(project: Project, engine: str) -> None:
    project.scripted("""
        @pytest.mark.fake_claude(unplayed="ignore")
        async def test_greet(fake_claude):
            fake_claude.says("Hello.").says("And more.")
            assert await ask("hello") == ["Hello."]

        @pytest.mark.fake_claude(unplayed="ignore")
        async def test_nothing(fake_claude):
            fake_claude.says("Hello.")
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 2}


@ENGINES
def test_what_the_program_swallowed_fails_the_test(project: Project, engine: str) -> None:
    project.scripted("""
        @pytest.mark.fake_claude(unplayed="ignore")
        async def test_greet(fake_claude):
            fake_claude.says("Hello.").expects_prompt("hello")
            try:
                await ask("hullo")
            except BaseException:
                pass
    """)
    outcome = project.run(f"--claude-engine={engine}")
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    first, *others = outcome.report("ERROR at teardown of test_greet")
    assert first.startswith("The program swallowed this error")
    assert others == [
        "ScriptError: the prompt is not what the script expects",
        "",
        "  $.expect[0]",
        '    - "hello"',
        '    + "hullo"',
    ]


def test_a_script_without_the_reply_that_is_asked_for_is_told_where_the_program_asked(project: Project) -> None:
    project.scripted("""
        async def test_greet(fake_claude):
            async for _ in query(prompt="hello"):
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "fake_claude = <Script of 0 turns>",
        "",
        "    async def test_greet(fake_claude):",
        '>       async for _ in query(prompt="hello"):',
        *raised(
            "claude_code_sdk.testing.script.errors.ScriptError",
            [
                "the script has no reply left for this request of the model",
                "",
                "  it has none at all",
                "  the program went on longer than the script: add a reply, or let one repeat",
            ],
        ),
        "",
        "test_it.py:10: ScriptError",
        "--------------------------- fake_claude, transcript ----------------------------",
        "initialize",
        "prompt      hello",
        "input ends",
    ]


def test_code_that_takes_a_transport_can_be_given_the_scripts(project: Project) -> None:
    project.scripted("""
        async def test_greet(fake_claude):
            fake_claude.says("Hello.")
            async with ClaudeSDKClient(transport=fake_claude.transport) as client:
                await client.query("hello")
                assert (await client.drain()).result == "Hello."
    """)
    assert project.run().outcomes == {"passed": 1}


@ENGINES
def test_code_that_names_a_transport_of_processes_meets_the_script_too(project: Project, engine: str) -> None:
    project.scripted("""
        from claude_code_sdk.transports.subprocess import SubprocessTransport

        async def test_greet(fake_claude):
            fake_claude.says("Hello.")
            async with ClaudeSDKClient(transport=SubprocessTransport(keep_background=True)) as client:
                await client.query("hello")
                assert (await client.drain()).result == "Hello."
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


def test_claude_run_is_that_of_the_fixture_that_plays(project: Project) -> None:
    project.record("test_it/test_played.jsonl")
    project.scripted("""
        async def test_scripted(claude_run, fake_claude):
            fake_claude.says("Hello.")
            await ask("hi")
            assert claude_run.text == "Hello."

        async def test_played(claude_cassette, claude_run):
            await ask("hello")
            assert claude_run.prompts == ["hello"]

        @pytest.mark.fake_claude(unplayed="ignore")
        async def test_marked(claude_run):
            assert claude_run.sessions == []

        async def test_neither(claude_run):
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 3, "errors": 1}
    assert outcome.report("ERROR at setup of test_neither") == [
        "claude_run tells what happened on a script or a cassette: use fake_claude or claude_cassette as well"
    ]


def test_a_test_is_played_by_one_fixture(project: Project) -> None:
    project.scripted("""
        async def test_both(claude_cassette, fake_claude):
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_both") == [
        "a test is played by one fixture: this one uses claude_cassette and fake_claude"
    ]
