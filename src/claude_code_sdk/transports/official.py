"""One of our transports in the shape that the official SDK `claude_agent_sdk` takes: dicts out, strings in.

`official_transport()` makes an object for its `transport=`; `OfficialShape` is what that object does, and what
`_official_patch.py` gives to instances of the official subprocess transport.
Above: the official SDK.  Below: any `Transport` of ours, `_official_command.py`, `_official_errors.py`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..protocol.codec import FrameDecoder, json_loads
from ..protocol.command import Command
from ..protocol.events import Noise
from ._official_command import command_of, unconnected
from ._official_errors import as_theirs, official_errors

if TYPE_CHECKING:
    from .base import Channel, Transport

MAX_FRAME_SIZE = 2**20
"""Bytes of a line where the options set no `max_buffer_size`: a longer one is an error, as it is live."""


def official_transport(
    transport: Transport, command: Command | None = None, *, prompt: Any = "", options: Any = None
) -> Any:
    """An object for `transport=` of the official SDK's `query()` and `ClaudeSDKClient`; one object is one connection.

    - `transport`: one of ours; it is opened when the official SDK connects.
    - `command`: what to open it with.  Default: what the official SDK would run for `prompt` and `options`, so that a
      recording or a replay sees its own command line.
    - `options`: a `claude_agent_sdk.ClaudeAgentOptions`; give the same to the official SDK.  Its `stderr` callback gets
      the lines of stderr, its `max_buffer_size` bounds a line.

    The object is a `claude_agent_sdk.Transport`.  Its methods raise that SDK's `CLIConnectionError`,
    `CLINotFoundError`, `CLIJSONDecodeError`, and `ProcessError` with the exit code and the real end of stderr.  Without
    the official SDK installed it is a plain object that raises ours, and a `command` must be given: `ValueError`
    otherwise.
    """
    return _official_class()(
        transport,
        command or partial(command_of, unconnected(prompt, options)),
        on_stderr=getattr(options, "stderr", None),
        max_frame_size=getattr(options, "max_buffer_size", None),
    )


class OfficialShape:
    """The six methods that the official SDK calls.

    - `command`: what to open the transport with; a function is called at `connect()`, and may raise.
    - `on_stderr`: gets each line of stderr that is not blank, without trailing white space.
    - `max_frame_size`: bytes of a line; `MAX_FRAME_SIZE` when None.
    """

    def __init__(
        self,
        transport: Transport,
        command: Command | Callable[[], Command],
        *,
        on_stderr: Callable[[str], None] | None = None,
        max_frame_size: int | None = None,
    ) -> None:
        self._transport = transport
        self._command = command
        self._report_stderr = on_stderr
        self._max_frame_size = MAX_FRAME_SIZE if max_frame_size is None else max_frame_size
        self._channel: Channel | None = None

    async def connect(self) -> None:
        """Open the transport; nothing when it is open."""
        if self._channel is None:
            command = self._command if isinstance(self._command, Command) else self._command()
            with as_theirs():
                self._channel = await self._transport.open(command, on_stderr=self._on_stderr)

    async def write(self, data: str) -> None:
        """Send lines, with their ends."""
        channel = self._connected
        with as_theirs():
            await channel.send(data.encode())

    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        """The frames as they come.  At the end, a `ProcessError` unless the exit code is 0."""
        channel = self._connected
        leave_damage = getattr(channel, "leave_damage_to_reader", None)
        find_damage = None if leave_damage is None else leave_damage()
        loads = json_loads if find_damage is None else _strict_loads
        decoder = FrameDecoder(loads=loads, max_frame_size=self._max_frame_size)
        while True:
            with as_theirs():
                data = await channel.receive()
            # A last line without its line end counts if it is whole and is dropped if it is torn, as it is live.
            for event in decoder.feed(data or b"\n"):
                if not isinstance(event, Noise):
                    yield event
                elif data:
                    if find_damage is not None:
                        with as_theirs():
                            find_damage()
                    self._skip(event)
            if not data:
                break
        with as_theirs():
            status = await channel.wait()
        if status.code != 0:
            text = f"Command failed with exit code {status.code}"
            raise official_errors().ProcessError(text, exit_code=status.code, stderr=status.stderr_tail or None)

    async def end_input(self) -> None:
        """Close the run's input."""
        if self._channel is not None:
            with as_theirs():
                await self._channel.send_eof()

    async def close(self) -> None:
        """End the run; bounded and shielded, as every channel's `aclose()`."""
        channel, self._channel = self._channel, None
        if channel is not None:
            with as_theirs():
                await channel.aclose()

    def is_ready(self) -> bool:
        """Whether it is connected."""
        return self._channel is not None

    @property
    def _connected(self) -> Channel:
        if self._channel is None:
            raise official_errors().CLIConnectionError("Not connected: the transport was not opened, or it was closed")
        return self._channel

    def _skip(self, noise: Noise) -> None:
        """What the official SDK skips is skipped; what it takes for a broken frame is an error."""
        line = noise.data.decode(errors="replace").strip()
        if noise.size > self._max_frame_size:
            line = f"JSON message exceeded maximum buffer size of {self._max_frame_size} bytes"
        elif not line.startswith("{"):
            return
        raise official_errors().CLIJSONDecodeError(line, ValueError(noise.reason))

    def _on_stderr(self, line: str) -> None:
        line = line.rstrip()
        if line and self._report_stderr is not None:
            self._report_stderr(line)


@cache
def _official_class() -> type[OfficialShape]:
    """`OfficialShape` as a `claude_agent_sdk.Transport`, where there is one.  Made late: its import takes a second."""
    try:
        base = import_module("claude_agent_sdk").Transport
    except ImportError:
        return OfficialShape
    return type("OfficialTransport", (OfficialShape, base), {"__doc__": OfficialShape.__doc__})


def _strict_loads(line: bytes | bytearray) -> Any:
    """Bytes that are not UTF-8 are damage where a file is played, so they are not replaced."""
    return json.loads(line.decode("utf-8"))
