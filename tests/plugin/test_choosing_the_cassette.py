"""Which cassette a test replays, and for which code."""

from __future__ import annotations

from .conftest import Project, one_turn, two_turns


def test_the_name_of_the_test_names_its_cassette(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests("""
        async def test_hello(claude_cassette):
            assert await ask("hello") == ["hi"]
            assert claude_cassette.path.name == "test_hello.jsonl"
    """)
    assert project.run().outcomes == {"passed": 1}


def test_a_client_is_replayed_too(project: Project) -> None:
    project.record("test_it/test_talk.jsonl", two_turns())
    project.tests("""
        async def test_talk():
            results = []
            async with ClaudeSDKClient() as client:
                for prompt in ("one", "two"):
                    await client.query(prompt)
                    results += [m.result async for m in client.receive_response() if isinstance(m, ResultMessage)]
            assert results == ["1", "2"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_one_cassette_serves_both_event_loops(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests("""
        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        async def test_hello():
            assert await ask("hello") == ["hi"]
    """)
    assert project.run().outcomes == {"passed": 2}


def test_a_cassette_named_with_the_parameters_goes_first(project: Project) -> None:
    project.record("test_it/test_hello.jsonl", one_turn(reply="to all"))
    project.record("test_it/test_hello[b-c].jsonl", one_turn(reply="to b/c"))
    project.tests("""
        @pytest.mark.parametrize("who", ["a", "b/c"])
        async def test_hello(who):
            assert await ask("hello") == ["to b/c" if who == "b/c" else "to all"]
    """)
    assert project.run().outcomes == {"passed": 2}


def test_a_name_too_long_for_the_file_system_is_no_obstacle(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests("""
        @pytest.mark.parametrize("text", ["x" * 300])
        async def test_hello(text):
            assert await ask("hello") == ["hi"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_in_a_class_the_name_of_the_class_stands_before(project: Project) -> None:
    project.record("test_it/TestAda.test_hello.jsonl", one_turn(reply="Ada"))
    project.record("test_it/TestAda.TestInner.test_hello.jsonl", one_turn(reply="inner"))
    project.tests("""
        class TestAda:
            async def test_hello(self):
                assert await ask("hello") == ["Ada"]

            class TestInner:
                async def test_hello(self):
                    assert await ask("hello") == ["inner"]
    """)
    assert project.run().outcomes == {"passed": 2}


def test_the_marker_names_a_cassette_relative_to_the_tests_folder(project: Project) -> None:
    project.record("shared.jsonl", one_turn(reply="shared"))
    project.tests("""
        @pytest.mark.claude_cassette("cassettes/shared.jsonl")
        async def test_hello():
            assert await ask("hello") == ["shared"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_of_several_markers_each_thing_is_the_nearest_ones(project: Project) -> None:
    project.record("near.jsonl", two_turns())
    project.tests("""
        @pytest.mark.claude_cassette("cassettes/far.jsonl", allow_unplayed=True)
        class TestAda:
            @pytest.mark.claude_cassette("cassettes/near.jsonl")
            async def test_hello(self):
                async with ClaudeSDKClient() as client:
                    await client.query("one")
                    assert (await client.drain()).result == "1"
    """)
    assert project.run().outcomes == {"passed": 1}


def test_a_test_that_never_starts_the_cli_needs_no_cassette(project: Project) -> None:
    project.tests("""
        def test_nothing():
            pass
    """)
    assert project.run().outcomes == {"passed": 1}


def test_several_runs_of_a_test_play_one_episode_each(project: Project) -> None:
    project.record("test_it/test_both.jsonl", one_turn("a", "1"), one_turn("b", "2"))
    project.tests("""
        async def test_both():
            assert await ask("b") == ["2"]
            assert await ask("a") == ["1"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_the_transport_can_be_given_to_code_that_takes_one(project: Project) -> None:
    project.record("test_it/test_given.jsonl")
    project.tests("""
        async def test_given(claude_cassette):
            async with ClaudeSDKClient(transport=claude_cassette.transport) as client:
                await client.query("hello")
                assert (await client.drain()).result == "hi"
    """)
    assert project.run().outcomes == {"passed": 1}


def test_after_the_test_nothing_is_replayed_any_more(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests("""
        async def test_hello():
            assert await ask("hello") == ["hi"]

        def test_then():
            from claude_code_sdk._override import current
            assert [type(current()).__name__] == ["NoCassette"]

        @pytest.fixture(scope="module", autouse=True)
        def afterwards():
            yield
            from claude_code_sdk._override import current
            assert current() is None
    """)
    assert project.run().outcomes == {"passed": 2}
