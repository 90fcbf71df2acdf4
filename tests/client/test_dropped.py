"""What a program drops without closing it ends by itself, and what somebody still reads does not."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import ClaudeSDKClient, Message, query

from .peers import Peer, assistant, read
from .test_lifecycle import other_tasks, user

WAIT = 3.0


async def endless() -> AsyncIterator[dict[str, Any]]:
    yield user("a")
    await anyio.sleep_forever()


async def closed_and_nothing_left(peer: Peer, before: int) -> None:
    gc.collect()
    with anyio.fail_after(WAIT):
        while not peer.closed or other_tasks() > before:
            await checkpoint()


async def test_a_query_whose_prompts_never_end() -> None:
    peer = Peer(lambda frame: [assistant("one")])
    before = other_tasks()
    messages = query(prompt=endless(), transport=peer.transport)
    await anext(messages)
    del messages
    await closed_and_nothing_left(peer, before)


async def test_a_client_whose_prompts_never_end() -> None:
    peer = Peer(lambda frame: [assistant("one")])
    before = other_tasks()
    client = ClaudeSDKClient(transport=peer.transport)
    await client.connect(endless())
    await anext(client.receive_messages())
    del client
    await closed_and_nothing_left(peer, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # coroutines of a loop left like this
def test_a_client_that_outlives_its_event_loop(caplog: pytest.LogCaptureFixture) -> None:
    peer = Peer()
    client = ClaudeSDKClient(transport=peer.transport)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.connect())
    loop.close()
    del client
    gc.collect()
    assert peer.closed
    assert caplog.records == []


async def test_an_iterator_keeps_its_client() -> None:
    peer = Peer(lambda frame: [assistant("one")])
    before = other_tasks()

    async def ask() -> AsyncIterator[Message]:
        client = ClaudeSDKClient(transport=peer.transport)
        await client.connect("hi")
        return client.receive_messages()

    messages = await ask()
    gc.collect()
    await anyio.wait_all_tasks_blocked()
    assert not peer.closed
    with anyio.move_on_after(0.05):
        await read(messages)
    assert not peer.closed
    del messages
    await closed_and_nothing_left(peer, before)
