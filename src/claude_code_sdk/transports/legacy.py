"""Transports of the older SDKs, which carry dicts instead of bytes.

`Transport` is the base class that programs written for them subclass and pass as `transport=`.  `LegacyTransport` makes
one of our transports of such an object: its dicts become lines again, so everything above runs the same code.
Above: `_override.py`.  Below: `_legacy_channel.py`, and the program's own transport.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from typing import Any

from ..errors import CLIConnectionError
from ..protocol.command import Command
from ._legacy_channel import CLOSE_TIMEOUT, LegacyChannel


class Transport(ABC):
    """A connection to a CLI, in the shape of the older SDKs.  One object is one connection.

    To carry bytes, and to see the command that would be run, implement `claude_code_sdk.transports.base.Transport`
    instead.
    """

    @abstractmethod
    async def connect(self) -> None:
        """Get ready for reading and writing."""

    @abstractmethod
    async def write(self, data: str) -> None:
        """Send one or more lines, with their ends.  One call at a time is made."""

    @abstractmethod
    def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        """The frames that the CLI sends, decoded, control frames too.  Called once after `connect()`.

        The end of the iteration is the end of the run.  An exception with an `exit_code` (`ProcessError`) is a run
        that ended with that code and with its `stderr`; any other one is a lost connection.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release everything.  Called once; gets `CLOSE_TIMEOUT` seconds."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it is connected.  For the program: the SDK does not ask."""

    @abstractmethod
    async def end_input(self) -> None:
        """Tell the CLI that nothing more will be written."""


class LegacyTransport:
    """Makes one of our transports of a dict-style one.

    - `dict_style`: a `Transport` of either older SDK, or any object with `connect`, `write`, `read_messages` and
      `close`; `end_input` and `is_ready` may be missing.
    - `close_timeout`: seconds that its `close()` may take.

    It cannot be told what to run, so `open` ignores the command; it has no stderr and no signals.  It is one
    connection: it may be opened again when the channel was closed, if the object allows that, but never twice at once.
    """

    def __init__(self, dict_style: Any, *, close_timeout: float = CLOSE_TIMEOUT) -> None:
        self._dict_style = dict_style
        self._close_timeout = close_timeout
        self._channel: LegacyChannel | None = None

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> LegacyChannel:
        """See `Transport.open`.

        Raises `CLIConnectionError`, chained from what `connect()` raised (`CLINotFoundError` for an error of that
        name, errors of this SDK and failed assertions as they are), and when the connection is open already.
        """
        if self._channel is not None and not self._channel.closed:
            raise CLIConnectionError(
                f"this {type(self._dict_style).__name__} is open already: a dict-style transport is one connection, "
                "so give each query() or client one of its own"
            )
        self._channel = channel = LegacyChannel(self._dict_style, self._close_timeout)
        await channel.connect()
        return channel
