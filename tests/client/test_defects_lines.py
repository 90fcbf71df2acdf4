"""Nothing that comes down the pipe ends a session by its form (known-defects B19, B32)."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ResultMessage,
    TextBlock,
    TurnIncompleteError,
    UnknownMessage,
    query,
)

from .peers import Peer, assistant, read, result
from .processes import fake_cli

WAIT = 30.0


def text_of(message: object) -> str:
    assert isinstance(message, AssistantMessage)
    (block,) = message.content
    assert isinstance(block, TextBlock)
    return block.text


@pytest.mark.requirement("B32", "odd-lines")
async def test_a_line_of_20_mb_is_a_message(tmp_path: Path) -> None:
    source = """
def turn(frame):
    HELLO["message"]["content"][0]["text"] = "x" * 20_000_000
    say(HELLO, RESULT)
"""
    with anyio.fail_after(WAIT):
        options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))
        messages = [message async for message in query(prompt="go", options=options)]
    assert text_of(messages[0]) == "x" * 20_000_000
    assert isinstance(messages[1], ResultMessage)


@pytest.mark.requirement("B13")
async def test_a_prompt_of_20_mb_arrives(tmp_path: Path) -> None:
    source = "def turn(frame): say({**RESULT, 'result': str(len(frame['message']['content']))})"
    with anyio.fail_after(WAIT):
        options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))
        messages = [message async for message in query(prompt="ü" * 10_000_000, options=options)]
    assert messages[-1].raw["result"] == "10000000"


@pytest.mark.requirement("B32", "odd-lines")
async def test_a_limit_counts_bytes_and_a_line_over_it_costs_only_itself(tmp_path: Path) -> None:
    """5,000 characters that are 10,000 bytes: over a limit of 8,000."""
    source = """
def turn(frame):
    for text in ("x" * 5000, "ü" * 5000, "after"):
        HELLO["message"]["content"][0]["text"] = text
        sys.stdout.buffer.write(json.dumps(HELLO, ensure_ascii=False).encode() + b"\\n")
    say(RESULT)
"""
    with anyio.fail_after(WAIT):
        options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source), max_buffer_size=8000)
        messages = [message async for message in query(prompt="go", options=options)]
    kinds = [type(message).__name__ for message in messages]
    assert kinds == ["AssistantMessage", "UnknownMessage", "AssistantMessage", "ResultMessage"]
    assert messages[1].raw["size"] > 10_000
    assert "8000" in messages[1].raw["reason"]


@pytest.mark.requirement("B19", "odd-lines")
async def test_one_bad_byte_costs_one_character() -> None:
    line = json.dumps(assistant("before@after")).encode().replace(b"@", b"\xff") + b"\n"
    async with ClaudeSDKClient(transport=Peer(lambda frame: [line, result()]).transport) as client:
        await client.query("go")
        with anyio.fail_after(WAIT):
            messages = [message async for message in client.receive_response()]
    assert text_of(messages[0]) == "before\ufffdafter"


@pytest.mark.requirement("odd-lines")
async def test_a_torn_last_line_is_reported_and_the_end_is_told(tmp_path: Path) -> None:
    source = """
def turn(frame):
    sys.stdout.write(json.dumps(HELLO)[:40])
    sys.stdout.flush()
    os._exit(0)
"""
    with anyio.fail_after(WAIT):
        messages, error = await read(query(prompt="go", options=ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))))
    assert isinstance(error, TurnIncompleteError)
    assert [type(message) for message in messages] == [UnknownMessage]
    assert messages[0].raw["line"] == '{"type": "assistant", "message": {"id": '


@pytest.mark.parametrize("bytes_at_once", [1, 7])
@pytest.mark.requirement("odd-lines")
async def test_lines_that_arrive_in_pieces_are_whole(tmp_path: Path, bytes_at_once: int) -> None:
    source = f"""
def say(*frames):
    for frame in frames:
        data = json.dumps(frame).encode() + b"\\n"
        for start in range(0, len(data), {bytes_at_once}):
            os.write(1, data[start:start + {bytes_at_once}])
"""
    with anyio.fail_after(WAIT):
        options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))
        messages = [message async for message in query(prompt="go", options=options)]
    assert [type(message) for message in messages] == [AssistantMessage, ResultMessage]
