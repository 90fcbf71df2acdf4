"""A dict-style connection as a `Channel`.

Above: `legacy.py`.  Below: the program's own transport, `_detached.py`.

The older SDKs call `connect()`, then `read_messages()` once and `write()`, at last `close()`.  All of it happens in a
task of the channel's own, the reading and the writing inside the rest.  So a transport may hold a task group open from
`connect()` to `close()`, a cancelled `receive()` does not end an asynchronous generator that is being read, and a
cancelled `send()` tears no line.
"""

from __future__ import annotations

import logging
import signal
from collections import deque
from inspect import isawaitable
from typing import Any

import anyio
from anyio.lowlevel import checkpoint_if_cancelled

from ..errors import ClaudeSDKError, CLIConnectionError, CLINotFoundError
from ..protocol.codec import encode_frame
from ..protocol.command import ExitStatus
from ._detached import spawn_detached

logger = logging.getLogger("claude_code_sdk")

CLOSE_TIMEOUT = 5.0
"""Seconds that a transport's `close()` may take; then it is cancelled."""

CANCEL_GRACE = 1.0
"""Seconds that a cancelled `close()` may take; then it is left to itself."""


class _Write:
    """What a `send` waits for; `text` is None for the end of the input."""

    __slots__ = ("done", "error", "text")

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.done = anyio.Event()
        self.error: BaseException | None = None


class LegacyChannel:
    """See `transports/base.py` for the contract of the public methods."""

    pid = None

    def __init__(self, dict_style: Any, close_timeout: float) -> None:
        self._inner = dict_style
        self._close_timeout = close_timeout
        self._received: deque[bytes] = deque()
        self._outgoing: deque[_Write] = deque()
        self._input_ended = False
        self._connect_error: BaseException | None = None
        self._failure: BaseException | None = None  # of read_messages()
        self._exit: ExitStatus | None = None
        self._connected = anyio.Event()  # or it failed
        self._exited = anyio.Event()
        self._closing = anyio.Event()
        self._closed = anyio.Event()
        self._arrived = anyio.Event()  # renewed by whoever waits for more to receive
        self._queued = anyio.Event()  # renewed by the writer
        self._reading = anyio.Event()  # or reading failed
        self._life = anyio.CancelScope()
        self._close_called = False

    @property
    def closed(self) -> bool:
        """Whether the transport was closed and nothing of the channel runs any more."""
        return self._closed.is_set()

    @property
    def stderr_tail(self) -> str:
        return "" if self._exit is None else self._exit.stderr_tail

    async def connect(self) -> None:
        """Connect the transport.  Raises as `LegacyTransport.open`; on any failure and when cancelled, it is closed."""
        await checkpoint_if_cancelled()
        spawn_detached(self._live)
        try:
            await self._connected.wait()
        except BaseException:
            self._life.cancel()
            await self.aclose()
            raise
        if self._connect_error is not None:
            await self.aclose()
            raise self._connect_error

    async def send(self, data: bytes) -> None:
        await checkpoint_if_cancelled()
        if self._input_ended or self._closing.is_set() or self._exit is not None:
            raise self._closed_error()
        await self._put(data.decode())

    async def send_eof(self) -> None:
        await checkpoint_if_cancelled()
        if not self._input_ended and not self._closing.is_set() and self._exit is None:
            self._input_ended = True
            await self._put(None)

    async def _put(self, text: str | None) -> None:
        """Queue and wait: cancelled, it is still written, in its turn."""
        write = _Write(text)
        self._outgoing.append(write)
        self._queued.set()
        await write.done.wait()
        if write.error is not None:
            raise write.error

    async def receive(self) -> bytes:
        await checkpoint_if_cancelled()
        while not self._received:
            if self._failure is not None:
                raise self._failure
            if self._exit is not None:
                return b""
            if self._arrived.is_set():
                self._arrived = anyio.Event()
            await self._arrived.wait()
        data = b"".join(self._received)
        self._received.clear()
        return data

    async def send_signal(self, number: int) -> None:
        await checkpoint_if_cancelled()  # the dict style has no signals

    async def wait(self) -> ExitStatus:
        await self._exited.wait()
        assert self._exit is not None
        return self._exit

    def kill(self) -> None:
        try:
            self._end(ExitStatus(-signal.SIGKILL))
            self._closing.set()
        except Exception:  # the event loop is gone, and the channel's task with it
            logger.debug("a dict-style transport could not be told to close", exc_info=True)

    async def aclose(self) -> None:
        self._closing.set()
        with anyio.CancelScope(shield=True):
            with anyio.move_on_after(self._close_timeout):
                await self._closed.wait()
                return
            logger.warning(
                "close() of %r did not return within %g s; it is cancelled", self._inner, self._close_timeout
            )
            self._life.cancel()
            with anyio.move_on_after(CANCEL_GRACE):
                await self._closed.wait()

    # The task of its own

    async def _live(self) -> None:
        try:
            with self._life:
                await self._connect_and_serve()
                await self._close_inner()
        except Exception:
            logger.exception("the task groups or cancel scopes of a dict-style transport overlap: %r", self._inner)
        finally:
            try:
                if not self._close_called:  # cancelled before it came to that, by us or with the event loop
                    with anyio.move_on_after(self._close_timeout, shield=True):
                        await self._close_inner()
            finally:
                self._release()

    def _release(self) -> None:
        self._end(ExitStatus(0))
        self._connected.set()
        self._closed.set()
        for write in self._outgoing:
            write.error = self._closed_error()
            write.done.set()

    async def _connect_and_serve(self) -> None:
        try:
            await self._inner.connect()
        except Exception as error:
            self._connect_error = _as_ours(error, "connect()")
            return
        self._connected.set()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read)
            tasks.start_soon(self._write)
            await self._closing.wait()
            tasks.cancel_scope.cancel()

    async def _close_inner(self) -> None:
        self._close_called = True
        try:
            await self._inner.close()
        except Exception:
            logger.warning("close() of %r raised; the run is over all the same", self._inner, exc_info=True)

    async def _read(self) -> None:
        status = ExitStatus(0)
        try:
            frames = self._inner.read_messages()
            if isawaitable(frames):  # declared `async def` without being a generator
                frames = await frames
            try:
                # The writer runs when this task waits next: the older SDKs read before they write.
                self._reading.set()
                async for frame in frames:
                    self._received.append(encode_frame(frame))
                    self._arrived.set()
            finally:
                if hasattr(frames, "aclose"):
                    await frames.aclose()
        except Exception as error:
            code = getattr(error, "exit_code", None)
            status = ExitStatus(code if isinstance(code, int) else 1, str(getattr(error, "stderr", None) or ""))
            if not isinstance(code, int):
                self._failure = _as_ours(error, "read_messages()")
        self._end(status)

    async def _write(self) -> None:
        await self._reading.wait()
        while True:
            while self._outgoing:
                write = self._outgoing[0]
                try:
                    if write.text is not None:
                        await self._inner.write(write.text)
                    elif hasattr(self._inner, "end_input"):
                        await self._inner.end_input()
                except Exception as error:
                    write.error = _as_ours(error, "end_input()" if write.text is None else "write()")
                self._outgoing.popleft()
                write.done.set()
            self._queued = anyio.Event()
            await self._queued.wait()

    def _end(self, status: ExitStatus) -> None:
        """The run is over; the first to say how decides."""
        if self._exit is None:
            self._exit = status
        self._exited.set()
        self._arrived.set()
        self._reading.set()

    def _closed_error(self) -> CLIConnectionError:
        if self._exit is not None:
            return CLIConnectionError(f"cannot write: the run has ended (exit code: {self._exit.code})")
        return CLIConnectionError("cannot write: the run's input is closed")


def _as_ours(error: Exception, where: str) -> Exception:
    """The error to raise for one of a dict-style transport, which may come from another SDK or from none."""
    if isinstance(error, (ClaudeSDKError, AssertionError)):  # the latter: a verdict on a test
        return error
    text = f"the transport's {where} raised {type(error).__name__}: {error}"
    names = {cls.__name__ for cls in type(error).__mro__}
    ours = CLINotFoundError(text) if "CLINotFoundError" in names else CLIConnectionError(text)
    ours.__cause__ = error
    return ours
