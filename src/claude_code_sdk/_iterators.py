"""The iterators over messages that a program meets.

Above: `query()` and the client's `receive_*`.  Below: the inbox and the parser.

Classes instead of async generators: a generator that is dropped half read is finalised by the event loop at a time of
its choosing (with a warning on trio), and costs a frame more per message.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from ._parse import PARSERS, parse_message, unreadable
from ._parse_problem import WRONG_SHAPE, log_problem
from .messages import Message, ResultMessage, UnknownMessage
from .protocol.events import UnknownFrame

if TYPE_CHECKING:
    from ._inbox import Inbox, Item


def message_of(item: Item) -> Message:
    """What the program sees of an item of the inbox; nothing is dropped."""
    if isinstance(item, dict):
        return parse_message(item)
    if isinstance(item, UnknownFrame):
        kind = item.frame.get("type")
        return UnknownMessage(kind if isinstance(kind, str) else "", item.frame)
    text = item.data.decode("utf-8", "replace")
    return UnknownMessage("", {"line": text, "size": item.size, "reason": item.reason})


class Messages(AsyncIterator[Message]):
    """Messages as they come, until the run ends.

    - `until`: says of a message that it is the last one to deliver; None for all.
    - `owner`: what must not be collected while somebody reads, since that would end the run.

    Leaving it early costs nothing and loses nothing: the next iterator goes on where this one stopped.  Two iterators
    at once compete for messages.
    """

    __slots__ = ("_ended", "_inbox", "_owner", "_until")

    def __init__(self, inbox: Inbox, until: Callable[[Message], bool] | None = None, *, owner: object = None) -> None:
        self._inbox = inbox
        self._until = until
        self._owner = owner
        self._ended = False

    def __aiter__(self) -> Messages:
        return self

    async def __anext__(self) -> Message:
        """The next message.  Raises what ended the run, after the last message; cancelled, it loses nothing."""
        if self._ended:
            raise StopAsyncIteration
        inbox = self._inbox
        item = inbox.batch.pop() if inbox.batch else await inbox.take()
        if item is None:
            self._ended = True
            raise StopAsyncIteration
        if type(item) is dict:
            try:  # `parse_message`, without the call: this runs for every message
                message = PARSERS[item["type"]](item, log_problem)
            except WRONG_SHAPE as error:
                message = unreadable(item, error, log_problem)
        else:
            message = message_of(item)
        if self._until is not None and self._until(message):
            self._ended = True
        return message

    async def aclose(self) -> None:
        """Stop here.  Idempotent."""
        self._ended = True


def is_result(message: Message) -> bool:
    """Whether a turn ends with this message."""
    return type(message) is ResultMessage
