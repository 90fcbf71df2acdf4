"""SubprocessTransport: the CLI as a child process, on whichever event loop runs.

Above: the dispatcher.  Below: `find_cli.py` (which executable), `_spawn.py` (starting it), `_process_channel.py` (the
channel), and one file per kind of event loop.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

import anyio.to_thread
from anyio.lowlevel import checkpoint_if_cancelled

from ..protocol.command import Command
from ._event_loop import EventLoop
from ._process_channel import ProcessChannel
from ._spawn import spawn
from ._start_errors import start_error
from .find_cli import resolve_cli
from .live_guard import check_live


class SubprocessTransport:
    """Starts a process for each run, in a session and process group of its own.

    - `close_timeout`: seconds that a closing channel waits, after the end of the input, for the process to end by
      itself; then come SIGTERM and, two seconds later, SIGKILL to the whole group.
    - `keep_background`: what the CLI left running in its group lives on when it has ended by itself.  Otherwise that is
      killed when the channel closes.
    - `forward_interrupt`: while a run is open, a SIGINT that this program gets (Ctrl-C) is passed on to it.  Only runs
      opened in the main thread.
    - `stderr_tail_bytes`: how much of stderr is kept for error messages and `ExitStatus`.
    """

    def __init__(
        self,
        *,
        close_timeout: float = 5.0,
        keep_background: bool = False,
        forward_interrupt: bool = True,
        stderr_tail_bytes: int = 64 * 1024,
    ) -> None:
        self._close_timeout = close_timeout
        self._keep_background = keep_background
        self._forward_interrupt = forward_interrupt
        self._stderr_tail_bytes = stderr_tail_bytes

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> ProcessChannel:
        """Start `command`; see `Transport.open`.

        `on_stderr` gets each line that is not blank, without trailing white space, as soon as it is complete.

        Raises `CLINotFoundError` when there is no executable, `CLIConnectionError` when it or its working directory
        cannot be used, when the command line is too long, and for whatever else the system says.  In a run of tests
        that must not start a real CLI, `LiveRunRefused` (an AssertionError; see `live_guard.py`).
        Cancelled, or on any error, it leaves no process, descriptor or file behind.
        """
        await checkpoint_if_cancelled()
        executable = await _executable(command)
        check_live(executable)
        # No await from here on: a cancellation finds either nothing yet, or an open channel that the caller has.
        loop = current_event_loop()
        child = spawn(command, executable, spare_group=self._keep_background)
        try:
            return ProcessChannel(
                child,
                loop,
                on_stderr=on_stderr,
                close_timeout=self._close_timeout,
                forward_interrupt=self._forward_interrupt,
                stderr_tail_bytes=self._stderr_tail_bytes,
            )
        except BaseException as error:
            child.abandon()
            if isinstance(error, OSError):  # out of descriptors, most likely
                raise start_error(error, command, (executable,)) from error
            raise


async def _executable(command: Command) -> str:
    resolve = partial(resolve_cli, command.argv[0], env=command.env, home=_home(command))
    if command.argv[0] == "claude":
        return await anyio.to_thread.run_sync(resolve, abandon_on_cancel=True)  # searches directories
    return resolve()


def _home(command: Command) -> str:
    return command.env.get("HOME") or os.path.expanduser("~")


def current_event_loop() -> EventLoop:
    """The event loop that runs now, as a process channel uses it."""
    loop: EventLoop
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        from ._process_trio import TrioLoop

        loop = TrioLoop()
        can_watch = True
    else:
        from ._process_asyncio import AsyncioLoop

        loop = AsyncioLoop()
        can_watch = loop.can_watch
    if can_watch and os.name != "nt":
        return loop
    from ._process_threads import ThreadedPipes

    return ThreadedPipes(loop)
