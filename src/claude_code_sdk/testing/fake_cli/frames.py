"""Frames: what every frame of the conversation has, in one place.

A frame says whose session it is, has a uuid, and, where a person would look at it, a time.  Times are the driver's
clock counted from a fixed moment, so that two runs of one script differ in no more than how long things took.
"""

from __future__ import annotations

from time import gmtime, strftime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .host import Host
    from .kernel import Kernel
    from .mint import Mint
    from .mirror import Mirror

EPOCH = 1_767_225_600
"""When each run begins, in seconds since 1970: 2026-01-01."""


class Frames:
    """Makes the frames of one session and emits them."""

    def __init__(self, host: Host, kernel: Kernel, mint: Mint, session_id: str) -> None:
        self._host = host
        self._kernel = kernel
        self.mint = mint
        self.session_id = session_id
        self._started: float | None = None
        self.mirror: Mirror | None = None  # told of the conversation's frames

    @property
    def elapsed(self) -> int:
        """Milliseconds since the first frame that has a time."""
        return 0 if self._started is None else round((self._kernel.now - self._started) * 1000)

    def milliseconds(self) -> int:
        """Milliseconds since 1970, by the clock of the frames."""
        if self._started is None:
            self._started = self._kernel.now
        return EPOCH * 1000 + self.elapsed

    def timestamp(self) -> str:
        seconds, milliseconds = divmod(self.milliseconds(), 1000)
        return f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(seconds))}.{milliseconds:03d}Z"

    def emit(self, frame: Frame) -> None:
        """A frame that is whole."""
        self._host.emit(frame)

    def system(self, subtype: str, **fields: Any) -> str:
        """A `system` frame.  Returns its uuid."""
        uuid = self.mint.uuid()
        self._host.emit({"type": "system", "subtype": subtype, **fields, "uuid": uuid, "session_id": self.session_id})
        return uuid

    def message(self, kind: str, message: Frame, place: Frame, **fields: Any) -> str:
        """An `assistant` or `user` frame; `place` says in which thread.  Returns its uuid."""
        uuid = self.mint.uuid()
        frame = {"type": kind, "message": message, "parent_tool_use_id": None, **place}
        frame["session_id"], frame["uuid"], frame["timestamp"] = self.session_id, uuid, self.timestamp()
        self._host.emit(frame | fields)
        if self.mirror is not None and not place:
            self.mirror.take(frame | fields)
        return uuid

    def user(self, content: str | list[Frame], place: Frame, **fields: Any) -> str:
        """A `user` frame that the CLI makes: a tool's result, or a text that the model is told."""
        return self.message("user", {"role": "user", "content": content}, place, **fields)

    def stream(self, event: Frame, **fields: Any) -> None:
        """A `stream_event` frame: an event of the model's API, passed on."""
        frame = {"type": "stream_event", "event": event, "session_id": self.session_id, "parent_tool_use_id": None}
        frame["uuid"] = self.mint.uuid()
        self._host.emit(frame | fields)
