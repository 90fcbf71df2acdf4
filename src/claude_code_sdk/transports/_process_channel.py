"""A running CLI process as a `Channel`: when its input, its outputs and its life end, and how it is ended.

Closing is a sequence of callbacks, not of awaits: once begun it completes on its own, whoever is cancelled while
waiting for it.  Above: `subprocess.py`.  Below: the pipes (`_process_input.py`, `_process_output.py`,
`_process_stderr.py`), the process (`_child.py`) and the event loop (`_event_loop.py`).
"""

from __future__ import annotations

import logging
import signal
import weakref
from collections.abc import Callable
from contextlib import ExitStack

import anyio

from ..errors import CLIConnectionError
from ..protocol.command import ExitStatus
from ._child import KILLED, ChildProcess
from ._event_loop import EventLoop, Waiter
from ._interrupt import forwarding
from ._process_input import ProcessInput
from ._process_output import ProcessOutput
from ._process_stderr import ProcessStderr

logger = logging.getLogger("claude_code_sdk")

EXIT_DRAIN = 1.0
"""Seconds after the exit in which the outputs may still come to their ends; a grandchild may hold them open."""

TERMINATE_GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL when the process is closed."""

KILL_GRACE = 5.0
"""Seconds that a killed process gets to be gone; one that is stuck in the kernel is then left to itself."""

FAILED_SEND_WAIT = 1.0
"""Seconds that a failed `send` waits for the exit code and stderr of the process, to say why."""

POLL_FIRST, POLL_LONGEST = 0.001, 0.05
"""Seconds between looks for the exit, doubling, where the system or the loop does not tell."""


class ProcessChannel:
    """See `transports/base.py` for the contract of the public methods."""

    def __init__(
        self,
        child: ChildProcess,
        loop: EventLoop,
        *,
        on_stderr: Callable[[str], None] | None,
        close_timeout: float,
        forward_interrupt: bool,
        stderr_tail_bytes: int,
    ) -> None:
        self._child = child
        self._loop = loop
        self._close_timeout = close_timeout
        self._code: int | None = None
        self._closing = False
        self._closed = False
        self._waiters: set[Waiter] = set()
        self._take_back_timer: Callable[[], None] | None = None
        with ExitStack() as undo:
            self._input = ProcessInput(loop, child.stdin, self._notify)
            undo.callback(self._input.close)
            self._output = ProcessOutput(loop, child.stdout)
            undo.callback(self._output.end)
            self._stderr = ProcessStderr(
                loop, child.stderr, on_line=on_stderr, tail_bytes=stderr_tail_bytes, ended=self._notify
            )
            undo.callback(self._stderr.close)
            self._stop_watching = self._watch_exit()
            undo.pop_all()
        loop.when_over(self._end_process)
        self._finalizer = weakref.finalize(self, _abandon, child)
        if forward_interrupt:
            forwarding.add(child)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def executable(self) -> str:
        """The path that was started."""
        return self._child.executable

    @property
    def stderr_tail(self) -> str:
        return self._stderr.tail

    async def send(self, data: bytes) -> None:
        pipe = self._input
        if not pipe.ending:
            mark = pipe.put(data)
            if pipe.written >= mark:
                return
            await self._until(lambda: pipe.written >= mark or pipe.closed)
            if pipe.written >= mark:
                return
        raise await self._send_error()

    async def _send_error(self) -> CLIConnectionError:
        if self._closing:
            return self._with_context("Cannot write to Claude Code: the channel is closed")
        if self._input.closed and self._code is None:
            # The pipe broke, most likely because the process is about to end: its last words say why.
            with anyio.move_on_after(FAILED_SEND_WAIT):
                await self._until(self._has_ended)
        if self._code is not None:
            return self._with_context("Cannot write to Claude Code: the process has ended")
        return self._with_context("Cannot write to Claude Code: its input is closed")

    def _with_context(self, message: str) -> CLIConnectionError:
        tail = self._stderr.tail
        code = "" if self._code is None else f" (exit code: {self._code})"
        error = CLIConnectionError(f"{message}{code}" + (f"\nError output: {tail}" if tail else ""))
        error.exit_code = self._code
        error.stderr = tail
        return error

    async def send_eof(self) -> None:
        self._input.end()
        self._notify()

    async def receive(self) -> bytes:
        return await self._output.receive()

    async def send_signal(self, number: int) -> None:
        self._child.signal(number)

    async def wait(self) -> ExitStatus:
        await self._until(self._has_ended)
        assert self._code is not None
        return ExitStatus(self._code, self._stderr.tail)

    def kill(self) -> None:
        self._child.kill_group()

    async def aclose(self) -> None:
        if not self._closing:
            self._begin_closing()
        with anyio.CancelScope(shield=True):
            await self._until(lambda: self._closed)
            await self._loop.aclose()

    # Waiting

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            waiter = self._loop.waiter()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)

    def _notify(self) -> None:
        for waiter in self._waiters:
            waiter.wake()

    def _has_ended(self) -> bool:
        return self._code is not None and self._stderr.ended

    def _set_timer(self, seconds: float, callback: Callable[[], None]) -> None:
        """There is one timer: of what is awaited now, the previous having come or become pointless."""
        self._drop_timer()
        self._take_back_timer = self._loop.call_later(seconds, callback)

    def _drop_timer(self) -> None:
        if self._take_back_timer is not None:
            self._take_back_timer()
            self._take_back_timer = None

    # Exit

    def _watch_exit(self) -> Callable[[], None] | None:
        fd = self._child.exit_fd
        stop = None if fd is None else self._loop.watch(fd, lambda: self._look_for_exit(noticed=True))
        if stop is None:
            self._loop.call_later(POLL_FIRST, lambda: self._poll_for_exit(2 * POLL_FIRST))
        return stop

    def _poll_for_exit(self, seconds: float) -> None:
        if not self._closed:
            self._look_for_exit()
            if self._code is None:
                self._loop.call_later(seconds, lambda: self._poll_for_exit(min(2 * seconds, POLL_LONGEST)))

    def _look_for_exit(self, *, noticed: bool = False) -> None:
        if self._code is None:
            self._code = self._child.poll(noticed=noticed)
            if self._code is not None:
                self._on_exit()

    def _on_exit(self) -> None:
        self._end_watch()
        self._input.close()
        if self._closing:
            self._release()
        else:
            self._set_timer(EXIT_DRAIN, self._end_outputs)
            self._notify()

    def _end_watch(self) -> None:
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    def _end_outputs(self) -> None:
        self._output.end(drain=True)
        self._stderr.end()

    # Closing, from the polite to the last step

    def _begin_closing(self) -> None:
        self._output.drop()
        self._input.end()
        if self._code is None:
            try:
                self._set_timer(self._close_timeout, self._terminate)
            except RuntimeError:  # the loop is closed, or trio's run is at its end: nothing would ever call back
                self._code = self._child.end_now()
        if self._code is not None:
            self._end_watch()
            self._release()
        self._closing = True  # last: a KeyboardInterrupt on the way leaves it to the next aclose

    def _end_process(self) -> None:
        """By force and blocking, since nothing would call back.  Closing is still up to whoever has the channel."""
        if self._code is None:
            self._code = self._child.end_now()
            self._end_watch()
            if self._closing:
                self._release()

    def _terminate(self) -> None:
        logger.info("process %d has not ended %g s after the end of its input: SIGTERM", self.pid, self._close_timeout)
        self._child.signal(signal.SIGTERM)
        self._set_timer(TERMINATE_GRACE, self._force)

    def _force(self) -> None:
        logger.warning("process %d has not ended %g s after SIGTERM: SIGKILL", self.pid, TERMINATE_GRACE)
        self._child.kill_group()
        self._set_timer(KILL_GRACE, self._give_up)

    def _give_up(self) -> None:
        logger.error("process %d has not ended %g s after SIGKILL; it is left to itself", self.pid, KILL_GRACE)
        self._code = KILLED
        self._end_watch()
        self._release()

    def _release(self) -> None:
        self._drop_timer()
        self._output.end()
        self._stderr.end()
        self._input.close()
        self._child.release()
        forwarding.discard(self._child)
        self._finalizer.detach()
        self._closed = True
        self._notify()


def _abandon(child: ChildProcess) -> None:
    logger.warning("the channel to process %d was never closed; the process and its group are killed", child.pid)
    forwarding.discard(child)
    child.abandon()
