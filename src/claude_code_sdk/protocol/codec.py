"""Framing: bytes to JSON objects and back, one object a line.

Above: `connection.py`.  Below: nothing; the JSON functions are given (`_json.py` on the host, `json` on the fake path).
Facts (wire-facts §1): UTF-8, `\\n` ends a line, the CLI sets no limit to a line's length, and it escapes every Unicode
line break, so a reader splits on `\\n` bytes and on nothing else.
"""

from __future__ import annotations

from io import BytesIO

from .bare_json import loads
from .events import Noise
from .later import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .events import Frame

DEFAULT_MAX_FRAME_SIZE = 64 * 2**20
"""Bytes of one line.  A longer one is skipped and reported."""

COMMON_TYPES = frozenset({"assistant", "user", "stream_event"})
"""Types of the frames that make up nearly all of a run and mean nothing to the protocol."""

_FEW = 3  # lines of a read

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
    return loads(line.decode("utf-8", "replace"))


class FrameDecoder:
    """Splits a byte stream into lines and decodes each; never raises for what it is fed.

    - `loads`: decodes one line (bytes or a bytearray) and raises `ValueError` when it is not JSON.
    - `max_frame_size`: bytes; a longer line becomes one `Noise` and costs no more memory than that.
    - `quick_loads`: a faster `loads` that is right for lines of a read of which `is_plain` is true, or raises
      `ValueError`.  One question per read instead of one per line is a sixth of what a frame may cost.
    """

    __slots__ = (
        "_held",
        "_is_plain",
        "_loads",
        "_quick_loads",
        "_skipped",
        "all_quick",
        "max_frame_size",
        "taken",
        "uncommon",
    )

    def __init__(
        self,
        *,
        loads: Callable[[bytes | bytearray], Any] = json_loads,
        max_frame_size: int = DEFAULT_MAX_FRAME_SIZE,
        quick_loads: Callable[[bytes | bytearray], Any] | None = None,
        is_plain: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.max_frame_size = max_frame_size
        self.taken = 0
        self.uncommon: list[int] = []
        self.all_quick = False
        self._loads = loads
        self._quick_loads = quick_loads
        self._is_plain = is_plain
        self._held = bytearray()  # the unfinished line; what was skipped of it is not in here
        self._skipped = 0  # bytes dropped of an unfinished line that is too long

    def feed(self, data: bytes) -> list[Frame | Noise]:
        """The frames that `data` completes, in order; lines that are not frames are `Noise` among them.

        Afterwards `uncommon` has the indices of all but the frames whose `type` is one of `COMMON_TYPES`, `taken` the
        bytes of the lines that were completed, and `all_quick` is true if `quick_loads` has made an object of each
        line that began in `data` and was completed.
        """
        self.uncommon = []
        self.all_quick = False
        lines = BytesIO(data).readlines()  # with their ends; twice as fast as `split`, which goes byte by byte
        tail = lines.pop() if lines and not data.endswith(b"\n") else b""
        self.taken = 0
        if not lines:
            self._hold(tail)
            return []
        self.taken = len(data) - len(tail) + len(self._held)
        frames: list[Frame | Noise] = []
        if self._held or self._skipped or len(data) > self.max_frame_size:
            lines = self._take_first(lines, frames)
        quick = self._quick_loads
        # Few lines are long ones, where `loads` has cheaper ways than a look at every byte.
        if quick is not None and len(lines) > _FEW and (self._is_plain is None or self._is_plain(data)):
            frames = self._decode_all(lines, quick, frames)
            self.all_quick &= len(data) <= self.max_frame_size  # a longer read may have had a line that was skipped
        else:
            for line in lines:
                self._decode(line[:-1], frames)
        if tail:
            self._hold(tail)
        return frames

    def _decode_all(
        self, lines: list[bytes], quick: Callable[[bytes | bytearray], Any], frames: list[Frame | Noise]
    ) -> list[Frame | Noise]:
        """Decode many lines; one by one when any of them is odd."""
        try:
            decoded = list(map(quick, lines))
            uncommon = [index for index, frame in enumerate(decoded) if frame["type"] not in COMMON_TYPES]
        except _ODD:
            for line in lines:
                self._decode(line[:-1], frames)
            return frames
        self.all_quick = True
        if not frames:
            self.uncommon = uncommon
            return decoded
        self.uncommon += [index + len(frames) for index in uncommon]
        return frames + decoded

    def _decode(self, line: bytes | bytearray, frames: list[Frame | Noise]) -> None:
        try:
            frame = self._loads(line)
        except (ValueError, RecursionError) as error:  # the latter: arrays nested a thousand deep
            if line and not line.isspace():
                self._add_noise(line, len(line), f"not JSON: {error}", frames)
            return
        if type(frame) is not dict:
            self._add_noise(line, len(line), "not a JSON object", frames)
            return
        kind = frame.get("type")
        if type(kind) is not str or kind not in COMMON_TYPES:
            self.uncommon.append(len(frames))
        frames.append(frame)

    def _add_noise(self, line: bytes | bytearray, size: int, reason: str, frames: list[Frame | Noise]) -> None:
        self.uncommon.append(len(frames))
        frames.append(Noise(bytes(line[:NOISE_HEAD]), size, reason))

    def _take_first(self, lines: list[bytes], frames: list[Frame | Noise]) -> list[bytes]:
        """Put the held line before the first piece and decode it; returns the rest, without lines over the limit."""
        first = self._held
        self._held = bytearray()
        first += lines[0]
        del first[-1]
        self._decode_within_limit(first, len(first) + self._skipped, frames)
        self._skipped = 0
        rest = lines[1:]
        while rest and any(len(line) > self.max_frame_size for line in rest):
            line = rest.pop(0)[:-1]  # rare: a read that holds a whole line over the limit
            self._decode_within_limit(line, len(line), frames)
        return rest

    def _decode_within_limit(self, line: bytes | bytearray, size: int, frames: list[Frame | Noise]) -> None:
        if size > self.max_frame_size:
            self._add_noise(line, size, f"longer than the limit of {self.max_frame_size} bytes", frames)
        else:
            self._decode(line, frames)

    def close(self) -> Noise | None:
        """The end of the stream: a torn last line is reported, never parsed."""
        line = bytes(self._held)
        size = len(line) + self._skipped
        self._held = bytearray()
        self._skipped = 0
        if not line.strip():
            return None
        return Noise(line[:NOISE_HEAD], size, "the stream ended inside this line")

    def _hold(self, piece: bytes | bytearray) -> None:
        if self._skipped:
            self._skipped += len(piece)
            return
        self._held += piece
        size = len(self._held)
        if size > self.max_frame_size:
            del self._held[NOISE_HEAD:]
            self._skipped = size - len(self._held)
