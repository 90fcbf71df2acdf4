"""Lanes: a live host's frames matched against those of one recorded episode.

Above: `choice.py` (several episodes at once), `player.py` (gates).  Below: `plan.py`, `difference.py`, `answers.py`,
`ids.py`.  Host frames are matched in order within their lane: the conversation; control requests by subtype; answers
by the exchange that they belong to.  Between lanes the order is free, because it is a race on the wire.  On the fake
path.
"""

from __future__ import annotations

from json import loads as json_loads

from .answers import IGNORE, STUB, VERIFY, answer_differences, reason_of_error
from .difference import differences
from .free_fields import REQUEST, USER, free_keys
from .live_texts import LiveTexts
from .matchers import CONTROL, DEFAULT_MATCH_ON, PROMPT, RAW, name_of_matcher, own_matchers
from .plan import CONVERSATION, END, ORPHANS, WITHDRAWALS, lane_of_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .cassette import Entry
    from .difference import Difference
    from .ids import IdMap
    from .live_texts import LivePaths
    from .matchers import Matcher
    from .plan import Lane, Plan
    from .secrets.rules import Rule

_FREE_IN_MESSAGES = free_keys(USER)
_FREE_IN_REQUESTS = free_keys(REQUEST)


class Divergence:
    """Why a host frame does not fit an episode.

    - `index`: the recorded entry that stands where the live one should; `None` if its lane has nothing left.
    - `differing`: where the two differ.
    - `reason`: a sentence, where a difference would not say it.
    """

    __slots__ = ("differing", "index", "reason")

    def __init__(self, index: int | None, differing: Sequence[Difference] = (), reason: str = "") -> None:
        self.index = index
        self.differing = differing
        self.reason = reason


class Lanes:
    """One episode being played.

    - `paths`: those of this run.
    - `match_on`: see `matchers.py`; `answers`: see `answers.py`.
    """

    def __init__(
        self,
        plan: Plan,
        ids: IdMap,
        *,
        paths: LivePaths,
        match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
        answers: str = IGNORE,
        rules: Sequence[Rule] = (),
    ) -> None:
        self.plan = plan
        self.ids = ids
        self.matched: set[int] = set()
        self._to_live = paths.frames
        self._texts = LiveTexts(paths, ids, rules)
        self._match_on = match_on
        self._own = own_matchers(match_on)
        self._answers = answers
        self._heads: dict[Lane, int] = {}
        self._answered: set[int] = set()
        self._skipped: set[int] = set()  # exchanges that this run of the program never saw
        self._first_closed = 0  # position in plan.host; all before it are open

    def is_open(self, index: int) -> bool:
        """Whether the gate of a host entry is passed: it came, or it need not come."""
        if index in self.matched or index in self.plan.free:
            return True
        ordinal = self.plan.exchange_at.get(index)
        return ordinal is not None and (self._answers == STUB or ordinal in self._skipped)

    def reach(self) -> int:
        """Index of the first closed gate: everything of the CLI before it may be delivered."""
        host = self.plan.host
        while self._first_closed < len(host) and self.is_open(host[self._first_closed]):
            self._first_closed += 1
        return host[self._first_closed] if self._first_closed < len(host) else self.plan.size

    def is_complete(self) -> bool:
        """Whether the host has done all that it did, but for the end."""
        reach = self.reach()
        return reach == self.plan.size or self.plan.entries[reach].kind in ("eof", "signal")

    def withheld(self, index: int) -> bool:
        """Whether a control frame of the CLI is kept from the host, which `answers="stub"` is about."""
        return self._answers == STUB and index in self.plan.exchange_at

    def skip_exchanges(self, first: int, last: int) -> None:
        """The exchanges from ordinal `first` up to `last` were not shown to the host: nobody waits for answers."""
        self._skipped.update(range(first, last))

    def has_answer(self, ordinal: int) -> bool:
        """Whether the host has answered that exchange."""
        return ordinal in self._answered

    def match_end(self) -> bool:
        """The host closed its input.  It can do so once, however often a damaged file says so."""
        closed = self._take(END)
        while self._take(END):
            pass
        return closed

    def match_signal(self, name: str) -> bool:
        """The host sent a signal; False if the recording has none of that name left."""
        return self._take(("signal", name))

    def match_noise(self, text: str) -> Divergence | None:
        """The host wrote a line that is not a JSON object."""
        index = self._head(CONVERSATION)
        if index is None:
            return Divergence(None)
        entry = self.plan.entries[index]
        if entry.kind != "noise":
            return Divergence(index, [("line", entry.value, text)])
        # The decoder keeps no more than the beginning of a line that is not a frame.
        if PROMPT in self._match_on and entry.value[: len(text)] != text:
            return Divergence(index, [("line", entry.value, text)])
        self._take(CONVERSATION)
        return None

    def match_frame(self, frame: Mapping[str, Any], ordinal: int | None = None) -> Divergence | None:
        """The host wrote a frame; of an answer, `ordinal` says which of the delivered requests it answers.

        Returns why it does not fit, or `None`: then it is matched, or says nothing that counts.
        """
        if frame.get("type") == "control_response":
            return self._match_answer(frame, ordinal)
        lane = lane_of_frame(frame)
        if lane is None:
            return None
        index = self._head(lane)
        if index is None:
            return Divergence(None)
        entry = self.plan.entries[index]
        if entry.kind != "frame":
            return Divergence(index, [("", entry.value, frame)])
        recorded = self._recorded(entry)
        differing = self._differing(lane, recorded, frame)
        reason = "" if differing or not self._own else self._refusal(recorded, frame)
        if differing or reason:
            self.ids.discard()
            return Divergence(index, differing, reason)
        self.ids.commit()
        if lane[0] == "control":
            self.ids.bind_request(str(entry.value.get("request_id")), str(frame.get("request_id")))
        self._take(lane)
        return None

    def means_the_same(self, entry: Entry, frame: Mapping[str, Any]) -> bool:
        """Whether a frame that was recorded somewhere says the same, the user's own matchers aside."""
        lane = lane_of_frame(frame)
        if lane is None:
            return False
        differing = self._differing(lane, self._recorded(entry), frame)
        self.ids.discard()
        return not differing

    def _differing(self, lane: Lane, recorded: dict[str, Any], frame: Mapping[str, Any]) -> list[Difference]:
        same_text = self._texts.same
        whole = RAW in self._match_on
        if lane == WITHDRAWALS:
            known = self.ids.live_request(str(recorded.get("request_id")))
            return differences({**recorded, "request_id": known}, frame)
        if lane[0] == "control":
            if CONTROL not in self._match_on and not whole:
                return []
            free = _FREE_IN_REQUESTS
        elif PROMPT not in self._match_on and not whole:
            return differences(recorded.get("type"), frame.get("type"), None, "type")
        else:
            free = _FREE_IN_MESSAGES if frame.get("type") == USER and not whole else ()
        return differences(_without(recorded, free), _without(frame, free), same_text)

    def _refusal(self, recorded: dict[str, Any], frame: Mapping[str, Any]) -> str:
        """What the first matcher of the user's own has against the frame; empty when none has."""
        from copy import deepcopy

        for matcher in self._own:
            expected = self._texts.as_live(recorded, frame)
            if frame.get("type") == REQUEST:
                expected["request_id"] = frame.get("request_id")
            try:
                returned: object = matcher(expected, deepcopy(dict(frame)))
            except AssertionError as refused:
                from .matchers import said_by

                return f"matcher {name_of_matcher(matcher)}: {said_by(refused)}"
            if returned is not None:
                raise TypeError(
                    f"the matcher {name_of_matcher(matcher)} returned {returned!r}: a matcher raises AssertionError "
                    "with the difference, or returns None"
                )
        return ""

    def _match_answer(self, frame: Mapping[str, Any], ordinal: int | None) -> Divergence | None:
        if ordinal is None or ordinal >= len(self.plan.exchanges):
            return self._match_orphan(frame)
        exchange = self.plan.exchanges[ordinal]
        if ordinal in self._answered:
            return None if exchange.free else Divergence(None, reason="the host has answered this before")
        if exchange.answer is None:
            if not exchange.free and self._answers == VERIFY:
                return Divergence(None, reason="in the recording the host never answered this")
            self._answered.add(ordinal)
            return None
        if self._answers == VERIFY and not exchange.free:
            recorded = self._recorded(self.plan.entries[exchange.answer])
            differing = answer_differences(exchange.body, recorded, frame, self._texts.same)
            if differing:
                self.ids.discard()
                return Divergence(exchange.answer, differing, reason_of_error(frame))
            self.ids.commit()
        self._answered.add(ordinal)
        self.matched.add(exchange.answer)
        return None

    def _match_orphan(self, frame: Mapping[str, Any]) -> Divergence | None:
        """An answer to what the CLI has not asked; a recorded host may have given one."""
        index = self._head(ORPHANS)
        if index is None:
            response = frame.get("response")
            named = isinstance(response, dict) and response.get("request_id") is not None
            return Divergence(None, reason="the CLI has not asked this" if named else "the answer has no request_id")
        if self._answers == VERIFY:
            recorded = self._recorded(self.plan.entries[index])
            differing = answer_differences({}, recorded, frame, self._texts.same)
            if differing:
                self.ids.discard()
                return Divergence(index, differing)
            self.ids.commit()
        self._take(ORPHANS)
        return None

    def _recorded(self, entry: Entry) -> dict[str, Any]:
        """A recorded frame with the paths of this run; not to be changed."""
        data = entry.frame_bytes
        live = self._to_live(data)
        recorded: dict[str, Any] = entry.value if live is data else json_loads(live)
        return recorded

    def _head(self, lane: Lane) -> int | None:
        """The recorded entry that is next in the lane."""
        entries = self.plan.lanes.get(lane, ())
        position = self._heads.get(lane, 0)
        return entries[position] if position < len(entries) else None

    def _take(self, lane: Lane) -> bool:
        index = self._head(lane)
        if index is None:
            return False
        self._heads[lane] = self._heads.get(lane, 0) + 1
        self.matched.add(index)
        return True


def _without(frame: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in frame.items() if key not in keys}
