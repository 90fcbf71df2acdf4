"""Two clients at once, of one program and one event loop, do not meet."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    ProcessError,
    ResultMessage,
    query,
)
from tests.transports.conftest import Leftovers

from .peers import Peer, result
from .processes import fake_cli

WAIT = 15.0

ECHO = (
    "def turn(frame): say({**RESULT, 'result': sys.argv[sys.argv.index('--model') + 1] + frame['message']['content']})"
)


async def test_each_gets_its_own_messages(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, ECHO)
    results: dict[str, list[str | None]] = {"a": [], "b": []}

    async def talk(name: str) -> None:
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=cli, model=name)) as client:
            for number in range(20):
                await client.query(str(number))
                last = await client.drain()
                assert last is not None
                results[name].append(last.result)

    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(talk, "a")
            tasks.start_soon(talk, "b")
    assert results == {name: [f"{name}{number}" for number in range(20)] for name in "ab"}
    nothing_left.check()


async def test_the_end_of_one_leaves_the_other_alone(tmp_path: Path) -> None:
    source = "def turn(frame):\n    if frame['message']['content'] == 'die': os._exit(3)\n    say(HELLO, RESULT)"
    options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options) as one, ClaudeSDKClient(options) as other:
            await one.query("die")
            with pytest.raises(ProcessError, match="exit code 3"):
                await one.drain()
            await other.query("live")
            assert isinstance(await other.drain(), ResultMessage)


async def test_options_may_be_shared_and_are_not_changed() -> None:
    async def hook(given: object, tool_use_id: str | None, context: object) -> None: ...

    options = ClaudeCodeOptions(hooks={"Stop": [HookMatcher(hooks=[hook])]}, env={"A": "1"}, allowed_tools=["Read"])
    before = repr(options)
    peers = [Peer(lambda frame: [result()]) for _ in range(2)]
    with anyio.fail_after(WAIT):
        async with anyio.create_task_group() as tasks:

            async def ask(peer: Peer) -> None:
                async for _ in query(prompt="hi", options=options, transport=peer.transport):
                    pass

            for peer in peers:
                tasks.start_soon(ask, peer)
    assert repr(options) == before
    assert peers[0].received == peers[1].received
