"""Framing: bytes to JSON objects and back, one object a line.

Above: `connection.py`.  Below: nothing; the JSON functions are given (`_json.py` on the host, `json` on the fake path).
Facts (wire-facts §1): UTF-8, `\\n` ends a line, the CLI sets no limit to a line's length, and it escapes every Unicode
line break, so a reader splits on `\\n` bytes and on nothing else.
"""

from __future__ import annotations

import json

from .events import MessageFrame, Noise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DEFAULT_MAX_FRAME_SIZE = 64 * 2**20
"""Bytes of one line.  A longer one is skipped and reported."""

COMMON_TYPES = frozenset({"assistant", "user", "stream_event"})
"""Types of the frames that make up nearly all of a run and mean nothing to the protocol."""

_ODD = (ValueError, RecursionError, KeyError, TypeError)  # not JSON, or not an object with a `type` that is text

NOISE_HEAD = 4096
"""Bytes kept of a line that is not a frame."""


def encode_frame(frame: dict[str, Any], dumps: Callable[[Any], bytes] | None = None) -> bytes:
    """One line, with its end.  Raises what `dumps` raises for a value that JSON cannot hold."""
    return (dumps or json_dumps)(frame) + b"\n"


def json_dumps(value: Any) -> bytes:
    """Compact JSON from the standard library.  NaN and infinities are a `ValueError`: the CLI ends on such a line."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def json_loads(line: bytes | bytearray) -> Any:
    """JSON from the standard library; bytes that are not UTF-8 become U+FFFD."""
    return json.loads(line.decode("utf-8", "replace"))


class FrameDecoder:
    """Splits a byte stream into lines and decodes each; never raises for what it is fed.

    - `loads`: decodes one line (bytes) and raises `ValueError` when it is not JSON.
    - `max_frame_size`: bytes; a longer line becomes one `Noise` and costs no more memory than that.
    - `quick_loads`: a faster `loads` that is right for bytes of which `is_plain` is true, or raises `ValueError`.
      One question per read instead of one per line is a sixth of what a frame may cost.
    """

    __slots__ = ("_held", "_held_size", "_is_plain", "_loads", "_quick_loads", "_skipped", "max_frame_size", "uncommon")

    def __init__(
        self,
        *,
        loads: Callable[[bytes], Any] = json_loads,
        max_frame_size: int = DEFAULT_MAX_FRAME_SIZE,
        quick_loads: Callable[[bytes], Any] | None = None,
        is_plain: Callable[[bytes, int], bool] | None = None,
    ) -> None:
        self.max_frame_size = max_frame_size
        self.uncommon: list[int] = []
        self._loads = loads
        self._quick_loads = loads if quick_loads is None else quick_loads
        self._is_plain = is_plain
        self._held: list[bytes] = []  # pieces of the unfinished line
        self._held_size = 0
        self._skipped = 0  # bytes dropped of an unfinished line that is too long

    def feed(self, data: bytes) -> list[MessageFrame | Noise]:
        """The frames that `data` completes, in order; lines that are not frames are `Noise` among them.

        `uncommon` then has the indices of all but the frames whose `type` is one of `COMMON_TYPES`.
        """
        uncommon = self.uncommon
        uncommon.clear()
        lines = data.split(b"\n")
        tail = lines.pop()
        if not lines:
            self._hold(tail)
            return []
        held = bool(self._held)
        if held:
            self._held.append(lines[0])
            lines[0] = b"".join(self._held)
            self._held.clear()
            self._held_size = 0
        frames: list[MessageFrame | Noise] = []
        add = frames.append
        new = tuple.__new__
        loads = self._quick_loads
        is_plain = self._is_plain
        # A line that began in an earlier read is asked about as a whole: a run of digits may cross the cut.
        if is_plain is not None and not (
            (not held or is_plain(lines[0], 1)) and ((held and len(lines) == 1) or is_plain(data, len(lines)))
        ):
            loads = self._loads
        if self._skipped or len(lines[0]) > self.max_frame_size or len(data) > self.max_frame_size:
            lines = self._within_limit(lines, frames)
        for line in lines:
            try:
                frame = loads(line)
                if frame["type"] not in COMMON_TYPES:
                    uncommon.append(len(frames))
            except _ODD:
                self._add_odd(line, frames)
            else:
                add(new(MessageFrame, (frame, len(line))))
        self._hold(tail)
        return frames

    def _add_odd(self, line: bytes, frames: list[MessageFrame | Noise]) -> None:
        """A line that `quick_loads` refused, or what it gave is no frame of a common type: what it really is."""
        try:
            frame = self._loads(line)
        except (ValueError, RecursionError) as error:  # the latter: arrays nested a thousand deep
            if line and not line.isspace():
                self._add_noise(Noise(line[:NOISE_HEAD], len(line), f"not JSON: {error}"), frames)
            return
        if type(frame) is not dict:
            self._add_noise(Noise(line[:NOISE_HEAD], len(line), "not a JSON object"), frames)
            return
        kind = frame.get("type")
        if type(kind) is not str or kind not in COMMON_TYPES:
            self.uncommon.append(len(frames))
        frames.append(MessageFrame(frame, len(line)))

    def _add_noise(self, noise: Noise, frames: list[MessageFrame | Noise]) -> None:
        self.uncommon.append(len(frames))
        frames.append(noise)

    def _within_limit(self, lines: list[bytes], frames: list[MessageFrame | Noise]) -> list[bytes]:
        """`lines` without those over the limit, which become `Noise`.  Only the first can have been skipped in part."""
        if len(lines[0]) > self.max_frame_size or self._skipped:
            self._add_noise(self._too_long(lines[0]), frames)
            lines = lines[1:]
        if all(len(line) <= self.max_frame_size for line in lines):
            return lines
        # Rare (a read that holds a whole line over the limit), so one line at a time, in order.
        for line in lines:
            if len(line) > self.max_frame_size:
                self._add_noise(self._too_long(line), frames)
            else:
                self._add_odd(line, frames)
        return []

    def close(self) -> Noise | None:
        """The end of the stream: a torn last line is reported, never parsed."""
        line = b"".join(self._held)
        size = self._held_size + self._skipped
        self._held.clear()
        self._held_size = self._skipped = 0
        if not line.strip():
            return None
        return Noise(line[:NOISE_HEAD], size, "the stream ended inside this line")

    def _hold(self, piece: bytes) -> None:
        if not piece:
            return
        if self._skipped:
            self._skipped += len(piece)
            return
        self._held.append(piece)
        self._held_size += len(piece)
        if self._held_size > self.max_frame_size:
            head = b"".join(self._held)[:NOISE_HEAD]
            self._skipped = self._held_size - len(head)
            self._held = [head]
            self._held_size = len(head)

    def _too_long(self, line: bytes) -> Noise:
        size = len(line) + self._skipped
        self._skipped = 0
        return Noise(line[:NOISE_HEAD], size, f"longer than the limit of {self.max_frame_size} bytes")
