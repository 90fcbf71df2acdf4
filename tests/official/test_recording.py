"""record() and use_cassette() around programs that are written for the official SDK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import query as our_query
from claude_code_sdk import record, use_cassette
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.testing.executable import write_executable
from tests.cassettes.recording.live import CASSETTES, LiveCLI, NoCLI, frames_of, lines_of

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its memory streams and generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(params=["query", "ClaudeSDKClient"])
def entry(request: pytest.FixtureRequest) -> str:
    """Both entry points of the official SDK."""
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.jsonl"


async def ask(entry: str, prompt: str, **options: Any) -> list[Any]:
    """What one prompt gives, through an entry point of the official SDK."""
    given = sdk.ClaudeAgentOptions(**options)
    with anyio.fail_after(10):
        if entry == "query":
            return [message async for message in sdk.query(prompt=prompt, options=given)]
        async with sdk.ClaudeSDKClient(given) as client:
            await client.query(prompt)
            return [message async for message in client.receive_response()]


def text_of(messages: list[Any]) -> str:
    blocks = [block for message in messages if isinstance(message, sdk.AssistantMessage) for block in message.content]
    return "".join(block.text for block in blocks)


async def test_a_program_of_the_official_sdk_is_recorded_and_replays(entry: str, path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        live = await ask(entry, "hello")
    assert text_of(live) == "HELLO"
    assert lines_of(path)[0]["sdk"] == f"claude-agent-sdk {sdk.__version__}"
    with use_cassette(path, live=NoCLI()):
        assert await ask(entry, "hello") == live


async def test_recording_it_again_leaves_the_file_byte_for_byte(entry: str, path: Path) -> None:
    contents = set()
    for _ in range(3):
        with record(path, live=LiveCLI().transport):
            await ask(entry, "hello")
        contents.add(b"\n".join(path.read_bytes().splitlines()))  # noqa: ASYNC240  # a test
    assert len(contents) == 1


async def test_sessions_at_once_are_an_episode_each(path: Path) -> None:
    async def at_once() -> dict[str, str]:
        said: dict[str, str] = {}

        async def session(prompt: str) -> None:
            said[prompt] = text_of(await ask("ClaudeSDKClient", prompt))

        async with anyio.create_task_group() as tasks:
            for prompt in ("one", "two", "three"):
                tasks.start_soon(session, prompt)
        return said

    with record(path, live=LiveCLI().transport):
        live = await at_once()
    assert len(frames_of(path)) == 3
    with use_cassette(path, live=NoCLI()):
        assert await at_once() == live


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
async def test_its_own_process_is_recorded(entry: str, path: Path) -> None:
    executable = write_executable(path.parent, cassette=CASSETTES / "oneshot_query.jsonl")
    with record(path):
        live = await ask(entry, "Say hello", cli_path=executable)
    assert text_of(live) == "Hello from the scripted model."
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask(entry, "Say hello")) == text_of(live)


async def test_a_mismatch_that_the_official_sdk_swallows_is_raised_at_the_end(entry: str, path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await ask(entry, "hello")
    with pytest.raises(CassetteMismatch), use_cassette(path, live=NoCLI()):
        try:
            await ask(entry, "something else")
        except Exception:
            pass


async def test_new_episodes_of_the_official_sdk_are_appended(entry: str, path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await ask(entry, "one")
    with use_cassette(path, record_mode="new_episodes", live=LiveCLI().transport):
        assert text_of(await ask(entry, "two")) == "TWO"
        assert text_of(await ask(entry, "one")) == "ONE"
    with use_cassette(path, live=NoCLI()):
        assert [text_of(await ask(entry, prompt)) for prompt in ("one", "two")] == ["ONE", "TWO"]


async def test_both_sdks_are_recorded_into_one_cassette(path: Path) -> None:
    async def program() -> list[Any]:
        with anyio.fail_after(10):
            ours = [message async for message in our_query(prompt="ours")]
        return [*ours, *await ask("query", "theirs")]

    with record(path, live=LiveCLI().transport):
        live = await program()
    assert len(frames_of(path)) == 2
    with use_cassette(path, live=NoCLI()):
        assert await program() == live
