"""Serving: the requests of the CLI, each with the program's callback in a task of its own and one answer at most.

Above: the dispatcher, whose reader begins and withdraws them.  Below: `_callbacks.py`, the connection, the channel.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from anyio.lowlevel import cancel_shielded_checkpoint

from .errors import CLIConnectionError
from .permissions import CancelSignal
from .protocol.events import ControlRequest, ControlResponse
from .transports._detached import in_trio

if TYPE_CHECKING:
    from ._callbacks import Callbacks
    from ._tasks import Cancellable, Tasks
    from .protocol.connection import Connection
    from .transports.base import Channel

logger = logging.getLogger("claude_code_sdk")


class _Request:
    """One request of the CLI, while the program's callback works on it."""

    __slots__ = ("signal", "task")

    def __init__(self) -> None:
        self.signal = CancelSignal()
        self.task: Cancellable | None = None

    def stop(self, reason: str) -> None:
        """The answer is not wanted any more.  Once: another cancellation would cut a callback's clean-up short."""
        if not self.signal.cancelled:
            self.signal._cancel(reason)
            if self.task is not None:
                self.task.cancel()


class Serving:
    """The open requests of one run.

    - `served`: called when a callback has ended, since the CLI waited for it until then.

    What ends the whole run (a verdict of the far end, an error of the transport) is raised in the task, whose tasks
    tell the dispatcher.
    """

    def __init__(
        self,
        callbacks: Callbacks,
        connection: Connection,
        channel: Channel,
        *,
        served: Callable[[], None] | None = None,
    ) -> None:
        self._callbacks = callbacks
        self._connection = connection
        self._channel = channel
        self._served = served
        self._open: dict[str, _Request] = {}
        self._over = False
        self._shuffled = in_trio()

    @property
    def busy(self) -> bool:
        """Whether the CLI waits for a callback."""
        return bool(self._open)

    def begin(self, request: ControlRequest, tasks: Tasks) -> None:
        """Run the callback that `request` asks for, among `tasks`."""
        # There before its task is: an eager task (`asyncio.eager_task_factory`) may answer at once.
        current = self._open[request.request_id] = _Request()
        current.task = tasks.start_soon(self._serve, request, current)

    def withdraw(self, request_id: str) -> None:
        """The CLI does not want the answer any more; it gets none."""
        withdrawn = self._open.pop(request_id, None)
        if withdrawn is not None:
            withdrawn.stop("the CLI withdrew the request")

    def stop(self, reason: str) -> None:
        """The run is over: tell every callback why and cancel it; nothing is answered any more."""
        self._over = True
        for request in self._open.values():
            request.stop(reason)

    async def _serve(self, request: ControlRequest, current: _Request) -> None:
        try:
            if self._shuffled:
                # Trio runs what is ready in random order.  Asyncio's order is ours: a consumer that waits sees the
                # messages that came before a request before the request's callback runs.
                await cancel_shielded_checkpoint()
            try:
                payload = await self._callbacks.answer(request, current.signal)
            except Exception as error:
                answer = ControlResponse(request.request_id, error=str(error) or type(error).__name__)
            else:
                answer = ControlResponse(request.request_id, payload)
            await self._send(answer, current)
        finally:
            if self._open.get(request.request_id) is current:
                del self._open[request.request_id]
            if self._served is not None:
                self._served()

    async def _send(self, answer: ControlResponse, current: _Request) -> None:
        # Withdrawn since; its id may have been used again, and this answer must not pass for the other's.
        if self._open.get(answer.request_id) is not current or self._over:
            return
        if not self._connection.owes_answer(answer.request_id):  # the withdrawal is in the read that is looked at now
            return
        try:
            try:
                line = self._connection.send(answer)
            except (TypeError, ValueError, RecursionError) as error:
                text = f"the answer cannot be written as JSON: {error}"
                logger.exception("%s", text)
                line = self._connection.send(ControlResponse(answer.request_id, error=text))
            await self._channel.send(line)
        except CLIConnectionError as error:
            logger.warning("an answer to the CLI could not be sent: %s", error)
