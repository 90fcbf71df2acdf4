"""use_cassette(): the table of record modes, and the end of its block."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeSDKClient, ClaudeSDKError, record, use_cassette
from claude_code_sdk._override import current
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.record_mode import RECORD_MODES, VARIABLE, checked_record_mode, mode_in_force
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from tests.cassettes.cli.commands import run

from .live import LiveCLI, NoCLI, ask, content_of, converse, files_in, frames_of, text_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.jsonl"


async def recorded(path: Path, *prompts: str) -> bytes:
    """A cassette with an episode for each prompt; its content."""
    with record(path, live=LiveCLI().transport):
        for prompt in prompts:
            await ask(prompt)
    content = content_of(path)
    assert content is not None
    return content


# The words


@pytest.mark.parametrize("word", ["", "NONE", "banana", "rewrite", "any"])
def test_any_other_word_is_refused_with_the_right_ones(word: str, path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        use_cassette(path, record_mode=word)  # type: ignore[arg-type]
    assert str(caught.value) == f"record_mode={word!r}: it is one of none, once, new_episodes, all"


def test_so_is_one_in_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "banana")
    block = use_cassette(path)
    with pytest.raises(ValueError) as caught:
        block.__enter__()
    assert str(caught.value) == "CCSDK_RECORD_MODE='banana': it is one of none, once, new_episodes, all"


@pytest.mark.parametrize("mode", RECORD_MODES)
def test_the_environment_overrides_and_an_empty_variable_does_not(mode: str) -> None:
    assert mode_in_force("none", {VARIABLE: mode}) == mode
    assert mode_in_force(mode, {VARIABLE: ""}) == mode
    assert mode_in_force(mode, {}) == mode
    assert checked_record_mode(mode) == mode


@pytest.mark.parametrize(
    "wrong", [{"answers": "maybe"}, {"unplayed": "warn"}, {"match_on": ["argh"]}, {"match_on": "argv"}]
)
def test_wrong_settings_are_refused_at_once(wrong: dict[str, Any], path: Path) -> None:
    with pytest.raises((ValueError, TypeError)):
        use_cassette(path, **wrong)


# none


async def test_none_replays(path: Path) -> None:
    before = await recorded(path, "one")
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("one")) == "ONE"
    assert content_of(path) == before


async def test_none_is_a_mismatch_for_what_is_not_recorded(path: Path) -> None:
    before = await recorded(path, "one")
    with (
        pytest.raises(CassetteMismatch, match="accept the new behaviour:  CCSDK_RECORD_MODE=all "),
        use_cassette(path, live=NoCLI()),
    ):
        await ask("two")
    assert content_of(path) == before


async def test_none_without_a_cassette_says_how_to_record_one(path: Path) -> None:
    with pytest.raises(CassetteNotFound, match="record it:  CCSDK_RECORD_MODE=all "), use_cassette(path, live=NoCLI()):
        await ask("one")
    assert files_in(path.parent) == []


async def test_a_swallowed_mismatch_is_raised_at_the_end_of_the_block(path: Path) -> None:
    await recorded(path, "one")
    with pytest.raises(CassetteMismatch), use_cassette(path, live=NoCLI()):
        try:
            await ask("two")
        except AssertionError:
            pass


async def test_a_swallowed_missing_cassette_is_raised_at_the_end_of_the_block(path: Path) -> None:
    with pytest.raises(CassetteNotFound), use_cassette(path, live=NoCLI()):
        try:
            await ask("one")
        except ClaudeSDKError:
            pass


async def test_an_exception_that_is_under_way_is_not_replaced_by_a_verdict(path: Path) -> None:
    await recorded(path, "one", "two")
    with pytest.raises(ZeroDivisionError), use_cassette(path, live=NoCLI()):
        await ask("one")
        raise ZeroDivisionError


async def test_what_was_not_played_is_raised_unless_it_may_be_left(path: Path) -> None:
    await recorded(path, "one", "two")
    with pytest.raises(UnplayedEpisode, match="episode 2 was not played"), use_cassette(path, live=NoCLI()):
        await ask("one")
    with use_cassette(path, live=NoCLI(), unplayed="ignore"):
        await ask("one")


async def test_a_block_that_starts_no_run_is_no_error(path: Path) -> None:
    for mode in RECORD_MODES:
        with use_cassette(path, record_mode=mode, live=NoCLI()):
            pass
    assert files_in(path.parent) == []


async def test_a_damaged_cassette_is_never_recorded_over_in_silence(path: Path) -> None:
    before = await recorded(path, "one")
    await anyio.Path(path).write_bytes(before[:-20])
    for mode in ("none", "once", "new_episodes"):
        with pytest.raises(CassetteError), use_cassette(path, record_mode=mode, live=LiveCLI().transport):
            await ask("one")
        assert content_of(path) == before[:-20]


# once


async def test_once_records_when_there_is_no_cassette_and_replays_from_then_on(path: Path) -> None:
    cli = LiveCLI()
    for _ in range(3):
        with use_cassette(path, record_mode="once", live=cli.transport):
            assert text_of(await ask("one")) == "ONE"
    assert cli.prompts == ["one"]


async def test_once_is_a_mismatch_for_what_is_not_recorded(path: Path) -> None:
    before = await recorded(path, "one")
    with pytest.raises(CassetteMismatch), use_cassette(path, record_mode="once", live=NoCLI()):
        await ask("two")
    assert content_of(path) == before


# all


async def test_all_runs_live_and_replaces(path: Path) -> None:
    await recorded(path, "one", "two")
    cli = LiveCLI()
    with use_cassette(path, record_mode="all", live=cli.transport):
        await ask("three")
    assert cli.prompts == ["three"]
    assert len(frames_of(path)) == 1
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("three")) == "THREE"


async def test_all_in_the_environment_accepts_new_behaviour(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await recorded(path, "one")
    monkeypatch.setenv(VARIABLE, "all")
    with use_cassette(path, live=LiveCLI().transport):
        await ask("two")
    monkeypatch.delenv(VARIABLE)
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("two")) == "TWO"


async def test_all_replaces_a_damaged_cassette(path: Path) -> None:
    await anyio.Path(path).write_bytes(b"{")
    with use_cassette(path, record_mode="all", live=LiveCLI().transport):
        await ask("one")
    assert len(frames_of(path)) == 1


# new_episodes


async def test_new_episodes_without_a_cassette_records(path: Path) -> None:
    with use_cassette(path, record_mode="new_episodes", live=LiveCLI().transport):
        await ask("one")
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("one")) == "ONE"


async def test_new_episodes_replays_what_is_recorded(path: Path) -> None:
    before = await recorded(path, "one")
    with use_cassette(path, record_mode="new_episodes", live=NoCLI()):
        assert text_of(await ask("one")) == "ONE"
    assert content_of(path) == before
    assert files_in(path.parent) == ["x.jsonl"]


async def test_a_run_with_another_command_line_is_live_and_appended(path: Path) -> None:
    before = await recorded(path, "one")
    cli = LiveCLI()
    with use_cassette(path, record_mode="new_episodes", live=cli.transport):
        assert text_of(await ask("one", model="another")) == "ONE"
        assert text_of(await ask("one")) == "ONE"
    assert cli.prompts == ["one"]
    after = content_of(path)
    assert after is not None
    assert after.startswith(before)
    with use_cassette(path, live=NoCLI()):
        await ask("one")
        assert text_of(await ask("one", model="another")) == "ONE"


async def test_a_run_with_another_first_prompt_is_live_and_appended(path: Path) -> None:
    before = await recorded(path, "one")
    cli = LiveCLI()
    with use_cassette(path, record_mode="new_episodes", live=cli.transport):
        assert text_of(await ask("two")) == "TWO"
        assert text_of(await ask("one")) == "ONE"
    assert cli.prompts == ["two"]
    after = content_of(path)
    assert after is not None
    assert after.startswith(before)
    assert frames_of(path)[0] == frames_of(path)[1]
    with use_cassette(path, live=NoCLI()):
        assert [text_of(await ask(prompt)) for prompt in ("one", "two")] == ["ONE", "TWO"]


async def test_a_client_whose_first_prompt_is_another_one_is_live_as_a_whole(path: Path) -> None:
    await recorded(path, "one")
    cli = LiveCLI()
    with use_cassette(path, record_mode="new_episodes", live=cli.transport):
        assert await converse("two", "three") == ["TWO", "THREE"]
    assert cli.prompts == ["two", "three"]
    with use_cassette(path, live=NoCLI()):
        assert await converse("two", "three") == ["TWO", "THREE"]
        await ask("one")


async def test_the_same_run_once_more_than_recorded_is_live(path: Path) -> None:
    await recorded(path, "one")
    cli = LiveCLI()
    for _ in range(2):
        with use_cassette(path, record_mode="new_episodes", live=cli.transport):
            await ask("one")
            await ask("one")
    assert cli.prompts == ["one"]
    assert len(frames_of(path)) == 2


async def test_a_later_prompt_that_differs_is_a_mismatch(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await converse("one", "two")
    before = content_of(path)
    with (
        pytest.raises(CassetteMismatch, match="is not what was recorded"),
        use_cassette(path, record_mode="new_episodes", live=NoCLI()),
    ):
        await converse("one", "three")
    assert content_of(path) == before


async def test_an_episode_that_is_no_longer_used_stays(path: Path) -> None:
    before = await recorded(path, "one")
    with use_cassette(path, record_mode="new_episodes", live=LiveCLI().transport):
        await ask("two")
    after = content_of(path)
    assert after is not None
    assert after.startswith(before)


async def test_an_episode_that_was_begun_must_be_played(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await converse("one", "two")
    with (
        pytest.raises(UnplayedEpisode, match="episode 1 was not played to its end"),
        use_cassette(path, record_mode="new_episodes", live=NoCLI()),
    ):
        await converse("one")
    with use_cassette(path, record_mode="new_episodes", live=NoCLI(), unplayed="ignore"):
        await converse("one")


async def test_an_exception_leaves_the_old_file_and_the_new_episodes_in_the_partial(path: Path) -> None:
    before = await recorded(path, "one")
    with (
        pytest.raises(ZeroDivisionError) as caught,
        use_cassette(path, record_mode="new_episodes", live=LiveCLI().transport),
    ):
        await ask("two")
        raise ZeroDivisionError
    assert content_of(path) == before
    assert "x.jsonl.partial" in caught.value.__notes__[0]


async def test_runs_at_once_are_replayed_or_live_each_for_itself(path: Path) -> None:
    await recorded(path, "one", "two")
    cli = LiveCLI()
    said: dict[str, str] = {}

    async def session(prompt: str) -> None:
        said[prompt] = text_of(await ask(prompt))

    with use_cassette(path, record_mode="new_episodes", live=cli.transport):
        async with anyio.create_task_group() as tasks:
            for prompt in ("three", "two", "four", "one"):
                tasks.start_soon(session, prompt)
    assert said == {prompt: prompt.upper() for prompt in ("one", "two", "three", "four")}
    assert sorted(cli.prompts) == ["four", "three"]
    assert len(frames_of(path)) == 4


async def test_what_was_asked_before_the_first_prompt_is_asked_of_the_live_cli_too(path: Path) -> None:
    async def program(prompt: str) -> str:
        async with ClaudeSDKClient() as client:
            await client.set_permission_mode("acceptEdits")
            await client.query(prompt)
            return text_of([message async for message in client.receive_response()])

    cli = LiveCLI()
    cli.on_control = {"set_permission_mode": lambda request: {}}
    with record(path, live=cli.transport), anyio.fail_after(10):
        assert await program("one") == "ONE"
    with use_cassette(path, record_mode="new_episodes", live=cli.transport), anyio.fail_after(10):
        assert await program("two") == "TWO"
    asked = [frame["request"]["subtype"] for frame in cli.runs[-1].of_type("control_request")]
    assert asked == ["initialize", "set_permission_mode"]
    with use_cassette(path, live=NoCLI()), anyio.fail_after(10):
        assert await program("one") == "ONE"
        assert await program("two") == "TWO"


async def test_a_live_run_that_cannot_be_started_is_what_the_program_sees(path: Path) -> None:
    await recorded(path, "one")
    with (
        pytest.raises(AssertionError, match="the CLI was started"),
        use_cassette(path, record_mode="new_episodes", live=NoCLI()),
    ):
        await ask("two")


async def test_a_live_cli_that_shakes_hands_with_the_programs_tools_can_do_so_again(path: Path) -> None:
    from claude_code_sdk import ClaudeCodeOptions, create_sdk_mcp_server, query, tool
    from tests.client.peers import INFO, Frame, Peer, asks, assistant, result

    class Handshaking(Peer):
        """Asks for the tools before it answers `initialize`, and waits for the answer."""

        def __init__(self) -> None:
            super().__init__(
                lambda frame: [assistant(frame["message"]["content"].upper()), result()],
                on_control={"initialize": self.ask},
                on_answer=lambda frame: [
                    {
                        "type": "control_response",
                        "response": {"subtype": "success", "request_id": self.asked_by, "response": INFO},
                    }
                ],
            )

        def ask(self, request: Frame) -> None:
            self.asked_by = self.of_type("control_request")[-1]["request_id"]
            message = {"jsonrpc": "2.0", "id": 0, "method": "tools/list", "params": {}}
            self.say(asks("mcp-1", "mcp_message", server_name="tools", message=message))

    @tool("greet", "Greets", {})
    async def greet(given: Any) -> dict[str, Any]:
        return {"content": []}

    async def program(prompt: str) -> str:
        server = create_sdk_mcp_server("tools", tools=[greet])
        options = ClaudeCodeOptions(mcp_servers={"tools": server})
        with anyio.fail_after(10):
            return text_of([message async for message in query(prompt=prompt, options=options)])

    with record(path, live=Handshaking().transport):
        assert await program("one") == "ONE"
    with use_cassette(path, record_mode="new_episodes", live=Handshaking().transport):
        assert await program("two") == "TWO"
    with use_cassette(path, live=NoCLI()):
        assert await program("one") == "ONE"
        assert await program("two") == "TWO"


async def test_what_another_block_has_appended_meanwhile_stays(path: Path) -> None:
    cli = LiveCLI()
    await recorded(path, "one")
    with use_cassette(path, record_mode="new_episodes", live=cli.transport):
        await ask("one")  # for which the cassette is read
        with use_cassette(path, record_mode="new_episodes", live=cli.transport, unplayed="ignore"):
            await ask("two")
        await ask("three")
    assert len(frames_of(path)) == 3
    with use_cassette(path, live=NoCLI()):
        for prompt in ("one", "two", "three"):
            assert text_of(await ask(prompt)) == prompt.upper()


# Exceptions, and decorated functions


async def test_an_exception_says_what_the_program_swallowed_before(path: Path) -> None:
    await recorded(path, "one")
    with pytest.raises(ZeroDivisionError) as caught, use_cassette(path):
        try:
            await ask("two")
        except AssertionError:
            pass
        raise ZeroDivisionError
    assert caught.value.__notes__[0].startswith(
        "before that the program swallowed CassetteMismatch: frame 4 of episode 1"
    )


async def test_an_exception_that_the_mismatch_led_to_says_nothing_twice(path: Path) -> None:
    await recorded(path, "one")
    with pytest.raises(ZeroDivisionError) as caught, use_cassette(path):
        try:
            await ask("two")
        except AssertionError as error:
            raise ZeroDivisionError from error
    assert not hasattr(caught.value, "__notes__")


async def test_a_decorated_async_generator_plays_what_it_does(path: Path) -> None:
    await recorded(path, "one", "two")

    @use_cassette(path, live=NoCLI())
    async def program() -> AsyncIterator[str]:
        for prompt in ("one", "two"):
            yield text_of(await ask(prompt))

    assert [said async for said in program()] == ["ONE", "TWO"]


def test_a_decorated_generator_is_within_its_block(path: Path) -> None:
    @use_cassette(path, record_mode="all", live=NoCLI())
    def program() -> Generator[bool, str, str]:
        given = yield current() is not None
        return given

    running = program()
    assert current() is None
    assert next(running)
    with pytest.raises(StopIteration) as ended:
        running.send("given")
    assert ended.value.value == "given"
    assert current() is None


async def test_calls_at_once_of_a_decorated_function_are_refused_and_not_mixed_up(path: Path) -> None:
    await recorded(path, "one")
    asked, go_on = anyio.Event(), anyio.Event()

    @use_cassette(path)
    async def program(first: bool) -> None:
        if first:
            asked.set()
            await go_on.wait()
        else:
            go_on.set()
            await ask("one")

    async def once() -> None:
        with pytest.raises(RuntimeError, match="leave them in the reverse order"):
            await program(True)

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(once)
            await asked.wait()
            await program(False)


async def test_what_a_failed_block_recorded_is_recovered_behind_what_the_cassette_had(path: Path) -> None:
    before = await recorded(path, "one")
    with (
        pytest.raises(ZeroDivisionError),
        use_cassette(path, record_mode="new_episodes", live=LiveCLI().transport),
    ):
        await ask("two")
        raise ZeroDivisionError
    assert run("recover", f"{path}.partial").exit_code == 0
    old, new = before.splitlines(), (content_of(path) or b"").splitlines()
    assert new[1 : len(old)] == old[1:]
    with use_cassette(path, live=NoCLI()):
        assert [text_of(await ask(prompt)) for prompt in ("one", "two")] == ["ONE", "TWO"]
