"""The queue between the reader and the consumer: a deque and one event.  It never blocks the reader.

Above: the message iterators.  Below: the dispatcher puts frames in as they arrive.  A stream that hands over one item
per await costs a turn of the event loop per message, half of what a message costs in the official SDK; here a consumer
awaits only when there is nothing to take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from operator import itemgetter

import anyio
from anyio.lowlevel import checkpoint

from .errors import UnreadLimitError
from .protocol.events import MessageFrame, Noise, UnknownFrame

Item = MessageFrame | UnknownFrame | Noise

_SIZE = itemgetter(1)  # of a MessageFrame

TURN = 256
"""Items that a consumer may take without giving the event loop a turn, so that other tasks are not starved."""


class Inbox:
    """Frames that arrived and were not read yet.

    - `limit`: bytes of unread frames, as lines.  Going over it is an error for the consumer, never a stall.
    """

    __slots__ = ("_arrived", "_closed", "_error", "_items", "_taken", "limit", "unread")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.unread = 0
        self._items: deque[Item] = deque()
        self._arrived: anyio.Event | None = None
        self._closed = False
        self._error: BaseException | None = None
        self._taken = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> None:
        """Add one item.  Raises as `put_all`."""
        self._items.append(item)
        self.unread += _weight(item)
        self._added()

    def put_all(self, items: Sequence[MessageFrame]) -> None:
        """Add items.  Raises `UnreadLimitError` when more than `limit` bytes lie unread."""
        self._items.extend(items)
        self.unread += sum(map(_SIZE, items))
        self._added()

    def _added(self) -> None:
        if self.unread > self.limit:
            raise UnreadLimitError(
                f"{len(self._items)} messages ({self.unread} bytes) lie unread, more than max_unread_bytes="
                f"{self.limit}: read the messages while the CLI sends them, or raise the option"
            )
        if self._arrived is not None:
            self._arrived.set()
            self._arrived = None

    def close(self, error: BaseException | None = None) -> None:
        """No more will come.  What lies here can still be taken; then the consumer meets `error`."""
        if not self._closed:
            self._closed = True
            self._error = error
        if self._arrived is not None:
            self._arrived.set()
            self._arrived = None

    def pop(self) -> Item | None:
        """The next item if there is one and the consumer need not give the event loop a turn; else use `take`."""
        if not self._items or self._taken >= TURN:
            return None
        self._taken += 1
        item = self._items.popleft()
        self.unread -= item[1] if type(item) is MessageFrame else _weight(item)
        return item

    async def take(self) -> Item | None:
        """The next item; `None` at the end.  Cancelled, it loses nothing.

        Raises the error that `close` was given, in every call after the last item.
        """
        if self._taken >= TURN:
            self._taken = 0
            await checkpoint()
        while not self._items:
            if self._closed:
                if self._error is not None:
                    raise self._error
                return None
            if self._arrived is None:
                self._arrived = anyio.Event()
            self._taken = 0
            await self._arrived.wait()
        self._taken += 1
        item = self._items.popleft()
        self.unread -= item[1] if type(item) is MessageFrame else _weight(item)
        return item


def _weight(item: Item) -> int:
    return len(item.data) if isinstance(item, Noise) else item.size
