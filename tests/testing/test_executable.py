"""write_executable(): matchers, words, and several sessions at once over processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ResultMessage, query
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.errors import ProcessError
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.executable import check_executable, write_executable
from tests.cassettes.playing import cassette, conversation

from .matchers_of_a_project import any_case, broken

LIMIT = 60.0  # seconds; each process takes a tenth of one


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[str, Path]]:
    """Writes a cassette of sessions, and an executable that plays it."""

    def write(*sessions: list[Entry], **settings: object) -> tuple[str, Path]:
        file = tmp_path / "session.jsonl"
        dump(cassette(*sessions), file)
        return write_executable(tmp_path, cassette=file, **settings), file  # type: ignore[arg-type]

    return write


async def ask(cli_path: str, text: str) -> str:
    """One `query()`: the result."""
    options = ClaudeCodeOptions(cli_path=cli_path)
    said = [message.result async for message in query(prompt=text, options=options) if type(message) is ResultMessage]
    return str(said[0])


@pytest.mark.anyio
async def test_one_that_is_written_again_has_used_up_nothing(tmp_path: Path) -> None:
    for said in ("one", "two"):
        path = write_executable(tmp_path, Script().says(said))
        with anyio.fail_after(LIMIT):
            assert await ask(path, "hello") == said
        check_executable(path, script=tmp_path / "claude.script.json")


@pytest.mark.anyio
async def test_one_that_is_written_again_goes_on_in_a_state_that_it_was_given(tmp_path: Path) -> None:
    script = Script().says("one").says("two")
    for said in ("one", "two"):
        path = write_executable(tmp_path, script, state=tmp_path / "shared")
        with anyio.fail_after(LIMIT):
            assert await ask(path, "hello") == said


@pytest.mark.anyio
async def test_a_matcher_of_ones_own_works_in_the_process(make: Callable[..., tuple[str, Path]]) -> None:
    path, file = make(conversation("hello"), match_on=("argv", any_case))
    with anyio.fail_after(LIMIT):
        assert await ask(path, "HELLO") == "HELLO"
    check_executable(path, cassette=file)


@pytest.mark.anyio
async def test_what_it_raises_is_the_mismatch_there_and_at_the_end(make: Callable[..., tuple[str, Path]]) -> None:
    path, file = make(conversation("hello"), match_on=("argv", any_case), accept="make record")
    with anyio.fail_after(LIMIT), pytest.raises(ProcessError) as failed:
        await ask(path, "bye")
    with pytest.raises(CassetteMismatch) as caught:
        check_executable(path, cassette=file)
    assert str(caught.value).splitlines()[2:] == [
        f'  {file}:5   host sends user "hello"',
        "    matcher any_case: said 'bye' instead of 'hello'",
        "",
        "  played 3 of 8 entries; waiting behind this one: assistant, result",
        "  record mode none; matched on argv, any_case; answers: verify",
        "  accept the new behaviour:  make record",
    ]
    told = [line for line in str(caught.value).splitlines() if line]
    assert (failed.value.stderr or "").splitlines() == [f"fake-claude: CassetteMismatch: {told[0]}", *told[1:]]


@pytest.mark.anyio
async def test_its_defect_is_told_with_the_traceback(make: Callable[..., tuple[str, Path]]) -> None:
    path, file = make(conversation("hello"), match_on=("argv", broken))
    with anyio.fail_after(LIMIT), pytest.raises(ProcessError) as failed:
        await ask(path, "hello")
    assert failed.value.exit_code == 70
    with pytest.raises(RuntimeError) as caught:
        check_executable(path, cassette=file)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"a matcher went wrong in {path}:"
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "ZeroDivisionError: in the matcher"
    assert "matchers_of_a_project.py" in lines[-3]


def test_a_matcher_that_no_process_can_import_is_refused(make: Callable[..., tuple[str, Path]]) -> None:
    with pytest.raises(ValueError, match="so this one must be a function of a module, at its top"):
        make(conversation("hello"), match_on=[lambda recorded, live: None])


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ({"answers": "check"}, "answers='check': it is one of verify, stub, ignore"),
        ({"unplayed": "tell"}, "unplayed='tell': it is one of fail, ignore"),
    ],
)
def test_an_unknown_word_is_refused(make: Callable[..., tuple[str, Path]], setting: dict[str, str], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make(conversation("hello"), **setting)


@pytest.mark.anyio
async def test_a_program_may_stop_early_where_that_is_ignored(make: Callable[..., tuple[str, Path]]) -> None:
    async def one_of_two_turns(path: str) -> None:
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=path)) as client:
                await client.query("one")
                async for _ in client.receive_response():
                    pass

    path, file = make(conversation("one", "two"), conversation("three"), unplayed="ignore")
    await one_of_two_turns(path)
    check_executable(path, cassette=file, unplayed="ignore")
    with pytest.raises(UnplayedEpisode, match="episode 2 was not played"):
        check_executable(path, cassette=file)


@pytest.mark.anyio
async def test_sessions_at_once_get_an_episode_each(make: Callable[..., tuple[str, Path]]) -> None:
    """Also those that are asked the same: no two processes play one episode."""
    texts = ["a", "b", "c", "same", "same", "same"]
    path, file = make(*(conversation(text) for text in texts))
    said: list[str] = []

    async def once(text: str) -> None:
        said.append(await ask(path, text))

    with anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for text in reversed(texts):
                tasks.start_soon(once, text)
    assert sorted(said) == sorted(text.upper() for text in texts)
    check_executable(path, cassette=file)


@pytest.mark.anyio
async def test_clients_at_once_keep_their_sessions_apart(make: Callable[..., tuple[str, Path]]) -> None:
    sessions = [("one", "two"), ("three", "four"), ("five", "six")]
    path, file = make(*(conversation(*texts) for texts in sessions))
    said: dict[tuple[str, ...], list[str]] = {}

    async def session(texts: tuple[str, ...]) -> None:
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=path)) as client:
            for text in texts:
                await client.query(text)
                results = [m.result async for m in client.receive_response() if isinstance(m, ResultMessage)]
                said.setdefault(texts, []).append(str(results[0]))

    with anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for texts in reversed(sessions):
                tasks.start_soon(session, texts)
    assert said == {texts: [text.upper() for text in texts] for texts in sessions}
    check_executable(path, cassette=file)


@pytest.mark.anyio
async def test_processes_that_begin_alike_and_differ_later_make_room_for_each_other(
    make: Callable[..., tuple[str, Path]],
) -> None:
    ways = ("left", "right", "straight on")
    path, file = make(*(conversation("hello", way) for way in ways))
    said: dict[str, list[str]] = {way: [] for way in ways}
    greeted, all_greeted = 0, anyio.Event()

    async def session(way: str) -> None:
        nonlocal greeted
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=path)) as client:
            for text in ("hello", way):
                await client.query(text)
                results = [m.result async for m in client.receive_response() if isinstance(m, ResultMessage)]
                said[way].append(str(results[0]))
                if text == "hello":
                    greeted += 1
                    if greeted == len(ways):
                        all_greeted.set()
                    await all_greeted.wait()  # each has an episode now, and which it has is chance

    with anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for way in ways:
                tasks.start_soon(session, way)
    assert said == {way: ["HELLO", way.upper()] for way in ways}
    check_executable(path, cassette=file)
