"""Delivery: what the host hears next, as bytes.

Above: `player.py`.  Below: `choice.py` (where we are), `plan.py`, `lanes.py` (which gates are open).  Runs of plain
frames are slices of the file; only control frames, and lines with placeholders or mapped ids, are rewritten.  On the
fake path.
"""

from __future__ import annotations

import json

from .plan import FORCED_ENDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .cassette import Entry
    from .choice import Choice
    from .lanes import Lanes
    from .plan import Plan

WRITE_SIZE = 64 * 1024
"""Bytes of frames that are gathered into one write; a longer frame is one write of its own."""

LONGEST_PAUSE = 0.25
"""Seconds at most that the recorded time between a request of the CLI and what followed it is kept to."""

SHORTEST_PAUSE = 0.01
"""The same at least before a request is withdrawn, in recordings that do not know the time."""


class Delivery:
    """Takes a run forward as far as its gates are open.

    - `check`: decodes JSON in bytes, raises `ValueError`; finds damage before it is delivered.  `None` when the reader
      looks for it, which decodes every line anyway, and then asks `find_damage` where it lies.
    - `paused_until`: when to go on, where a pause holds back what comes next.

    A frame that followed an unanswered request is delivered no sooner after it than it was recorded, up to a quarter of
    a second: a host starts a callback in its own time, and a callback that is withdrawn in the same read never runs.
    """

    def __init__(self, choice: Choice, check: Callable[[bytes], Any] | None) -> None:
        self.check = check
        self.paused_until: float | None = None
        self._choice = choice
        self._unchecked: list[tuple[int, int]] = []
        self._open: dict[int, float] = {}  # unanswered requests by ordinal: when they were delivered

    def gather(self, now: float, *, input_closed: bool) -> bytes:
        """All frames that may be delivered now, up to `WRITE_SIZE`; moves the choice's cursor behind them.

        `input_closed`: the host has closed its input.  Raises `CassetteError` for a damaged frame.
        """
        choice = self._choice
        lanes, plan = choice.lead, choice.lead.plan
        pieces: list[bytes] = []
        size = 0
        self.paused_until = None
        while size < WRITE_SIZE and choice.cursor < plan.size:
            stop = plan.next_stop(choice.cursor)
            if self._open and not self._due(lanes, choice.cursor, now):
                break
            if choice.cursor < stop:
                found = self._frames(plan, choice.cursor, choice.cursor + 1 if self._open else stop, WRITE_SIZE - size)
                choice.cursor += len(found)
                pieces += found
                size += sum(map(len, found))
                continue
            entry = plan.entries[stop]
            if entry.source == "host":
                if not lanes.is_open(stop) and not (input_closed and _ends_by_force(entry)):
                    break
            elif entry.kind != "frame":
                break
            elif not lanes.withheld(stop):
                pieces.append(self._control(lanes, stop, entry, now))
                size += len(pieces[-1])
            choice.cursor = stop + 1
        if not pieces:
            return b""
        pieces.append(b"")
        return self._to_live(b"\n".join(pieces))

    def find_damage(self) -> None:
        """Look through what was delivered unchecked.  Raises `CassetteError` for the first frame that is not JSON."""
        entry = self._choice.lead.plan.entry
        unchecked, self._unchecked = self._unchecked, []
        for first, last in unchecked:
            for index in range(first, last):
                entry(index).check()

    def _to_live(self, data: bytes) -> bytes:
        """Recorded frames as the live host must see them."""
        choice = self._choice
        data = choice.paths.frames(data)
        return choice.lead.ids.to_live(data) if choice.lead.ids.active else data

    def _due(self, lanes: Lanes, index: int, now: float) -> bool:
        """Whether the entry may come now, as far as unanswered requests are concerned."""
        entry = lanes.plan.entry(index)
        if entry.source == "host":
            return True
        due = now
        for ordinal, delivered in list(self._open.items()):
            if lanes.has_answer(ordinal) or now >= delivered + LONGEST_PAUSE:
                del self._open[ordinal]
                continue
            exchange = lanes.plan.exchanges[ordinal]
            # In whole milliseconds: a damaged file may say more of them than a float can hold.
            gap = min(max(0, entry.at - lanes.plan.entry(exchange.index).at), int(LONGEST_PAUSE * 1000))
            least = SHORTEST_PAUSE if exchange.withdrawn == index else 0.0
            due = max(due, delivered + max(gap / 1000, least))
        if due > now:
            self.paused_until = due
        return due <= now

    def _frames(self, plan: Plan, first: int, last: int, size: int) -> list[bytes]:
        """Plain frames from `first` on, about `size` bytes of them, each found to be JSON unless the reader looks."""
        frames = plan.frames(first, last, size)
        if self.check is None:
            self._unchecked.append((first, first + len(frames)))
            return frames
        try:
            decoded = self.check(b"[" + b",".join(frames) + b"]")
        except ValueError:
            decoded = ()
        if len(decoded) != len(frames):
            for index in range(first, first + len(frames)):
                plan.entry(index).check()
        return frames

    def _control(self, lanes: Lanes, index: int, entry: Entry, now: float) -> bytes:
        """A control frame of the CLI as the live host must see it."""
        frame = entry.value
        kind = frame.get("type")
        data = entry.frame_bytes
        if kind == "control_request":
            ordinal = lanes.plan.exchange_at[index]
            self._choice.delivered_request(str(frame.get("request_id")))
            if not lanes.plan.exchanges[ordinal].acknowledged:
                self._open[ordinal] = now
        elif kind == "control_response" and isinstance(frame.get("response"), dict):
            recorded = frame["response"].get("request_id")
            live = lanes.ids.live_request(recorded) if isinstance(recorded, str) else recorded
            if live != recorded:
                return _with_request_id(frame, data, recorded, live)
        return data


def raw_bytes(text: str) -> bytes:
    """Recorded text as the bytes that it was: those that were not UTF-8 stand in it as surrogate escapes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that no byte gave rise to, in a file written by hand
        return text.encode("utf-8", "surrogatepass")


def _ends_by_force(entry: Entry) -> bool:
    """Whether a gate needs no waiting for: a host that has closed its input ends the run by force if it must."""
    return entry.kind == "signal" and entry.value in FORCED_ENDS


def _with_request_id(frame: dict[str, Any], data: bytes, recorded: Any, live: str) -> bytes:
    for colon in (b":", b": "):
        label = b'"request_id"' + colon
        written = label + json.dumps(recorded).encode()
        if written in data:
            return data.replace(written, label + json.dumps(live).encode())
    changed = {**frame, "response": {**frame["response"], "request_id": live}}
    return json.dumps(changed, separators=(",", ":")).encode()
