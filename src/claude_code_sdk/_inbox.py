"""The queue between the reader and the consumer: it never blocks the reader.

Above: the message iterators.  Below: the dispatcher puts in what each read brought.  A stream that hands over one item
per await costs a turn of the event loop per message, half of what a message costs in the official SDK; here a consumer
awaits only when there is nothing to take, and takes the rest of a batch with `batch.pop()`.
"""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import Any, TypeAlias

from anyio.lowlevel import checkpoint

from .errors import UnreadLimitError
from .protocol.events import Noise, UnknownFrame
from .transports._waiter import Wakeable

Item: TypeAlias = dict[str, Any] | UnknownFrame | Noise
"""A frame, or what is kept of a line that is none."""

TURN = 256
"""Items that a consumer may take without giving the event loop a turn, so that other tasks are not starved."""


class Inbox:
    """Frames that arrived and were not read yet.

    - `limit`: bytes of unread frames, as lines.  Going over it is an error for the consumer, never a stall.
    - `batch`: items that the consumer may `pop()` without asking, the next one last.  When it is empty: `take`.
    - `unread`: bytes that lie here, those of the current batch included.
    """

    __slots__ = (
        "_arrived",
        "_batch_size",
        "_batches",
        "_closed",
        "_error",
        "_queued",
        "_taken",
        "_traceback",
        "batch",
        "limit",
        "unread",
    )

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.unread = 0
        self.batch: list[Item] = []
        self._batch_size = 0
        self._batches: deque[tuple[list[Item], int]] = deque()
        self._queued = 0  # items in `_batches`
        self._arrived = Wakeable()
        self._closed = False
        self._error: BaseException | None = None
        self._traceback: TracebackType | None = None
        self._taken = 0  # items since the consumer last gave the event loop a turn

    def __len__(self) -> int:
        return len(self.batch) + self._queued

    def put(self, items: list[Item], size: int) -> None:
        """Add items, whose lines have `size` bytes together; the list is the inbox's own from now on.

        Raises `UnreadLimitError` when more than `limit` bytes lie unread; the items can still be taken.
        """
        items.reverse()
        self._batches.append((items, size))
        self._queued += len(items)
        self.unread += size
        if self.unread > self.limit:
            raise UnreadLimitError(
                f"{len(self)} messages ({self.unread} bytes) lie unread, more than max_unread_bytes="
                f"{self.limit}: read the messages while the CLI sends them, or raise the option"
            )
        self._arrived.wake()

    def close(self, error: BaseException | None = None) -> None:
        """No more will come.  What lies here can still be taken; then the consumer meets `error`."""
        if not self._closed:
            self._closed = True
            self._error = error
            self._traceback = None if error is None else error.__traceback__
        self._arrived.wake()

    async def take(self) -> Item | None:
        """The next item; `None` at the end.  Cancelled, it loses nothing.

        Raises the error that `close` was given, in every call after the last item.
        """
        if self._taken >= TURN:
            self._taken = 0
            await checkpoint()
        while not self.batch:
            self.unread -= self._batch_size
            self._batch_size = 0
            if self._batches:
                self._next_batch()
            elif not self._closed:
                self._taken = 0
                await self._arrived.wait()
            elif self._error is not None:
                raise self._error.with_traceback(self._traceback)  # which would grow with every call
            else:
                return None
        return self.batch.pop()

    def _next_batch(self) -> None:
        items, size = self._batches.popleft()
        if len(items) > TURN:
            self._batches.appendleft((items[:-TURN], size))
            items, size = items[-TURN:], 0
        self._queued -= len(items)
        self.batch, self._batch_size = items, size
        self._taken += len(items)
