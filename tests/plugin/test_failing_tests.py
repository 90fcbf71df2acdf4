"""What a developer reads when a test does not fit its cassette: whole reports, as pytest prints them."""

from __future__ import annotations

import pytest

from .conftest import Project, raised, two_turns

MISMATCH = [
    "frame 4 of episode 1 is not what was recorded",
    "",
    '  cassettes/test_it/test_greet.jsonl:5   host sends user "hello"',
    '    - message.content: "hello"',
    '    + message.content: "hullo"',
    "",
    "  played 3 of 8 entries; waiting behind this one: assistant, result",
    "  record mode none; matched on argv, prompt, control; answers: verify",
    "  accept the new behaviour:  pytest test_it.py::test_greet --claude-record=all",
]
"""What is said of a program that asks "hullo" where "hello" was recorded."""

TRANSCRIPT = [
    "------------------------- claude_cassette, transcript --------------------------",
    "initialize",
    "prompt      hullo",
    "input ends",
    "exit        70",
]
"""What is shown of its run; a mismatch ends it before the CLI says anything."""

DAMAGE = "the line is not a JSON object: Unterminated string starting at"


def test_a_mismatch_is_shown_where_the_program_wrote_without_the_way_through_the_sdk(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            async for _ in query(prompt="hullo"):
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "    async def test_greet():",
        '>       async for _ in query(prompt="hullo"):',
        *raised("claude_code_sdk.cassettes.mismatch.CassetteMismatch", MISMATCH),
        "",
        "test_it.py:10: CassetteMismatch",
        *TRANSCRIPT,
    ]


def test_full_trace_shows_the_way_through_the_sdk(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            async for _ in query(prompt="hullo"):
                pass
    """)
    assert any("player.py" in line for line in project.run("--full-trace").report("test_greet"))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_mismatch_that_the_program_swallowed_is_raised_at_teardown(project: Project, backend: str) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests(f"""
        @pytest.fixture
        def anyio_backend():
            return "{backend}"

        async def test_greet():
            async with ClaudeSDKClient() as client:
                try:
                    await client.query("hullo")
                except Exception:
                    pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    assert outcome.report("ERROR at teardown of test_greet") == [
        "The program swallowed this error, raised at test_it.py:16 in test_greet:",
        f"CassetteMismatch: {MISMATCH[0]}",
        *MISMATCH[1:],
    ]


def test_a_swallowed_mismatch_stands_beside_the_failure_that_it_led_to(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            results = []
            try:
                results = await ask("hullo")
            except Exception:
                pass
            assert results
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "    async def test_greet():",
        "        results = []",
        "        try:",
        '            results = await ask("hullo")',
        "        except Exception:",
        "            pass",
        ">       assert results",
        "E       assert []",
        "",
        "test_it.py:15: AssertionError",
        "------------------ claude_cassette, swallowed by the program -------------------",
        f"CassetteMismatch: {MISMATCH[0]}",
        *MISMATCH[1:],
        *TRANSCRIPT,
    ]


def test_a_mismatch_that_another_error_names_as_its_cause_is_told_once(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        async def test_greet():
            try:
                await ask("hullo")
            except AssertionError as error:
                raise ExceptionGroup("all", [LookupError(), ValueError("mine")]) from error
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert "swallowed" not in "\n".join(outcome.report("test_greet"))


def test_a_cassette_not_played_to_its_end_fails_the_test(project: Project) -> None:
    project.record("test_it/test_first.jsonl", two_turns())
    project.tests("""
        async def test_first():
            async with ClaudeSDKClient() as client:
                await client.query("one")
                assert (await client.drain()).result == "1"
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    assert outcome.report("ERROR at teardown of test_first") == [
        "UnplayedEpisode: episode 1 was not played to its end",
        '  cassettes/test_it/test_first.jsonl:8   host sends user "two": the first of what is left',
        "  played 7 of 11 entries; left: user, assistant, result, exit 0",
        "",
        "  accept the new behaviour:  pytest test_it.py::test_first --claude-record=all",
        '  or let the test stop early:  @pytest.mark.claude_cassette(unplayed="ignore")',
    ]


def test_the_marker_lets_a_test_stop_early(project: Project) -> None:
    project.record("test_it/test_first.jsonl", two_turns())
    project.tests("""
        @pytest.mark.claude_cassette(allow_unplayed=True)
        async def test_first():
            async with ClaudeSDKClient() as client:
                await client.query("one")
                assert (await client.drain()).result == "1"
    """)
    assert project.run().outcomes == {"passed": 1}


def test_a_marker_that_lets_a_test_stop_early_lets_no_mismatch_pass(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        @pytest.mark.claude_cassette(allow_unplayed=True)
        async def test_greet():
            try:
                await ask("hullo")
            except Exception:
                pass
    """)
    assert project.run().outcomes == {"passed": 1, "errors": 1}


@pytest.mark.parametrize(
    ("statement", "outcomes"),
    [
        ("assert 1 == 2", {"failed": 1}),
        ("pytest.skip('not today')", {"skipped": 1}),
        ("pytest.xfail('known')", {"xfailed": 1}),
    ],
)
def test_a_test_that_ends_by_itself_is_not_told_that_it_stopped_early(
    project: Project, statement: str, outcomes: dict[str, int]
) -> None:
    project.record("test_it/test_first.jsonl", two_turns())
    project.tests(f"""
        async def test_first():
            async with ClaudeSDKClient() as client:
                await client.query("one")
                {statement}
    """)
    assert project.run().outcomes == outcomes


def test_a_failure_of_one_test_hides_nothing_of_the_next(project: Project) -> None:
    project.record("test_it/test_second.jsonl", two_turns())
    project.tests("""
        async def test_first():
            assert False

        async def test_second():
            async with ClaudeSDKClient() as client:
                await client.query("one")
                assert (await client.drain()).result == "1"
    """)
    assert project.run().outcomes == {"failed": 1, "passed": 1, "errors": 1}


def test_a_missing_cassette_says_where_it_was_looked_for_and_how_to_make_one(project: Project) -> None:
    project.tests("""
        @pytest.mark.parametrize("who", ["ada"])
        async def test_greet(who):
            async for _ in query(prompt="hello"):
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    folder = "cassettes/test_it"
    assert outcome.report("test_greet[ada]") == [
        "",
        "who = 'ada'",
        "",
        '    @pytest.mark.parametrize("who", ["ada"])',
        "    async def test_greet(who):",
        '>       async for _ in query(prompt="hello"):',
        *raised(
            "claude_code_sdk.errors.CassetteNotFound",
            [
                "test_it.py::test_greet[ada] has no cassette; looked for",
                f"  {folder}/test_greet[ada].jsonl",
                f"  {folder}/test_greet.jsonl",
                "",
                "  record it:              pytest 'test_it.py::test_greet[ada]' --claude-record=once",
                '  or name another file:   @pytest.mark.claude_cassette("PATH, relative to the test\'s folder")',
            ],
        ),
        "",
        "test_it.py:11: CassetteNotFound",
    ]


@pytest.mark.parametrize("damaged", [False, True])
def test_a_missing_or_damaged_cassette_that_the_program_swallowed_fails_the_test(
    project: Project, damaged: bool
) -> None:
    if damaged:
        project.record("test_it/test_greet.jsonl").write_text('{"cassette":1}\nnot JSON\n')
    project.tests("""
        async def test_greet():
            try:
                await ask("hello")
            except Exception:
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    name = "CassetteError: " if damaged else "CassetteNotFound: "
    assert outcome.report("ERROR at teardown of test_greet")[1].startswith(name)


def test_a_damaged_cassette_says_where_the_damage_is(project: Project) -> None:
    file = project.record("test_it/test_greet.jsonl")
    file.write_bytes(file.read_bytes()[:-9])
    project.tests("""
        async def test_greet():
            async for _ in query(prompt="hello"):
                pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert outcome.report("test_greet") == [
        "",
        "    async def test_greet():",
        '>       async for _ in query(prompt="hello"):',
        *raised(
            "claude_code_sdk.errors.CassetteError",
            [f"DIR/cassettes/test_it/test_greet.jsonl:9:22: {DAMAGE}"],
        ),
        "",
        "test_it.py:10: CassetteError",
    ]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ("compare='verify'", "the marker got an unexpected keyword argument 'compare'"),
        ("answers='check'", "answers='check': it is one of verify, stub, ignore"),
    ],
)
def test_a_marker_that_cannot_be_followed_is_an_error_at_setup(project: Project, arguments: str, text: str) -> None:
    project.tests(f"""
        @pytest.mark.claude_cassette({arguments})
        def test_greet():
            pass
    """)
    outcome = project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_greet") == [
        f"@pytest.mark.claude_cassette: {text}; see pytest --markers"
    ]


def test_a_mismatch_under_use_transport_as_a_decorator_is_cut_below_the_test(project: Project) -> None:
    project.record("test_it/test_greet.jsonl")
    project.tests("""
        from claude_code_sdk import use_transport
        from claude_code_sdk.transports.in_process import InProcessTransport

        @use_transport(InProcessTransport(lambda command: None))
        async def test_greet(claude_cassette):
            async for _ in query(prompt="hullo", transport=claude_cassette.transport):
                pass
    """)
    outcome = project.run()
    assert outcome.report("test_greet")[-7:] == ["", "test_it.py:14: CassetteMismatch", *TRANSCRIPT]
