"""Several sessions at once on one cassette, in process: which episode each of them is."""

from __future__ import annotations

import random
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ResultMessage, query, use_transport
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.permissions import PermissionResultAllow, PermissionResultDeny, ToolPermissionContext

from .playing import (
    answer,
    asks_for,
    cassette,
    cli,
    conversation,
    eof,
    exits,
    handshake,
    host,
    prompt,
    result,
    spawn,
)

LIMIT = 20.0  # seconds


async def ask(text: str) -> str:
    said = [message.result async for message in query(prompt=text) if isinstance(message, ResultMessage)]
    return str(said[0])


async def converse(texts: tuple[str, ...]) -> list[str]:
    said: list[str] = []
    async with ClaudeSDKClient() as client:
        for text in texts:
            await client.query(text)
            results = [message async for message in client.receive_response() if isinstance(message, ResultMessage)]
            said.append(str(results[0].result))
    return said


@pytest.mark.parametrize("order", range(3))
async def test_fifty_queries_at_once_are_an_episode_each(order: int) -> None:
    texts = [f"question {number % 25}" for number in range(50)]  # each is asked twice
    transport = CassetteTransport(cassette(*(conversation(text) for text in texts)))
    random.Random(order).shuffle(texts)
    said: dict[int, str] = {}

    async def once(number: int, text: str) -> None:
        said[number] = await ask(text)

    with use_transport(transport), anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for number, text in enumerate(texts):
                tasks.start_soon(once, number, text)
    assert [said[number] for number in range(50)] == [text.upper() for text in texts]
    transport.check()


async def test_clients_and_queries_at_once_keep_their_sessions_apart() -> None:
    sessions = [("hello", "left"), ("hello", "right"), ("hello", "left", "again"), ("one",), ("two",)]
    transport = CassetteTransport(cassette(*(conversation(*texts) for texts in sessions)))
    said: list[list[str]] = []

    async def session(texts: tuple[str, ...]) -> None:
        said.append(await converse(texts) if len(texts) > 1 else [await ask(texts[0])])

    with use_transport(transport), anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for texts in sessions:
                tasks.start_soon(session, texts)
    assert sorted(said) == sorted([text.upper() for text in texts] for texts in sessions)
    transport.check()


@pytest.mark.parametrize("recorded", [2, 20])
async def test_one_session_more_than_was_recorded_is_the_only_one_that_fails(recorded: int) -> None:
    """With twenty there are 20! ways in which they could change places, were each tried."""
    transport = CassetteTransport(cassette(*(conversation("same") for _ in range(recorded))))
    ended: list[str] = []

    async def once() -> None:
        try:
            ended.append(await ask("same"))
        except CassetteMismatch as verdict:
            ended.append(str(verdict).splitlines()[0])

    with use_transport(transport), anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            for _ in range(recorded + 1):
                tasks.start_soon(once)
    assert ended.count("SAME") == recorded
    assert "another run has taken the last episode that fits this one" in ended
    with pytest.raises(CassetteMismatch):
        transport.check()


async def test_callbacks_of_sessions_at_once_answer_their_own_session() -> None:
    """Also where the CLI's request ids are the same in both recordings."""

    def deciding(tool: str, decision: dict[str, Any]) -> list[Entry]:
        asked = [cli(asks_for("1", tool)), host(answer("1", decision)), cli(result(decision["behavior"]))]
        flags = spawn("--permission-prompt-tool", "stdio")
        return [flags, *handshake(), host(prompt(f"use {tool}")), *asked, eof(), exits()]

    async def decide(
        tool: str, given: dict[str, object], context: ToolPermissionContext
    ) -> PermissionResultAllow | PermissionResultDeny:
        return PermissionResultDeny(message="no") if tool == "Bash" else PermissionResultAllow()

    transport = CassetteTransport(
        cassette(
            deciding("Bash", {"behavior": "deny", "message": "no"}),
            deciding("Read", {"behavior": "allow", "updatedInput": {}}),
        )
    )
    said: dict[str, str | None] = {}

    async def session(tool: str) -> None:
        options = ClaudeCodeOptions(can_use_tool=decide)
        async with ClaudeSDKClient(options) as client:
            await client.query(f"use {tool}")
            async for message in client.receive_response():
                if isinstance(message, ResultMessage):
                    said[tool] = message.result

    with use_transport(transport), anyio.fail_after(LIMIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(session, "Read")
            tasks.start_soon(session, "Bash")
    assert said == {"Read": "allow", "Bash": "deny"}
    transport.check()
