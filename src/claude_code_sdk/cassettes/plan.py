"""Plan: what one recorded episode asks of the host, worked out once.

Above: `lanes.py` (matches a live host against it), `player.py` (delivers along it).  Below: `cassette.py`.  Most lines
of a long recording are frames of the CLI that need no thought; the plan knows where the others stand (`stops`), so
that the player can deliver what lies between as slices of the file.  On the fake path.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from .cassette import Entry, Episode

    Lane: TypeAlias = tuple[str, ...]

CONTROL_MARK = b'"control_'
"""Stands in every control frame, in either way of writing JSON; rarely in another."""

CONVERSATION: Lane = ("conversation",)
END: Lane = ("eof",)
ORPHANS: Lane = ("answers to nothing",)
WITHDRAWALS: Lane = ("withdrawals",)

FORCED_ENDS = ("SIGTERM", "SIGKILL", "SIGHUP")


class Exchange:
    """A request of the recorded CLI.

    - `body`: its `request`; `index`: its entry; `request_id`.
    - `answer`: the entry of the host's answer, `None` if it never answered.
    - `withdrawn`: the entry with which the CLI withdrew it, `None` if it did not; then an answer is nobody's duty.
    - `acknowledged`: it is a notification, whose answer says nothing.
    """

    __slots__ = ("acknowledged", "answer", "body", "index", "request_id", "withdrawn")

    def __init__(self, request_id: str, body: Mapping[str, Any], index: int) -> None:
        self.request_id = request_id
        self.body = body
        self.index = index
        self.answer: int | None = None
        self.withdrawn: int | None = None
        message = _mapping(body.get("message"))
        self.acknowledged = body.get("subtype") == "mcp_message" and message.get("id") is None

    @property
    def free(self) -> bool:
        """Whether the host may answer or not, as it likes."""
        return self.withdrawn is not None or self.acknowledged


class Plan:
    """The stops of an episode, its lanes and its exchanges.

    - `stops`: indices of all entries that are not plain frames of the CLI, ascending.
    - `entries`: those entries by index.
    - `host`: indices of what the host did, `spawn` aside; `lanes`: the same by lane, in order; `lane_of` the inverse.
    - `exchanges`: the CLI's requests in order; `exchange_at` those by the index of request, answer and cancel.
    - `free`: host entries that need not come.
    """

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.size = len(episode.entries)
        self.stops = stops_of(episode.entries)
        self.entries: dict[int, Entry] = {index: episode.entries[index] for index in self.stops}
        self.host: list[int] = []
        self.lanes: dict[Lane, list[int]] = {}
        self.lane_of: dict[int, Lane] = {}
        self.exchanges: list[Exchange] = []
        self.exchange_at: dict[int, int] = {}
        self.free: set[int] = set()
        for index in self.stops[1:]:  # the first is the spawn
            entry = self.entries[index]
            if entry.source == "host":
                self._add_host(index, entry)
            elif entry.kind == "frame":
                self._add_control(index, entry.value)
        self.free.update(
            exchange.answer for exchange in self.exchanges if exchange.free and exchange.answer is not None
        )

    def next_stop(self, index: int) -> int:
        """The first stop at `index` or after it; the size of the episode when there is none."""
        position = bisect_left(self.stops, index)
        return self.stops[position] if position < len(self.stops) else self.size

    def frames(self, first: int, last: int, size: int) -> list[bytes]:
        """Plain frames of the CLI from `first` on and before `last`: about `size` bytes of them, at least one."""
        return frames_of(self.episode.entries, first, last, size)

    def asked(self, index: int) -> Mapping[str, Any] | None:
        """What the host answered with the entry `index`, `None` if that is no answer."""
        ordinal = self.exchange_at.get(index)
        return None if ordinal is None else self.exchanges[ordinal].body

    def entry(self, index: int) -> Entry:
        return self.entries.get(index) or self.episode.entries[index]

    def between(self, first: int, last: int) -> Iterator[Entry]:
        """What the CLI does from `first` up to `last`."""
        return (entry for entry in self.episode.entries[first:last] if entry.source == "cli")

    def _add_host(self, index: int, entry: Entry) -> None:
        self.host.append(index)
        lane = self._host_lane(index, entry)
        if lane is None:
            self.free.add(index)
        else:
            self.lanes.setdefault(lane, []).append(index)
            self.lane_of[index] = lane

    def _host_lane(self, index: int, entry: Entry) -> Lane | None:
        if entry.kind == "eof":
            return END
        if entry.kind == "signal":
            return ("signal", entry.value)
        if entry.kind != "frame":
            return CONVERSATION
        frame = entry.value
        lane = lane_of_frame(frame)
        if lane is not None or frame.get("type") != "control_response":
            return lane
        request_id = _mapping(frame.get("response")).get("request_id")
        for ordinal in range(len(self.exchanges) - 1, -1, -1):
            exchange = self.exchanges[ordinal]
            if exchange.request_id == request_id and exchange.answer is None:
                exchange.answer = index
                self.exchange_at[index] = ordinal
                return ("answer", str(ordinal))
        return ORPHANS

    def _add_control(self, index: int, frame: Mapping[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "control_request":
            body = _mapping(frame.get("request"))
            self.exchange_at[index] = len(self.exchanges)
            self.exchanges.append(Exchange(str(frame.get("request_id")), body, index))
            self._withdraw_call(index, body)
        elif kind == "control_cancel_request":
            for ordinal in range(len(self.exchanges) - 1, -1, -1):
                if self.exchanges[ordinal].request_id == frame.get("request_id"):
                    self.exchanges[ordinal].withdrawn = index
                    self.exchange_at[index] = ordinal
                    break

    def _withdraw_call(self, index: int, body: Mapping[str, Any]) -> None:
        """MCP calls are withdrawn by a notification instead (wire-facts §6)."""
        message = _mapping(body.get("message"))
        if message.get("method") != "notifications/cancelled":
            return
        call = _mapping(message.get("params")).get("requestId")
        for exchange in self.exchanges:
            if exchange.body.get("server_name") == body.get("server_name"):
                asked = _mapping(exchange.body.get("message"))
                if asked.get("id") is not None and asked.get("id") == call:
                    exchange.withdrawn = index

    @cached_property
    def settled(self) -> int:
        """From this index on nothing is missed when it is not played: the end of a run, after the last result.

        Asked of runs that were not played to their end.  Raises `CassetteError` for a damaged frame.
        """
        last_said = max((i for i in self.host if self._says_something(i)), default=0)
        closing = next((i for i in range(self.size - 1, last_said, -1) if self._closes_something(i)), None)
        if closing is not None:
            return closing + 1
        if any(self.entries[i].kind == "signal" and self.entries[i].value in FORCED_ENDS for i in self.host):
            return last_said + 1  # the host left by force, in the middle of what the CLI had to say
        spoken = (i for i in range(self.size - 1, last_said, -1) if self.entry(i).kind in ("frame", "noise"))
        return next((i for i in spoken if i not in self.free), last_said) + 1

    def _says_something(self, index: int) -> bool:
        lane = self.lane_of.get(index, END)
        return lane == CONVERSATION or lane[0] == "control"

    def _closes_something(self, index: int) -> bool:
        """Whether the entry is a result, or the CLI's answer to a request of the host."""
        entry = self.entry(index)
        if entry.source != "cli" or entry.kind != "frame":
            return False
        data = entry.frame_bytes
        return (b'"result"' in data or CONTROL_MARK in data) and entry.value.get("type") in (
            "result",
            "control_response",
        )


def lane_of_frame(frame: Mapping[str, Any]) -> Lane | None:
    """Lane of a host frame by its own content: `None` for answers, whose lane is their exchange's, and for frames that
    say nothing."""
    kind = frame.get("type")
    if kind == "control_request":
        return ("control", str(_mapping(frame.get("request")).get("subtype")))
    if kind == "control_cancel_request":
        return WITHDRAWALS
    if kind in ("control_response", "keep_alive"):
        return None
    return CONVERSATION


def stops_of(entries: Sequence[Entry]) -> list[int]:
    """Indices of the entries that are not plain frames of the CLI."""
    quick = getattr(entries, "stops", None)  # entries of a file find them without making an Entry of each line
    if quick is not None:
        found: list[int] = quick(CONTROL_MARK)
        return found
    return [
        index
        for index, entry in enumerate(entries)
        if entry.kind != "frame" or entry.source != "cli" or CONTROL_MARK in entry.frame_bytes
    ]


def frames_of(entries: Sequence[Entry], first: int, last: int, size: int) -> list[bytes]:
    """The bytes of the frames from `first` on and before `last`: about `size` bytes, at least one frame."""
    quick = getattr(entries, "frames", None)
    found: list[bytes] = []
    if quick is not None:
        found = quick(first, last, size)
        return found
    while first < last and (size > 0 or not found):
        found.append(entries[first].frame_bytes)
        size -= len(found[-1])
        first += 1
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
