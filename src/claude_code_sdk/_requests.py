"""Requests: what this side asks the CLI for, from the frame to the answer, or to the reason why there will be none.

Above: `_dispatcher.py`, whose reader hands in the answers.  Below: `protocol/connection.py`, `transports/base.py`.
Every waiter is resolved on every exit path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._end_errors import stderr_note
from ._own_error import of_its_own
from .errors import CLIConnectionError, ControlRequestError, ControlTimeoutError
from .protocol.events import ControlRequest
from .transports._scope import open_scope
from .transports._waiter import new_waiter

if TYPE_CHECKING:
    from .protocol.connection import Connection
    from .protocol.events import ControlResponse
    from .transports._event_loop import Waiter
    from .transports.base import Channel


class _Waiter:
    """One control request of ours that waits for its answer."""

    __slots__ = ("_waiter", "answer", "answered", "error", "subtype")

    def __init__(self, subtype: str) -> None:
        self.subtype = subtype
        self.answered = False
        self._waiter: Waiter | None = None  # of the task that waits
        self.answer: ControlResponse | None = None
        self.error: BaseException | None = None

    def resolve(self, answer: ControlResponse | None, error: BaseException | None = None) -> None:
        """The answer is here, or will never be.  The first call counts."""
        if not self.answered:
            self.answered = True
            self.answer, self.error = answer, error
            if self._waiter is not None:
                self._waiter.wake()

    async def wait(self) -> None:
        """Wait until resolved.  One task at a time."""
        if not self.answered:
            self._waiter = new_waiter()
            await self._waiter


class Requests:
    """The control requests of one run.

    - `connection`: numbers and encodes them; `channel`: sends them.
    - `linger`: seconds in which the reader learns why the run is ending, after a request could not be sent.
    """

    def __init__(self, connection: Connection, channel: Channel, *, linger: float) -> None:
        self._connection = connection
        self._channel = channel
        self._linger = linger
        self._waiters: dict[str, _Waiter] = {}

    @property
    def open(self) -> list[str]:
        """The subtypes of those that wait for their answer."""
        return [waiter.subtype for waiter in self._waiters.values()]

    async def ask(self, subtype: str, body: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        """Send one and return the payload of its answer (`{}` when it has none).

        Raises `ControlRequestError` when the CLI refuses, `ControlTimeoutError` when it does not answer in time, and
        what `give_up` was told.  Cancelled, it is forgotten.
        """
        request_id = self._connection.next_id()
        line = self._connection.send(ControlRequest(request_id, subtype, body))
        waiter = self._waiters[request_id] = _Waiter(subtype)
        try:
            with open_scope(seconds):
                await self._send(line, waiter)
                await waiter.wait()
        finally:
            del self._waiters[request_id]
            if waiter.answer is None:
                self._connection.forget(request_id)
        if waiter.error is not None:
            raise of_its_own(waiter.error)
        answer = waiter.answer
        if answer is None:
            late = f"the CLI did not answer within {seconds:g} s"
            raise ControlTimeoutError(
                f"Control request timeout: {subtype}: {late}{stderr_note(self._channel)}",
                subtype=subtype,
                request_id=request_id,
            )
        if answer.error is not None:
            raise ControlRequestError(
                answer.error, subtype=subtype, request_id=request_id, error_code=answer.extra.get("error_code")
            )
        return {} if answer.payload is None else answer.payload

    async def _send(self, line: bytes, waiter: _Waiter) -> None:
        try:
            await self._channel.send(line)
        except CLIConnectionError:
            # The run is ending; the reader is about to learn why, and that is the better error.
            with open_scope(self._linger):
                await waiter.wait()
            if not waiter.answered:
                raise

    def answered(self, answer: ControlResponse) -> None:
        """The CLI has answered; nobody may wait for it any more."""
        waiter = self._waiters.get(answer.request_id)
        if waiter is not None:
            waiter.resolve(answer)

    def give_up(self, error: BaseException) -> None:
        """There will be no more answers: everybody who waits gets `error`, each an object of its own."""
        for waiter in self._waiters.values():
            waiter.resolve(None, error)
