"""Iterables of prompts that block, raise, never end or yield what is no message."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    CLIConnectionError,
    CLINotFoundError,
    HookMatcher,
    ProcessError,
    ResultMessage,
    query,
)
from claude_code_sdk.protocol.engine import Exit

from .peers import Peer, assistant, read
from .processes import fake_cli
from .test_lifecycle import user

WAIT = 3.0


async def no_opinion(*_: Any) -> dict[str, Any]:
    return {}


NEEDS = ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[no_opinion])]})


async def raising(error: Exception) -> AsyncIterator[dict[str, Any]]:
    yield user("a")
    raise error


@pytest.mark.parametrize("error", [ValueError("the file is gone"), CLINotFoundError(), CLIConnectionError("another")])
@pytest.mark.parametrize("options", [ClaudeCodeOptions(), NEEDS], ids=["no callbacks", "callbacks"])
async def test_what_prompts_of_a_query_raise_is_raised_after_the_last_message(
    error: Exception, options: ClaudeCodeOptions
) -> None:
    with anyio.fail_after(WAIT):
        messages, raised = await read(query(prompt=raising(error), options=options, transport=Peer().transport))
    assert [type(message) for message in messages] == [AssistantMessage, ResultMessage]
    assert raised is error


async def test_what_prompts_of_a_client_raise_is_raised_after_the_last_message() -> None:
    error = ValueError("the file is gone")
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(transport=Peer().transport) as client:
            await client.disconnect()
            client._transport = Peer().transport
            await client.connect(raising(error))
            messages, raised = await read(client.receive_messages())
            with pytest.raises(CLIConnectionError, match="the file is gone"):
                await client.query("more")
    assert [type(message) for message in messages] == [AssistantMessage, ResultMessage]
    assert raised is error


@pytest.mark.parametrize("junk", ["text", None, 7, {"type": "user", "message": {1, 2}}])
async def test_a_prompt_that_is_no_message_is_an_error_after_the_last_message(junk: Any) -> None:
    async def prompts() -> AsyncIterator[Any]:
        yield user("a")
        yield junk

    with anyio.fail_after(WAIT):
        messages, error = await read(query(prompt=prompts(), transport=Peer().transport))
    assert [type(message) for message in messages] == [AssistantMessage, ResultMessage]
    assert isinstance(error, TypeError)


@pytest.mark.parametrize("how", ["the run ends", "disconnect"])
async def test_a_generator_of_prompts_is_closed_with_the_run(how: str) -> None:
    steps = []

    async def prompts() -> AsyncIterator[dict[str, Any]]:
        try:
            while True:
                yield user("a")
                steps.append("sent")
                if how == "disconnect":
                    await anyio.sleep_forever()
        finally:
            steps.append("closed")

    given = prompts()  # held, so that no collector closes it
    peer = Peer(lambda frame: [assistant("x"), Exit(0)] if how == "the run ends" else [])
    with anyio.fail_after(WAIT):
        client = ClaudeSDKClient(transport=peer.transport)
        await client.connect(given)
        while not steps:
            await checkpoint()
        if how == "the run ends":
            await read(client.receive_messages())
        await client.disconnect()
    assert steps[-1] == "closed"


async def test_prompts_without_an_end_leave_the_event_loop_its_turns() -> None:
    def prompts() -> Iterator[dict[str, Any]]:
        while len(peer.received) < 100_000:
            yield user("a")

    peer = Peer(lambda frame: [])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(transport=peer.transport) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(client.query, prompts())
            while not peer.of_type("user"):
                await checkpoint()
            tasks.cancel_scope.cancel()
    assert len(peer.received) < 100


async def test_connecting_with_prompts_to_a_cli_that_has_exited_leaves_no_connection() -> None:
    class Exits(Peer):
        def _receive(self, frame: dict[str, Any]) -> None:
            super()._receive(frame)
            self.say(Exit(3))

    client = ClaudeSDKClient(transport=Exits().transport)
    with anyio.fail_after(WAIT):
        try:
            await client.connect(raising(ValueError()))
        except CLIConnectionError:  # which of the two is seen first is the scheduler's choice
            client._transport = Peer().transport
            await client.connect("again")
            assert await client.drain() is not None
        else:
            _, error = await read(client.receive_messages())
            assert isinstance(error, ProcessError)
        await client.disconnect()


CLOSES_ITS_OUTPUT = """
import time
def turn(frame):
    say(HELLO, RESULT); os.close(1); time.sleep(0.5); os._exit(0)
"""


async def test_prompts_for_a_cli_that_closed_its_output_end_without_a_word(tmp_path: Any) -> None:
    second = anyio.Event()

    async def prompts() -> AsyncIterator[dict[str, Any]]:
        yield user("a")
        await second.wait()
        yield user("b")
        yield user("c")

    messages = query(prompt=prompts(), options=ClaudeCodeOptions(cli_path=fake_cli(tmp_path, CLOSES_ITS_OUTPUT)))
    with anyio.fail_after(10):
        await anext(messages)
        assert isinstance(await anext(messages), ResultMessage)
        await anyio.sleep(0.1)  # in which the end of the output is read
        second.set()
        assert await read(messages) == ([], None)


async def test_a_prompt_for_a_cli_that_closed_its_output_is_refused(tmp_path: Any) -> None:
    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, CLOSES_ITS_OUTPUT))
    with anyio.fail_after(10):
        async with ClaudeSDKClient(options) as client:
            await client.query("a")
            await client.drain()
            await anyio.sleep(0.1)
            with pytest.raises(CLIConnectionError, match="has closed its output"):
                await client.query("b")
            with pytest.raises(CLIConnectionError, match="has closed its output"):
                await client.interrupt()
