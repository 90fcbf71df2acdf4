"""The seam between the SDK and whatever plays the CLI: two protocols, nothing else.

A `Transport` opens a `Command` and gives a `Channel`; bytes cross it, so framing, argv, stderr and exit status are the
same whether the far end is a process, a recording or a script.  Wrappers compose around a transport and see the
command.
Above: `_host.py` and `_dispatcher.py`.  Below: `subprocess.py`, `in_process.py`, `legacy.py`, `cassettes/transport.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..protocol.command import Command, ExitStatus


class Transport(Protocol):
    """Opens runs of the CLI.  One transport may serve several runs, one after another or at once."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """Start `command` and return the channel to it.

        `on_stderr` is called with each line of the run's stderr, without its end, in the event loop's thread; what
        it raises is logged and dropped.

        Raises `CLINotFoundError` when there is no executable, `CLIConnectionError` when it cannot be started.
        Cancelled, or on any error, it leaves no process, descriptor or file behind.
        """
        ...


class Channel(Protocol):
    """A connection to one run.  One task receives; any number of tasks may send.

    Three members are optional, and a wrapper need not pass them on:

    - `executable` (str): the path of what was really started, for errors.
    - `leave_damage_to_reader()`: a channel that plays a file then delivers lines without decoding them first.  It
      returns what the reader calls when a line is not JSON: that raises `CassetteError` if the file is damaged there.
      A reader that does not call it gets lines that were checked.
    - `leave_decoding_to_reader()`: a channel that records then does not decode what it delivers.  It returns what the
      reader calls after each read, before it awaits anything: with True if `orjson.loads` made an object of each line
      that began in that read and was completed.
    """

    async def send(self, data: bytes) -> None:
        """Send whole lines.  Calls of several tasks do not mix.

        Raises `CLIConnectionError` when the run's input is closed.  Cancelled while it waits, the data is still
        sent in full, ahead of whatever is sent next: a line is never torn.
        """
        ...

    async def send_eof(self) -> None:
        """Close the run's input after what was sent.  Idempotent."""
        ...

    async def receive(self) -> bytes:
        """The next bytes of the run's output; `b""` at its end, and from then on.

        The end comes with the end of the output, or one second after the run itself ended even if something that
        it started still holds the pipe.  Cancelled, it loses nothing.
        """
        ...

    async def send_signal(self, number: int) -> None:
        """Send a signal to the run itself.  Nothing happens when it has ended."""
        ...

    async def wait(self) -> ExitStatus:
        """Wait until the run has ended.  Has no bound of its own; may be cancelled and called again."""
        ...

    def kill(self) -> None:
        """End the run and everything in its process group at once (SIGKILL).  Synchronous, idempotent, never raises."""

    async def aclose(self) -> None:
        """Close the run's input, give it a bounded time to end, end it by force otherwise, release everything.

        Output that still comes is read and dropped meanwhile.  Shielded, bounded, idempotent; may be called from any
        task.  When it is cut short all the same (a raw asyncio cancellation), `kill()` followed by another
        `aclose()` completes it.
        """
        ...

    @property
    def pid(self) -> int | None:
        """Process id of the run, `None` when it is not a process of its own."""
        ...

    @property
    def stderr_tail(self) -> str:
        """The last part of stderr so far, lines joined by newlines."""
        ...
