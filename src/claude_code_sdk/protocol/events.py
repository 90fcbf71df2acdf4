"""The event vocabulary of the protocol, shared by both roles.

Events are what crosses a `Connection`; messages (`claude_code_sdk.messages`) are what a program sees.  Slot classes
instead of frozen dataclasses: creating 25 frozen dataclasses costs 45 ms, and start-up is the fake's product.  Nobody
changes an event after it was made.

A frame of the conversation is its own event: the decoded dict.  There are a hundred thousand of them in a long run, and
an object around each would cost a tenth of what it takes to receive one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Frame: TypeAlias = dict[str, Any]


class _Event:
    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({values})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # events hold frames, which are dicts


class ControlRequest(_Event):
    """One side asks the other; `body` is what stands beside `subtype` in the request."""

    __slots__ = ("body", "request_id", "subtype")

    def __init__(self, request_id: str, subtype: str, body: Frame | None = None) -> None:
        self.request_id = request_id
        self.subtype = subtype
        self.body: Frame = {} if body is None else body


class ControlResponse(_Event):
    """The answer to a request: `payload` on success, else `error`.

    `subtype` is that of the request, known to a `Connection` that saw it.  `extra` holds what stands beside the payload
    (`pending_permission_requests`, `error_code` …).
    """

    __slots__ = ("error", "extra", "payload", "request_id", "subtype")

    def __init__(
        self,
        request_id: str,
        payload: Frame | None = None,
        *,
        error: str | None = None,
        subtype: str | None = None,
        extra: Frame | None = None,
    ) -> None:
        self.request_id = request_id
        self.payload = payload
        self.error = error
        self.subtype = subtype
        self.extra: Frame = {} if extra is None else extra


class ControlCancel(_Event):
    """The sender of a request withdraws it; no answer is due (wire-facts §0.8)."""

    __slots__ = ("request_id", "subtype")

    def __init__(self, request_id: str, subtype: str | None = None) -> None:
        self.request_id = request_id
        self.subtype = subtype


class UnknownFrame(_Event):
    """A frame that does not fit: it has no `type`, it answers or withdraws what is not open, or it asks with an id that
    is in use.  Kept, never dropped."""

    __slots__ = ("frame", "reason")

    def __init__(self, frame: Frame, reason: str) -> None:
        self.frame = frame
        self.reason = reason


class Noise(_Event):
    """A line that is not a frame: the first bytes of it, its whole size in bytes, and why."""

    __slots__ = ("data", "reason", "size")

    def __init__(self, data: bytes, size: int, reason: str) -> None:
        self.data = data
        self.size = size
        self.reason = reason


class EndOfInput(_Event):
    """The sender will send no more."""

    __slots__ = ()


class Closed(_Event):
    """The other side's end.  `abandoned`: ids of our requests that will get no answer, in the order they were sent."""

    __slots__ = ("abandoned",)

    def __init__(self, abandoned: tuple[str, ...] = ()) -> None:
        self.abandoned = abandoned


if TYPE_CHECKING:
    Event: TypeAlias = (
        Frame | ControlRequest | ControlResponse | ControlCancel | UnknownFrame | Noise | EndOfInput | Closed
    )
