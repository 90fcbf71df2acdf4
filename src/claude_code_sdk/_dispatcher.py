"""Dispatcher: pumps a Connection over a Channel: messages to the inbox, answers to `Requests`, calls to `Serving`.

Above: `_host.py`, whose task runs `run()`.  Below: `_requests.py`, `_serving.py`, `protocol/connection.py`,
`transports/base.py`.

The reader handles control frames at once and never waits: not for the consumer (messages go to the inbox), not for a
callback (each runs in a task of its own).  Every waiter is resolved on every exit path.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

import anyio

from . import _json
from ._end_errors import after, again, as_ours, ended_early, stderr_note
from ._requests import Requests
from ._run_end import NEWS
from ._serving import Serving
from ._turns import Turns
from .errors import ClaudeSDKError, CLIConnectionError, IdleTimeoutError
from .protocol.connection import Connection
from .protocol.events import (
    ControlCancel,
    ControlRequest,
    ControlResponse,
    EndOfInput,
    Noise,
    UnknownFrame,
)
from .protocol.state import HOST
from .transports._detached import in_trio
from .transports._scope import open_scope
from .transports._waiter import loop_clock, loop_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._callbacks import Callbacks
    from ._inbox import Inbox
    from ._run_end import RunEnd
    from ._tasks import Tasks
    from .protocol.command import ExitStatus
    from .protocol.events import Event
    from .transports.base import Channel

logger = logging.getLogger("claude_code_sdk")

LINGER = 5.0
"""Seconds that a process gets to exit after it closed its output; then it is killed."""

FAIR = 64
"""Unread messages from which the reader gives the event loop a turn after each read.  It waits for nobody; but where a
read never suspends, as in process, a consumer would otherwise not run before all has been read.  Few, because what lies
here when the next read is decoded makes Python's garbage collector run, which took a twentieth of a replay."""

MOST_TURNS = 4
"""Turns of the event loop at most between two reads, for a consumer that does not come."""

_TURN_FRAMES = frozenset({"assistant", "stream_event"})


class Dispatcher:
    """One run's traffic.

    - `channel`: to the run, open.
    - `inbox`: gets every frame that is the program's to see; the dispatcher closes it.
    - `callbacks`: what the CLI may call.
    - `run_end`: told of every frame that bears on the end of the run.
    - `control_timeout`, `idle_timeout`: seconds; see the options of the same names.
    - `cli_path`: the executable, for errors; `cli_version` likewise, as soon as somebody sets it.
    - `linger`: seconds that the process may live on after the end of its output.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        inbox: Inbox,
        callbacks: Callbacks,
        run_end: RunEnd,
        control_timeout: float,
        idle_timeout: float | None = None,
        max_frame_size: int,
        cli_path: str | None = None,
        linger: float = LINGER,
    ) -> None:
        self.turns = Turns()
        self.cli_version: str | None = None
        self._cli_path = cli_path
        self._channel = channel
        self._inbox = inbox
        self._run_end = run_end
        self._control_timeout = control_timeout
        self._idle_timeout = idle_timeout
        self._linger = linger
        # What plays a file in this process need not decode each frame to find damage: this reader decodes them anyway.
        leave_damage = getattr(channel, "leave_damage_to_reader", None)
        self._find_damage: Callable[[], None] | None = None if leave_damage is None else leave_damage()
        # What records need not decode each frame to see that it is JSON: this reader tells it.
        leave_decoding = getattr(channel, "leave_decoding_to_reader", None)
        self._tell_decoded: Callable[[bool], None] | None = None if leave_decoding is None else leave_decoding()
        self._connection = Connection(
            HOST,
            loads=_json.loads if self._find_damage is None else _json.strict_loads,
            dumps=_json.dumps,
            max_frame_size=max_frame_size,
            quick_loads=_json.quick_loads,
            is_plain=_json.is_plain,
        )
        self._requests = Requests(self._connection, channel, linger=linger)
        self._serving = Serving(
            callbacks, self._connection, channel, served=None if idle_timeout is None else self._restart_idle_clock
        )
        self._input_ended = False
        self._output_ended = False
        self._idle_scope: anyio.CancelScope | None = None  # around a receive, if there is an `idle_timeout`
        self._in_turn = False  # a frame of the model came since the last result
        self._failure: BaseException | None = None  # why nothing more can be sent or received
        self._shuffled = in_trio()
        self._now = loop_clock()
        self.prompt_error: Exception | None = None  # what the program's own iterable of prompts raised
        self.run_end_changed: anyio.Event | None = None  # set by the dispatcher when `run_end` may have changed

    # Sending

    async def request(
        self, subtype: str, body: dict[str, Any] | None = None, *, timeout: float | None = None
    ) -> dict[str, Any]:
        """Ask the CLI and return the payload of its answer (`{}` when it has none).

        `timeout` is in seconds, `control_timeout` by default.  Raises `ControlRequestError` when the CLI refuses,
        `ControlTimeoutError` when it does not answer in time, and what ended the run when it ended meanwhile.
        Cancelled, it stops waiting; the CLI may act on the request all the same.
        """
        try:
            self.check_open(f"send the control request {subtype!r}")
            return await self._requests.ask(subtype, body, self._control_timeout if timeout is None else timeout)
        except ClaudeSDKError as error:
            self._describe(error)
            raise

    async def send_message(self, frame: dict[str, Any]) -> None:
        """Send one frame of the conversation.

        Raises `CLIConnectionError` when the input is closed or the run has ended, `TypeError` or `ValueError` when JSON
        cannot hold the frame (nothing was sent).  Cancelled, the frame is still sent whole.
        """
        try:
            self.check_open("send a message")
            line = self._connection.send(frame)
            if frame.get("type") == "user":
                self.turns.prompted()
                self._run_end.prompted()
                self._restart_idle_clock()
            await self._channel.send(line)
        except ClaudeSDKError as error:
            self._describe(error)
            raise

    async def end_input(self) -> None:
        """Close the CLI's input.  Idempotent; quiet when the run has ended."""
        if self._input_ended or self._failure is not None:
            return
        self._input_ended = True
        self._connection.send(EndOfInput())
        self._restart_idle_clock()
        await self._channel.send_eof()

    def check_open(self, what: str) -> None:
        """Raises `CLIConnectionError` when nothing can be sent any more: we cannot `what`."""
        if self._failure is not None:
            raise again(self._failure)
        if self._input_ended:
            raise CLIConnectionError(f"cannot {what}: the CLI's input was closed when the prompts ended")
        if self._output_ended:
            raise CLIConnectionError(f"cannot {what}: the CLI has closed its output and is about to exit")

    # Receiving

    async def run(self, tasks: Tasks) -> ExitStatus | None:
        """Read until the run has ended; returns how, or None when it had to be stopped.

        Raises nothing but cancellation: what went wrong is told to the consumer and to every waiter.  Callbacks run in
        `tasks`, which the caller cancels afterwards.
        """
        status: ExitStatus | None = None
        failure: BaseException | None = None
        try:
            await self._read(tasks)
            status = await self._wait_for_exit()
            failure = self.turns.verdict(status)
            if failure is None and self._requests.open:
                failure = ended_early(status, self._requests.open)
        except ClaudeSDKError as error:
            failure = error
        except AssertionError as verdict:  # a CassetteMismatch or ScriptError of the far end
            failure = verdict
        if self.prompt_error is not None:
            failure = self.prompt_error if failure is None else after(failure, self.prompt_error)
        self.end(failure)
        return status

    def end(self, failure: BaseException | None, why: str = "the CLI has exited") -> None:
        """The run is over: resolve every waiter and close the inbox.  The first call decides."""
        if isinstance(failure, Exception) and failure is not self.prompt_error:
            failure = as_ours(failure)
        if isinstance(failure, ClaudeSDKError) and failure is not self.prompt_error:
            self._describe(failure)
        if self._failure is None:
            self._failure = failure or CLIConnectionError(f"Not connected: {why}")
        self._requests.give_up(self._failure)
        self._serving.stop("the connection ended")
        self._inbox.close(failure)
        self._run_end.over = True
        self._tell_run_end()

    def fail(self, failure: BaseException) -> None:
        """Something other than the reader found that the run cannot go on; the reader stops."""
        self.end(failure)
        self._channel.kill()

    async def _read(self, tasks: Tasks) -> None:
        receive = self._channel.receive if self._idle_timeout is None else self._receive_in_time
        receive_data = self._connection.receive_data
        connection = self._connection
        tell_decoded = self._tell_decoded
        inbox = self._inbox
        in_process = self._channel.pid is None  # then the next read may be there at once
        while True:
            data = await receive()
            events: list[Any] = receive_data(data)
            if tell_decoded is not None and data:
                tell_decoded(connection.all_quick)
            size = connection.taken  # counted with the first that is put; a read is small beside the limit
            begin = looked = 0  # before these, events were put into the inbox, or looked at
            for index in connection.uncommon:
                event = events[index]
                if not self._in_turn and looked < index:
                    self._look_for_turn(events, looked, index)
                looked = index + 1
                if type(event) is dict and not self._is_ours(event):
                    continue
                if begin < index:
                    inbox.put(events[begin:index], size)
                    size = 0
                begin = looked
                if isinstance(event, (UnknownFrame, Noise)):
                    if isinstance(event, Noise) and self._find_damage is not None:
                        self._find_damage()
                    logger.debug("received what is not a known frame: %r", event)
                    inbox.put([event], size)
                    size = 0
                elif self._take_event(event, tasks) and (in_process or looked < len(events)):
                    await self._let_callbacks_begin()
            if not self._in_turn and looked < len(events):
                self._look_for_turn(events, looked, len(events))
            if begin < len(events):
                inbox.put(events[begin:] if begin else events, size)
                for _ in range(MOST_TURNS):  # a read of short lines is more than a turn's worth
                    if len(inbox) < FAIR:
                        break
                    await loop_turn()
            if not data:
                self._output_ended = True
                return

    async def _receive_in_time(self) -> bytes:
        """One receive, bounded by `idle_timeout` while the CLI owes something and waits for no callback.

        It is cancelled only when it took too long: in process, a receive may be what the far end's code runs in.
        """
        with anyio.CancelScope() as self._idle_scope:
            self._restart_idle_clock()
            return await self._channel.receive()
        when = "while a turn was open" if self.turns.open else "after the end of its input, and it did not exit"
        raise IdleTimeoutError(
            f"nothing came from the CLI for {self._idle_timeout:g} s (idle_timeout) {when}" + stderr_note(self._channel)
        )

    def _restart_idle_clock(self) -> None:
        """Idle time counts from now, if at all."""
        if self._idle_scope is not None and self._idle_timeout is not None:
            owes = self.turns.open or (self._input_ended and not self._run_end.works_on)
            idle = owes and not self._serving.busy
            self._idle_scope.deadline = self._now() + self._idle_timeout if idle else math.inf

    def _look_for_turn(self, events: list[Any], start: int, stop: int) -> None:
        """Whether one of these common frames is the model's, so that a turn is under way; asked while none is."""
        if any(map(_begins_turn, events[start:stop])):
            self._in_turn = True
            self.turns.open = True
            self._run_end.turn_frame()

    def _is_ours(self, frame: dict[str, Any]) -> bool:
        """Note what an uncommon frame says of the turns; True for one that is not for the program."""
        kind = frame["type"]
        if kind == "result":
            self._in_turn = False
            self.turns.result(frame)
            if self._run_end.needs:
                self._run_end.result(self._now())
                self._tell_run_end()
        elif kind == "system" and frame.get("subtype") in NEWS:
            if self._run_end.needs or self._idle_timeout is not None:
                self._run_end.system(frame, self._now())
                self._tell_run_end()
            # We asked for these by CLAUDE_CODE_SDK_READS_SESSION_STATE; the mark says they are for the host alone.
            return frame.get("sdk_host_only") is True and frame["subtype"] == "session_state_changed"
        return False

    async def _let_callbacks_begin(self) -> None:
        """Give the event loop a turn (two on trio, whose order is random), whatever it does with it.

        So a callback begins, and a withdrawn one learns of it, before the program sees what the CLI sent afterwards,
        even when all of it came in one read: what a program observes does not depend on how bytes were cut.
        """
        await loop_turn()
        if self._shuffled:
            await loop_turn()

    def _take_event(self, event: Event, tasks: Tasks) -> bool:
        """Handle what is not a message; True when a callback was started or stopped."""
        if isinstance(event, ControlResponse):
            self._requests.answered(event)
        elif isinstance(event, ControlRequest):
            self._serving.begin(event, tasks)
            return True
        elif isinstance(event, ControlCancel):
            self._serving.withdraw(event.request_id)
            return True
        return False

    # The end

    async def _wait_for_exit(self) -> ExitStatus:
        with open_scope(self._linger):
            return await self._channel.wait()
        logger.warning("the CLI closed its output but did not exit within %g s; it is killed", self._linger)
        self._channel.kill()
        return await self._channel.wait()

    def _tell_run_end(self) -> None:
        if self.run_end_changed is not None:
            self.run_end_changed.set()

    def _describe(self, error: ClaudeSDKError) -> None:
        """Put into `error` what is known of the CLI and not in it yet."""
        if error.cli_path is None:
            error.cli_path = self._cli_path
        if error.cli_version is None:
            error.cli_version = self.cli_version
        if error.stderr is None:
            error.stderr = self._channel.stderr_tail or None


def _begins_turn(frame: dict[str, Any]) -> bool:
    return frame["type"] in _TURN_FRAMES and frame.get("parent_tool_use_id") is None
