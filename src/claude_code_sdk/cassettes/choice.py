"""Choice: which recorded episode a live run is.

Above: `player.py`.  Below: `lanes.py`, `argv.py`, `claims.py`.  Every unused episode whose command line and host frames
so far are equal stays in; the first of them leads and is what the host hears; each host frame may narrow them further.
Equal episodes are used in file order.  An episode is claimed when the host has said something that is its own: a
handshake is the same for many.  On the fake path.
"""

from __future__ import annotations

from functools import partial

from ..protocol.command import Command
from .argv import Arguments, argv_differences
from .ids import IdMap
from .lanes import Lanes
from .live_texts import LivePaths, LiveTexts
from .matchers import ARGV
from .plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .cassette import Episode
    from .claims import Claims
    from .difference import Difference
    from .lanes import Divergence
    from .matchers import Matcher
    from .secrets.rules import Rule

# What telling which episode is the nearest may cost: this many differences, and characters of each.
_LOOKED_AT = 3
_LOOKED_AT_TEXT = 200


class Rejected(Exception):  # internal: `player.py` turns it into a CassetteMismatch
    """No episode is left.

    - `lanes`: the episode that came nearest, with the `divergence` that excluded it; or
    - `episode`: the one whose command line came nearest, with `differing`.
    - `used`: how many episodes with this command line are used up.
    """

    def __init__(
        self,
        *,
        lanes: Lanes | None = None,
        divergence: Divergence | None = None,
        episode: Episode | None = None,
        differing: Sequence[Difference] = (),
        used: int = 0,
    ) -> None:
        super().__init__()
        self.lanes = lanes
        self.divergence = divergence
        self.episode = episode
        self.differing = differing
        self.used = used


class Choice:
    """The candidates of one run.

    - `claims`: who uses which episode; `plans`: plans by episode number, shared between the runs of a cassette.
    - `rules`: the user's own rules for secrets.
    - `cursor`: index in the leading episode of what the host hears next.
    - `candidates`: the episodes that fit so far, the leading one first.
    - `over`: the run has ended, so it is the episode that it was.
    - `paths`: the paths of this run, from `open` on.
    """

    def __init__(
        self,
        episodes: Sequence[Episode],
        *,
        claims: Claims,
        plans: dict[int, Plan],
        match_on: Sequence[Matcher],
        answers: str,
        rules: Sequence[Rule] = (),
    ) -> None:
        self.cursor = 1  # behind the spawn
        self.episodes = episodes
        self._claims = claims
        self._plans = plans
        self._match_on = match_on
        self._answers = answers
        self._rules = rules
        self.candidates: list[Lanes] = []
        self.over = False
        self._claimed: int | None = None
        self._asked: list[str] = []  # live ids of the requests that were delivered, in order
        self.paths = LivePaths(Command(()))

    @property
    def lead(self) -> Lanes:
        return self.candidates[0]

    def open(self, command: Command) -> None:
        """Find the candidates for a command.  Raises `Rejected` when there are none."""
        self.paths = LivePaths(command)
        taken, movable = self._claims.claimed(), self._claims.movable()
        used = 0
        others: list[Lanes] = []  # of runs that may still turn out to be another episode
        nearest: tuple[int, Episode, list[Difference]] | None = None
        for episode in self.episodes:
            ids = IdMap(partial(_minted, self.episodes))
            differing = self._argv_differences(episode, command, ids) if ARGV in self._match_on else []
            if differing:
                if nearest is None or len(differing) < nearest[0]:
                    nearest = len(differing), episode, differing
            elif episode.number not in taken:
                self.candidates.append(self._lanes(episode, ids))
            elif episode.number in movable:
                others.append(self._lanes(episode, ids))
            else:
                used += 1
        self.candidates += others
        if not self.candidates:
            if used or nearest is None:
                raise Rejected(used=used)
            raise Rejected(episode=nearest[1], differing=nearest[2])

    def claimed_numbers(self) -> set[int]:
        """The episodes that other runs have used."""
        return {number for number in self._claims.claimed() if number != self._claimed}

    def delivered_request(self, request_id: str) -> None:
        """The host was sent a request of the CLI."""
        self._asked.append(request_id)

    def frame(self, frame: Mapping[str, Any]) -> None:
        """The host wrote a frame.  Raises `Rejected` when it fits no candidate."""
        self._claims.heed(self)
        ordinal = self.ordinal_of(frame)
        self._narrow(lambda lanes: lanes.match_frame(frame, ordinal))
        if self._claimed is not None or not _is_handshake(frame):
            self.claim()

    def noise(self, text: str) -> None:
        """The host wrote a line that is not a frame.  Raises `Rejected` when it fits no candidate."""
        self._narrow(lambda lanes: lanes.match_noise(text))
        self.claim()

    def end(self) -> None:
        """The host closed its input.  Raises `Rejected` when others took all candidates meanwhile."""
        self._claims.heed(self)
        complete = [lanes for lanes in self.candidates if lanes.is_complete()]
        if complete and self.lead not in complete:
            self._claim_one_of(complete)
        self.claim()
        for lanes in self.candidates:
            lanes.match_end()

    def signal(self, name: str) -> bool:
        """The host sent a signal; False when the recording has none of that name."""
        self.claim()
        outcomes = [lanes.match_signal(name) for lanes in self.candidates]
        return outcomes[0]

    def claim(self) -> None:
        """Take the leading episode for this run, or the next that is to be had.

        Raises `Rejected` when others have all candidates, and cannot be another episode themselves.
        """
        if self._claimed != self.lead.plan.episode.number and not self._claim_one_of(self.candidates):
            raise Rejected(used=len(self._claims.claimed()))

    def _claim_one_of(self, wanted: Sequence[Lanes]) -> bool:
        """Be one of these episodes from now on; False when none is to be had, and then this run is what it was."""
        number = self._claims.claim([lanes.plan.episode.number for lanes in wanted], self)
        if number is not None:
            self.becomes(number)
        return number is not None

    def withdraw(self) -> None:
        """This run is none of the episodes: it takes none from others."""
        self.over = True
        self._claimed = None
        self._claims.release(self)

    def finish(self) -> None:
        """The run has ended."""
        self.over = True
        self._claims.heed(self)

    # As a `Run` of the claims

    def could_be(self) -> Sequence[int]:
        return [] if self.over else [lanes.plan.episode.number for lanes in self.candidates]

    def becomes(self, number: int) -> None:
        self._claimed = number
        lanes = next((lanes for lanes in self.candidates if lanes.plan.episode.number == number), None)
        if lanes is not None:
            self._lead_with(lanes)

    def _lead_with(self, lanes: Lanes) -> None:
        old = self.lead
        if lanes is not old:
            rest = [candidate for candidate in self.candidates if candidate is not lanes]
            self.candidates = [lanes, *sorted(rest, key=lambda candidate: candidate.plan.episode.number)]
            self._follow(old, old.reach(), lanes.reach())

    def _narrow(self, match: Callable[[Lanes], Divergence | None]) -> None:
        reaches = [lanes.reach() for lanes in self.candidates] if len(self.candidates) > 1 else []
        old = self.candidates
        outcomes = [match(lanes) for lanes in old]
        if any(outcome is None for outcome in outcomes):
            kept = [index for index, outcome in enumerate(outcomes) if outcome is None]
            if len(kept) == len(old):
                return
            self.candidates = [old[index] for index in kept]
            if kept[0] != 0:
                self._follow(old[0], reaches[0], reaches[kept[0]])
                if self._claimed is not None:
                    self.claim()
            return
        # The nearest is the one that got furthest and differs least; of equals the one that the host has heard.
        found = [(lanes, outcome) for lanes, outcome in zip(old, outcomes, strict=True) if outcome is not None]
        lanes, divergence = min(found, key=lambda pair: _distance(pair[1]))
        raise Rejected(lanes=lanes, divergence=divergence)

    def _follow(self, old: Lanes, old_reach: int, new_reach: int) -> None:
        """Another episode leads: go on in it where the host stands, and give its ids the values that the host knows."""
        new = self.lead
        heard = list(old.plan.between(1, self.cursor))
        if self.cursor >= old_reach:
            position = new_reach
        else:
            position, count = 1, 0
            while position < new_reach and count < len(heard):
                count += new.plan.entry(position).source == "cli"
                position += 1
        self.cursor = position
        for one, other in zip(new.plan.between(1, position), heard, strict=False):
            if one.kind == other.kind == "frame" and one.frame_bytes != other.frame_bytes:
                new.ids.adopt(one.value, other.value)
        asked = sum(exchange.index < position for exchange in new.plan.exchanges)
        new.skip_exchanges(len(self._asked), asked)
        self._asked += [new.plan.exchanges[ordinal].request_id for ordinal in range(len(self._asked), asked)]

    def ordinal_of(self, frame: Mapping[str, Any]) -> int | None:
        """Which of the delivered requests an answer belongs to: the oldest unanswered one of that id."""
        if frame.get("type") != "control_response":
            return None
        response = frame.get("response")
        request_id = response.get("request_id") if isinstance(response, dict) else None
        ordinals = [ordinal for ordinal, known in enumerate(self._asked) if known == request_id]
        return next((n for n in ordinals if not self.lead.has_answer(n)), ordinals[-1] if ordinals else None)

    def _lanes(self, episode: Episode, ids: IdMap) -> Lanes:
        plan = self._plans.get(episode.number)
        if plan is None:
            plan = self._plans[episode.number] = Plan(episode)
        return Lanes(plan, ids, paths=self.paths, match_on=self._match_on, answers=self._answers, rules=self._rules)

    def _argv_differences(self, episode: Episode, command: Command, ids: IdMap) -> list[Difference]:
        argv = [self.paths.text(item) for item in episode.argv]
        if argv[1:] == list(command.argv[1:]) and not command.files and not episode.spawn.get("files"):
            return []  # word by word the same, as most are, and every word says what it says
        recorded = Arguments(argv, self._recorded_files(episode))
        live = Arguments(command.argv, command.files, command.cwd)
        differing = argv_differences(recorded, live, LiveTexts(self.paths, ids, self._rules).same)
        if differing:
            ids.discard()
        else:
            ids.commit()
        return differing

    def _recorded_files(self, episode: Episode) -> dict[str, bytes]:
        files = episode.spawn.get("files")
        if not isinstance(files, dict):
            return {}
        texts = {name: self.paths.text(text) for name, text in files.items() if isinstance(text, str)}
        return {name: text.encode("utf-8", "replace") for name, text in texts.items()}


def _minted(episodes: Sequence[Episode], value: str) -> bool:
    """Whether the CLI of this recording made the id: it said it before the program did."""
    data = value.encode()
    for episode in episodes:
        if any(value in item for item in episode.argv):
            return False
        for entry in episode.entries:
            if entry.kind == "frame" and data in entry.frame_bytes:
                return entry.source == "cli"
    return False


def _is_handshake(frame: Mapping[str, Any]) -> bool:
    """Whether a host frame leaves open which of several alike runs this is."""
    kind = frame.get("type")
    if kind == "control_request":
        request = frame.get("request")
        return isinstance(request, dict) and request.get("subtype") == "initialize"
    return kind in ("control_response", "control_cancel_request", "keep_alive")


def _distance(divergence: Divergence) -> tuple[bool, int, float]:
    """How far a frame is from what was recorded in its place: by the number of differences, then by their size."""
    if divergence.index is None:
        return True, 0, 0.0
    from difflib import SequenceMatcher

    alike = 0.0
    for _, recorded, live in divergence.differing[:_LOOKED_AT]:
        if isinstance(recorded, str) and isinstance(live, str):
            alike += SequenceMatcher(None, recorded[:_LOOKED_AT_TEXT], live[:_LOOKED_AT_TEXT], autojunk=False).ratio()
    return False, len(divergence.differing), -alike
