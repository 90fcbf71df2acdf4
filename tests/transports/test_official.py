"""One of our transports in the official shape, where the official SDK is not installed: the shape alone.

With the official SDK: tests/official.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from claude_code_sdk.errors import (
    ClaudeSDKError,
    CLIConnectionError,
    CLIJSONDecodeError,
    CLINotFoundError,
    IdleTimeoutError,
    ProcessError,
)
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, Write, WriteErr
from claude_code_sdk.transports import _official_command, official
from claude_code_sdk.transports._official_errors import as_theirs
from claude_code_sdk.transports.official import official_transport
from tests.client.peers import Peer, assistant, result

COMMAND = Command(("claude",))
USER = '{"type":"user","message":{"role":"user","content":"hi"}}\n'


@pytest.fixture(autouse=True)
def not_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hides the official SDK, if it is there."""
    for name in [name for name in sys.modules if name.split(".")[0] == "claude_agent_sdk"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(official, "import_module", _no_module)
    monkeypatch.setattr(_official_command, "import_module", _no_module)
    official._official_class.cache_clear()
    yield
    official._official_class.cache_clear()


def _no_module(name: str) -> Any:
    raise ImportError(name)


async def opened(peer: Peer) -> Any:
    transport = official_transport(peer.transport, COMMAND)
    await transport.connect()
    return transport


async def test_strings_go_in_and_dicts_come_out() -> None:
    peer = Peer()
    with anyio.fail_after(5):
        transport = await opened(peer)
        await transport.write(USER)
        await transport.end_input()
        frames = [frame async for frame in transport.read_messages()]
        await transport.close()
    assert frames == [assistant("hello"), result()]
    assert peer.commands == [COMMAND]


async def test_it_is_ready_from_connect_to_close() -> None:
    with anyio.fail_after(5):
        transport = official_transport(Peer().transport, COMMAND)
        assert not transport.is_ready()
        await transport.connect()
        assert transport.is_ready()
        await transport.close()
        assert not transport.is_ready()


async def test_connecting_and_closing_twice_is_once() -> None:
    peer = Peer()
    with anyio.fail_after(5):
        transport = await opened(peer)
        await transport.connect()
        await transport.close()
        await transport.close()
        await transport.end_input()
    assert len(peer.commands) == 1
    assert peer.closed


@pytest.mark.parametrize("use", ["write", "read"])
async def test_it_cannot_be_used_before_it_is_connected(use: str) -> None:
    transport = official_transport(Peer().transport, COMMAND)
    with pytest.raises(CLIConnectionError, match="Not connected: the transport was not opened, or it was closed"):
        await (transport.write(USER) if use == "write" else anext(transport.read_messages()))


async def test_an_exit_code_is_a_process_error_with_the_real_stderr() -> None:
    with anyio.fail_after(5):
        transport = await opened(Peer(lambda frame: [WriteErr("boom"), Exit(2)]))
        await transport.write(USER)
        with pytest.raises(ProcessError) as caught:
            await anext(transport.read_messages())
        await transport.close()
    assert (caught.value.exit_code, caught.value.stderr) == (2, "boom")
    assert str(caught.value) == "Command failed with exit code 2 (exit code: 2)\nError output: boom"


@pytest.mark.parametrize(("last", "frames"), [(b'{"whole":1}', [{"whole": 1}]), (b'{"torn', []), (b"", [])])
async def test_a_last_line_without_its_end_counts_if_it_is_whole(last: bytes, frames: list[Any]) -> None:
    with anyio.fail_after(5):
        transport = await opened(Peer(lambda frame: [Write(last), Exit(0)]))
        await transport.write(USER)
        assert [frame async for frame in transport.read_messages()] == frames
        await transport.close()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"broken\n', '{"broken'),
        (b'  {"broken \r\n', '{"broken'),
        (b'{"a":"' + b"x" * 2**20 + b'"}\n', "JSON message exceeded maximum buffer size of 1048576 bytes"),
        (b"x" * (2**20 + 1) + b"\n", "JSON message exceeded maximum buffer size of 1048576 bytes"),
    ],
)
async def test_a_broken_frame_is_a_decode_error(data: bytes, line: str) -> None:
    with anyio.fail_after(5):
        transport = await opened(Peer(lambda frame: [data]))
        await transport.write(USER)
        with pytest.raises(CLIJSONDecodeError) as caught:
            await anext(transport.read_messages())
        await transport.close()
    assert caught.value.line == line
    assert isinstance(caught.value.original_error, ValueError)


async def test_lines_that_are_no_objects_are_skipped() -> None:
    with anyio.fail_after(5):
        transport = await opened(Peer(lambda frame: [b"[debug] noise\n\nnull\n", result()]))
        await transport.write(USER)
        await transport.end_input()
        assert [frame async for frame in transport.read_messages()] == [result()]
        await transport.close()


def test_without_the_official_sdk_a_command_must_be_given() -> None:
    with pytest.raises(ValueError, match="needs a command: claude_agent_sdk, which would build one, is not installed"):
        official_transport(Peer().transport)


# Errors, where the official SDK is there


class Theirs:
    """The exception classes of another SDK."""

    class ClaudeSDKError(Exception): ...

    class CLIConnectionError(ClaudeSDKError): ...

    class CLINotFoundError(CLIConnectionError): ...

    class ProcessError(ClaudeSDKError): ...


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (CLINotFoundError("no claude"), Theirs.CLINotFoundError),
        (CLIConnectionError("lost"), Theirs.CLIConnectionError),
        (ProcessError("ended", exit_code=3, stderr="boom"), Theirs.ProcessError),
        (IdleTimeoutError("silent"), Theirs.ClaudeSDKError),
    ],
)
def test_our_errors_become_theirs_of_the_same_name_or_of_the_nearest_base(
    ours: ClaudeSDKError, theirs: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "claude_agent_sdk", Theirs)
    with pytest.raises(theirs) as caught, as_theirs():
        raise ours
    assert type(caught.value) is theirs
    assert str(caught.value) == str(ours)
    assert caught.value.__cause__ is ours
    if isinstance(ours, ProcessError):
        assert vars(caught.value) == {"exit_code": 3, "stderr": "boom"}


def test_where_there_are_no_others_our_errors_stay_as_they_are() -> None:
    ours = CLIConnectionError("lost")
    with pytest.raises(CLIConnectionError) as caught, as_theirs():
        raise ours
    assert caught.value is ours


def test_other_exceptions_pass() -> None:
    with pytest.raises(AssertionError, match="a verdict"), as_theirs():
        raise AssertionError("a verdict")
