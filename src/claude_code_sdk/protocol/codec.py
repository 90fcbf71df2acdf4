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
    """

    __slots__ = ("_held", "_held_size", "_loads", "_skipped", "max_frame_size")

    def __init__(
        self,
        *,
        loads: Callable[[bytes], Any] = json_loads,
        max_frame_size: int = DEFAULT_MAX_FRAME_SIZE,
    ) -> None:
        self.max_frame_size = max_frame_size
        self._loads = loads
        self._held: list[bytes] = []  # pieces of the unfinished line
        self._held_size = 0
        self._skipped = 0  # bytes dropped of an unfinished line that is too long

    def feed(self, data: bytes) -> list[MessageFrame | Noise]:
        """The frames that `data` completes, in order; lines that are not frames are `Noise` among them."""
        lines = data.split(b"\n")
        tail = lines.pop()
        if not lines:
            self._hold(tail)
            return []
        if self._held:
            self._held.append(lines[0])
            lines[0] = b"".join(self._held)
            self._held.clear()
            self._held_size = 0
        frames: list[MessageFrame | Noise] = []
        add = frames.append
        loads = self._loads
        limit = self.max_frame_size
        for line in lines:
            size = len(line)
            if size > limit or self._skipped:
                add(self._too_long(line))
                continue
            try:
                frame = loads(line)
            except (ValueError, RecursionError) as error:  # the latter: arrays nested a thousand deep
                if line and not line.isspace():
                    add(Noise(line[:NOISE_HEAD], size, f"not JSON: {error}"))
                continue
            if type(frame) is dict:
                add(MessageFrame(frame, size))
            else:
                add(Noise(line[:NOISE_HEAD], size, "not a JSON object"))
        self._hold(tail)
        return frames

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
