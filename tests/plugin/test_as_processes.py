"""What a failing test reads when its runs are processes: the same verdicts, once."""

from __future__ import annotations

from .conftest import Project, raised, two_turns

VERDICT = "frame 4 of episode 1 is not what was recorded"


def test_a_mismatch_that_became_the_programs_error_is_told_once(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            async for _ in query(prompt="hullo"):
                pass
    """)
    outcome = project.run("--claude-engine=subprocess")
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "    async def test_greet():",
        '>       async for _ in query(prompt="hullo"):',
        *raised(
            "claude_code_sdk.errors.ProcessError",
            [
                "Command failed with exit code 70 (exit code: 70)",
                f"Error output: fake-claude: CassetteMismatch: {VERDICT}",
                '  cassettes/test_it/test_greet.jsonl:5   host sends user "hello"',
                '    - message.content: "hello"',
                '    + message.content: "hullo"',
                "  played 3 of 8 entries; waiting behind this one: assistant, result",
                "  record mode none; matched on argv, prompt, control; answers: verify",
                "  accept the new behaviour:  pytest test_it.py::test_greet --claude-record=all",
            ],
        ),
        "",
        "test_it.py:10: ProcessError",
        "------------------------- claude_cassette, transcript --------------------------",
        "initialize",
        "prompt      hullo",
        "exit        70",
    ]


def test_a_mismatch_that_the_program_swallowed_is_raised_at_teardown(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            try:
                await ask("hullo")
            except Exception:
                pass
    """)
    outcome = project.run("--claude-engine=subprocess")
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    assert outcome.report("ERROR at teardown of test_greet") == [
        "The program swallowed this error:",
        f"CassetteMismatch: {VERDICT}",
        "",
        '  cassettes/test_it/test_greet.jsonl:5   host sends user "hello"',
        '    - message.content: "hello"',
        '    + message.content: "hullo"',
        "",
        "  played 3 of 8 entries; waiting behind this one: assistant, result",
        "  record mode none; matched on argv, prompt, control; answers: verify",
        "  accept the new behaviour:  pytest test_it.py::test_greet --claude-record=all",
    ]


def test_a_cassette_not_played_to_its_end_fails_the_test(project: Project) -> None:
    project.record("test_it/test_first.jsonl", two_turns())
    project.tests("""
        async def test_first():
            async with ClaudeSDKClient() as client:
                await client.query("one")
                assert (await client.drain()).result == "1"
    """)
    outcome = project.run("--claude-engine=subprocess")
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    first, *_ = outcome.report("ERROR at teardown of test_first")
    assert first == "UnplayedEpisode: episode 1 was not played to its end"
    assert "1 unplayed" in "\n".join(outcome.report("claude cassettes"))
