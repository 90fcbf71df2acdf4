"""InProcessTransport: runs an `Engine` behind a memory channel, with no process and no task of its own.

Above: the dispatcher.  Below: an `Engine` (`Player`, `FakeCLI`, or yours).  The engine advances only when the host
receives, waits or closes, so what happens when cannot depend on a scheduler.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

import anyio

from ..errors import CLIConnectionError
from ..protocol.command import Command, ExitStatus
from ..protocol.engine import Call, Exit, NeedData, Write, WriteErr
from ._waiter import Wakeable, loop_clock, loop_turn

if TYPE_CHECKING:
    from ..protocol.engine import Engine
else:  # so that `typing.get_type_hints` works: on the fake path engines have no `typing`
    Engine = Any

logger = logging.getLogger("claude_code_sdk")

READ_SIZE = 64 * 1024
"""Bytes that one `receive` gathers at most from several writes of the engine (a single write is never split)."""

CLOSE_GRACE = 5.0
"""Seconds that an engine gets to end its run after the end of its input, as a process would."""

LOOK_TURNS = 2
"""Turns of the event loop before an engine looks again that does not want to wait: in one a task of the program goes
on, in the next what it woke."""

CLOSE_STEPS = 1_000_000
"""Actions that an engine may take while it is being closed; one that never ends its run is cut off there."""


class InProcessTransport:
    """Opens a fresh engine for each run.

    - `make_engine`: called with the `Command` of each run.
    - `close_timeout`: seconds that `aclose` waits for the engine to end its run.
    """

    def __init__(self, make_engine: Callable[[Command], Engine], *, close_timeout: float = CLOSE_GRACE) -> None:
        self._make_engine = make_engine
        self._close_timeout = close_timeout

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> MemoryChannel:
        """See `Transport.open`.  Raises whatever the engine raises for a command that it does not accept."""
        engine = self._make_engine(command)
        engine.open(command)
        return MemoryChannel(engine, on_stderr=on_stderr, close_timeout=self._close_timeout)


class MemoryChannel:
    """A `Channel` whose far end is an engine; see `transports/base.py` for the contract of its methods."""

    pid = None

    def __init__(
        self, engine: Engine, *, on_stderr: Callable[[str], None] | None = None, close_timeout: float = CLOSE_GRACE
    ) -> None:
        self._engine = engine
        self._on_stderr = on_stderr
        self._close_timeout = close_timeout
        self._stderr: list[str] = []
        self._held: list[bytes] = []  # taken from the engine, not yet received
        self._call: Call | None = None  # taken from the engine, not yet made
        self._exit: ExitStatus | None = None
        self._input_closed = False
        self._released = False
        self._stirred = Wakeable()  # woken when the engine may have something new
        self._now = loop_clock()

    @property
    def stderr_tail(self) -> str:
        return "\n".join(self._stderr)

    async def send(self, data: bytes) -> None:
        if self._input_closed or self._exit is not None:
            code = "" if self._exit is None else f" (exit code: {self._exit.code})"
            raise CLIConnectionError(f"cannot write: the run's input is closed{code}")
        self._engine.receive_data(data)
        self._stirred.wake()

    async def send_eof(self) -> None:
        self._end_input()

    def _end_input(self) -> None:
        if not self._input_closed:
            self._input_closed = True
            if self._exit is None:
                self._engine.receive_data(b"")
                self._stirred.wake()

    async def receive(self) -> bytes:
        while True:
            need = self._advance()
            if self._held:
                data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
                self._held.clear()
                return data
            if need is None:
                return b""
            await self._meet(need)

    async def send_signal(self, number: int) -> None:
        if self._exit is None:
            self._engine.receive_signal(number)
            self._stirred.wake()

    async def wait(self) -> ExitStatus:
        while self._exit is None:  # whoever receives or closes moves the engine on
            await self._stirred.wait()
        return self._exit

    def kill(self) -> None:
        try:
            self._finish()
        except Exception:  # a verdict: aclose() would raise it, but this may be called from anywhere
            logger.exception("the engine raised when its run was killed")

    async def aclose(self) -> None:
        if self._released:
            return
        try:
            self._end_input()
            if self._advance() is None:
                return  # most engines end at once
            with anyio.CancelScope(shield=True):
                if not await self._ended_within(self._close_timeout):
                    self._engine.receive_signal(signal.SIGTERM)
                    await self._ended_within(self._close_timeout)
        finally:
            self._finish()

    async def _ended_within(self, seconds: float) -> bool:
        with anyio.move_on_after(seconds):
            for _ in range(CLOSE_STEPS):
                need = self._advance()
                self._held.clear()
                if need is None:
                    return True
                await self._meet(need)
        return False

    def _advance(self) -> NeedData | Call | None:
        """Let the engine act until it needs something, has filled a read, or has ended (None)."""
        if self._call is not None and self._exit is None:
            return self._call
        next_action, now = self._engine.next_action, self._now()
        size = 0
        while self._exit is None and size < READ_SIZE:
            action = next_action(now)
            if isinstance(action, Write):
                self._held.append(action.data)
                size += len(action.data)
            elif isinstance(action, NeedData):
                return action
            elif isinstance(action, Call):
                self._call = action  # what was written before may be received first
                return action
            elif isinstance(action, WriteErr):
                self._report(action.line)
            elif isinstance(action, Exit):
                self._exit = ExitStatus(action.code, self.stderr_tail)
                self._stirred.wake()
        return None if self._exit is not None else NeedData(0.0)

    async def _perform(self, call: Call) -> None:
        self._call = None
        value: Any = None
        error: BaseException | None = None
        try:
            outcome = call.function(*call.args)
            value = await outcome if isawaitable(outcome) else outcome
        except Exception as caught:  # the outcome is the engine's to judge
            error = caught
        except BaseException as caught:  # cancelled: an engine that waited for this call could never end its run
            error = caught
            raise
        finally:
            if not self._released:
                self._engine.receive_result(call.call_id, value, error)
                self._stirred.wake()  # whoever closes waits for this too

    def _report(self, line: str) -> None:
        self._stderr.append(line)
        if self._on_stderr is None:
            return
        try:
            self._on_stderr(line)
        except Exception:
            logger.exception("the stderr callback raised for the line %.200r; the run goes on", line)

    async def _meet(self, need: NeedData | Call) -> None:
        """Make the call, or wait until somebody stirs the engine or until the time that it asked for."""
        if isinstance(need, Call):
            await self._perform(need)
        elif need.until is None:
            await self._stirred.wait()
        elif need.until <= self._now():
            for _ in range(LOOK_TURNS):
                await loop_turn()
        else:
            await self._stirred.wait_until(need.until)

    def _finish(self) -> None:
        """The run is over, by force if need be; the engine learns that the host is gone."""
        if self._exit is None:
            self._exit = ExitStatus(-signal.SIGKILL, self.stderr_tail)
        self._stirred.wake()
        if not self._released:
            self._released = True
            self._input_closed = True
            self._engine.close()
