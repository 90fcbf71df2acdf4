"""Every failure says which CLI it was: path, version, exit code, the tail of stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ClaudeSDKError, CLIConnectionError, query
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, WriteErr
from claude_code_sdk.transports.in_process import MemoryChannel

from .peers import Peer, assistant, read
from .processes import fake_cli

WAIT = 10.0


def context(error: Any) -> tuple[Any, ...]:
    assert isinstance(error, ClaudeSDKError)
    return error.cli_path, error.cli_version, error.exit_code, error.stderr


async def test_the_end_of_a_run_and_what_is_asked_afterwards() -> None:
    peer = Peer(lambda frame: [WriteErr("out of memory"), Exit(3)])
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(transport=peer.transport) as client:
            await client.query("hi")
            _, error = await read(client.receive_messages())
            assert context(error) == ("claude", "2.1.330", 3, "out of memory")
            for call in (client.interrupt(), client.query("more")):
                with pytest.raises(CLIConnectionError) as caught:
                    await call
                assert context(caught.value) == ("claude", "2.1.330", 3, "out of memory")


@pytest.mark.parametrize("answer", [None, ValueError("no")], ids=["none", "refused"])
async def test_a_control_request_that_fails(answer: Any) -> None:
    peer = Peer(on_control={"interrupt": lambda request: answer})
    peer.say(WriteErr("careful"))
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(control_timeout=0.05), transport=peer.transport) as client:
            with pytest.raises(ClaudeSDKError) as caught:
                await client.interrupt()
    assert context(caught.value) == ("claude", "2.1.330", None, "careful")


class BreaksDown:
    """A transport whose channel raises an error of its own where it receives."""

    def __init__(self, peer: Peer, error: Exception) -> None:
        self._peer = peer
        self._error = error

    async def open(self, command: Command, *, on_stderr: Any = None) -> MemoryChannel:
        channel = await self._peer.transport.open(command)
        receive = channel.receive

        async def receive_once() -> bytes:
            if self._peer.of_type("user"):
                raise self._error
            return await receive()

        channel.receive = receive_once  # type: ignore[method-assign]
        return channel


async def test_an_error_of_a_transport_of_another_kind_is_the_cause_of_ours() -> None:
    error = OSError("the tunnel fell in")
    with anyio.fail_after(WAIT):
        peer = Peer(lambda frame: [assistant("seen")])
        messages, caught = await read(query(prompt="hi", transport=BreaksDown(peer, error)))
    assert len(messages) == 1
    assert isinstance(caught, CLIConnectionError)
    assert str(caught) == "the connection to the CLI failed: OSError: the tunnel fell in"
    assert caught.__cause__ is error
    assert peer.closed


async def test_the_path_is_the_one_that_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = fake_cli(tmp_path, "def turn(frame): os._exit(3)")
    found = tmp_path / "bin" / "claude"
    found.parent.mkdir()
    found.symlink_to(cli)
    monkeypatch.setenv("PATH", str(found.parent), prepend=":")
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient() as client:
            await client.query("hi")
            _, error = await read(client.receive_messages())
    assert context(error)[0] == str(found)
