"""serve_stdio: runs an engine over fds 0, 1 and 2, as the body of a fake `claude` executable.

Above: `fake_claude.py`, or a program of yours.  Below: an `Engine`.  Blocking and single-threaded: one poll for input,
signals and room in the output, so the host is heard even while it does not read.  Only what a call of the engine
returns to be awaited runs on an event loop, which is not loaded before.  On the fake path.  POSIX only.
"""

from __future__ import annotations

import os
import select
import sys
from stat import S_ISFIFO, S_ISSOCK
from time import monotonic

from ..protocol.command import Command
from ..protocol.engine import Exit, NeedData, Write, WriteErr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from asyncio import Runner
    from collections.abc import Awaitable
    from types import FrameType
    from typing import Any

    from ..protocol.engine import Call, Engine

else:
    import _signal as signal  # what `signal` puts `enum` around

READ_SIZE = 64 * 1024

VERDICT_EXIT = 70
"""Exit code for an engine's verdict (EX_SOFTWARE); its text is on stderr."""

BROKEN_PIPE_EXIT = 141
"""Exit code when the host no longer reads, as a shell shows a death by SIGPIPE."""

_EXIT_CODES = 256

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that are the engine's to answer."""


def serve_stdio(engine: Engine, command: Command | None = None) -> int:
    """Play the CLI on this process's stdin, stdout and stderr until the engine ends the run; returns the exit code.

    A negative code asks for a death by that signal: see `end_process`.  `command` is what the engine is told that it
    was started with; this process's own command line, environment and directory by default.

    A function that the engine calls may be a coroutine function: all of them run on one asyncio event loop, each to its
    end before the host is heard again.

    An engine's verdict (an `AssertionError` such as `CassetteMismatch`, or a `ClaudeSDKError`) is printed to stderr and
    the code is 70.  Anything else that it raises is a bug and is let through.
    """
    if command is None:
        command = Command(("claude", *sys.argv[1:]), env=dict(os.environ), cwd=os.getcwd())
    stdio = _Stdio(engine)
    try:
        return stdio.run(command)
    except BrokenPipeError:
        engine.close()
        return BROKEN_PIPE_EXIT
    except _verdicts() as verdict:
        stdio.write_error(f"fake-claude: {type(verdict).__name__}: {verdict}")
        return VERDICT_EXIT
    finally:
        stdio.restore()


def end_process(code: int) -> None:
    """End this process at once with an exit code of an engine; a negative one is a death by that signal.

    Of a code that no process here can end with (Windows has longer ones) the lowest byte is left, and a failure stays
    one.
    """
    if code < 0:
        try:
            signal.signal(-code, signal.SIG_DFL)
        except (OSError, ValueError):
            pass  # SIGKILL and SIGSTOP have no handler to take away
        os.kill(os.getpid(), -code)
    code = code if code >= 0 else 128 - code
    os._exit(code if code < _EXIT_CODES else code % _EXIT_CODES or 1)


class _Stdio:
    """The three descriptors and the signals of one run."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._signals: list[int] = []
        self._input_open = True
        self._runner: Runner | None = None
        self._wakeup, wakeup = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(wakeup, False)
        self._pipes = (self._wakeup, wakeup)
        self._old_wakeup = signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        self._old_actions = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        # Only pipes: the description of a terminal is shared with the shell.
        self._non_blocking = [fd for fd in (1, 2) if _is_pipe(fd) and os.get_blocking(fd)]
        for fd in self._non_blocking:
            os.set_blocking(fd, False)

    def restore(self) -> None:
        """End the event loop, if one was needed, and put descriptors and signals back as they were."""
        if self._runner is not None:
            self._runner.close()
        for number, action in self._old_actions.items():
            signal.signal(number, action)
        signal.set_wakeup_fd(self._old_wakeup)
        for fd in self._pipes:
            os.close(fd)
        for fd in self._non_blocking:
            os.set_blocking(fd, True)

    def run(self, command: Command) -> int:
        engine = self._engine
        engine.open(command)
        while True:
            self._pass_signals()
            action = engine.next_action(monotonic())
            if isinstance(action, Write):
                self._write(1, action.data)
            elif isinstance(action, NeedData):
                self._wait(action.until)
            elif isinstance(action, WriteErr):
                self.write_error(action.line)
            elif isinstance(action, Exit):
                return action.code
            else:
                self._perform(action)

    def write_error(self, text: str) -> None:
        """One line or more to stderr; a host that does not read it is no reason to stop."""
        try:
            data = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            data = text.encode("utf-8", "backslashreplace")
        try:
            self._write(2, data + b"\n")
        except BrokenPipeError:
            pass

    def _write(self, fd: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(fd, view) :]
            except BlockingIOError:
                # The host may be waiting for us to read before it reads on: hear it meanwhile.
                self._poll(None, room_in=fd)

    def _wait(self, until: float | None) -> None:
        timeout = None if until is None else max(0.0, until - monotonic())
        self._poll(timeout)

    def _poll(self, timeout: float | None, room_in: int | None = None) -> None:
        """Wait for input, a signal or room in the output, and hand input on."""
        poll = select.poll()
        poll.register(self._wakeup, select.POLLIN)
        if self._input_open:
            poll.register(0, select.POLLIN)
        if room_in is not None:
            poll.register(room_in, select.POLLOUT)
        # Rounded up: waking a little early would only poll again.
        ready = poll.poll(None if timeout is None else int(timeout * 1000) + 1)
        for fd, _ in ready:
            if fd == self._wakeup:
                os.read(self._wakeup, READ_SIZE)
            elif fd == 0:
                data = os.read(0, READ_SIZE)
                self._input_open = bool(data)
                self._engine.receive_data(data)

    def _pass_signals(self) -> None:
        while self._signals:
            self._engine.receive_signal(self._signals.pop(0))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)

    def _perform(self, call: Call) -> None:
        value, error = None, None
        try:
            returned = call.function(*call.args)
            value = self._await(returned) if hasattr(type(returned), "__await__") else returned
        except Exception as caught:  # the outcome is the engine's to judge
            error = caught
        self._engine.receive_result(call.call_id, value, error)

    def _await(self, awaitable: Awaitable[Any]) -> Any:
        from asyncio import Runner

        async def outcome() -> Any:
            return await awaitable

        if self._runner is None:
            self._runner = Runner()
        return self._runner.run(outcome())


def _verdicts() -> tuple[type[Exception], ...]:
    """What an engine raises as its verdict; loaded when something is raised, so that start-up goes without."""
    from ..errors import ClaudeSDKError

    return AssertionError, ClaudeSDKError


def _is_pipe(fd: int) -> bool:
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    return S_ISFIFO(mode) or S_ISSOCK(mode)
