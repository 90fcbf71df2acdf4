"""The canonical order of an episode, so that two recordings of the same behaviour agree.

Above: normalize.py.  Below: survey.py, facts.py, dependence.py.  What crossed the seam in one direction is in order,
but how the two directions interleave is a race.  Canonical is: CLI entries as received, except that the MCP handshakes
that follow the answer to `initialize` stand right behind it, server by server in the order of their names; and each
host entry directly before the first CLI entry that may depend on it.

Why it is safe to replay this order, in which a CLI entry waits for all host entries before it: a host entry only ever
moves later, and only past entries that are known not to depend on it.  The one thing that moves ahead of host entries
is the handshake, which the CLI starts by itself (seen: with no prompt sent, all of it comes).  Entries that the host
began (prompts, requests, signals, end of input) keep their order among themselves.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import chain, pairwise

from .cassette import Episode
from .dependence import HANDSHAKE, Dependence
from .survey import Survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BARRIERS = ("eof", "signal")


def canonical(episode: Episode) -> Episode:
    """The episode with its entries in canonical order, `at` as it was.

    Raises:
        CassetteError: A frame of it is damaged.
    """
    entries = list(episode.entries)
    ordered = [entries[index] for index in canonical_order(Survey(entries))]
    return Episode(ordered, number=episode.number, first_line=episode.first_line)


def canonical_order(survey: Survey) -> Iterator[int]:
    """The indices of an episode's entries in canonical order."""
    return chain.from_iterable(canonical_stretches(survey))


def canonical_stretches(survey: Survey) -> Iterator[range]:
    """The same, plain entries that follow one another together; of the others each by itself."""
    return _Order(survey).stretches()


class _Order:
    """One episode being ordered.  CLI entries are places; a host entry gets the place before which it stands."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.facts = survey.known
        self.cli = survey.cli
        self.host = survey.host
        host = set(self.host)
        self.requests = [index for index in self.facts if self._is_request(index) and index not in host]
        requests = {self.facts[index].request_id: index for index in self.requests}
        self.request_of = {
            i: requests[self.facts[i].request_id]
            for i in self.host
            if self.facts[i].name == "answer" and requests.get(self.facts[i].request_id, i) < i
        }
        self.answered = set(self.request_of.values())
        self.dependence = Dependence(survey)
        self.opening: list[int] = []  # the first MCP requests, and …
        self.handshake: set[int] = set()  # … the rest of their handshakes: those that were moved
        self.unmoved = self.cli
        self._move_handshakes()
        self.place = array("I", [0]) * len(survey.entries)
        for place, index in enumerate(self.cli):
            self.place[index] = place

    def stretches(self) -> Iterator[range]:
        before: dict[int, list[int]] = {}
        for index, place in self._places().items():
            before.setdefault(place, []).append(index)
        segment = self._segments()
        yield range(1)
        at = 0
        for place in sorted(before):
            yield from self._in_a_row(at, place)
            for index in sorted(before[place], key=lambda index: (segment[index], *self._rank(index))):
                yield range(index, index + 1)
            at = place
        yield from self._in_a_row(at, len(self.cli))

    def _in_a_row(self, place: int, end: int) -> Iterator[range]:
        """What the CLI did from `place` up to `end`."""
        cli = self.cli
        while place < end:
            index = cli[place]
            count = max(1, min(self.survey.plain_from(index), end - place))
            # Plain entries keep their order: if the last is where it must be, nothing was moved in between.
            if cli[place + count - 1] != index + count - 1:
                count = 1
            yield range(index, index + count)
            place += count

    def _is_request(self, index: int) -> bool:
        return self.facts[index].name.startswith(("request/", "mcp/"))

    def _rank(self, index: int) -> tuple[int, int, int]:
        """Of what stands before the same entry: answers in the order of their requests, then what the host began."""
        if index in self.request_of:
            return (0, self.place[self.request_of[index]], index)
        return (2 if self.facts[index].name in _BARRIERS else 1, index, index)

    def _segments(self) -> dict[int, int]:
        """How many signals and ends of input came before each host entry: those it may not cross."""
        passed, segments = 0, {}
        for index in self.host:
            segments[index] = passed
            passed += self.facts[index].name in _BARRIERS
        return segments

    # ------------------------------------------------------------ handshakes

    def _move_handshakes(self) -> None:
        """Sort the MCP handshakes of the start by server."""
        start, opening, later = self._handshakes()
        if start is None:
            return
        names = sorted(opening)
        self.opening = [opening[name] for name in names]
        rest = [index for name in names for index in later.get(name, ())]
        self.handshake = set(rest)
        moved = {*self.opening, *rest}
        kept = self.unmoved = array("I", (index for index in self.cli if index not in moved))
        opens = bisect_right(kept, min(self.opening))
        behind = bisect_right(kept, start)
        first, second = array("I", self.opening), array("I", rest)
        self.cli = kept[:opens] + first + kept[opens:behind] + second + kept[behind:]

    def _handshakes(self) -> tuple[int | None, dict[str, int], dict[str, list[int]]]:
        """The answer to `initialize`; each server's first MCP request before it; its further ones until a turn begins.

        A server that has tried more than once, or has not been answered, stays as it was received.
        """
        initialize = {self.facts[i].request_id for i in self.host if self.facts[i].name == "request/initialize"}
        start: int | None = None
        opening: dict[str, list[int]] = {}
        later: dict[str, list[int]] = {}
        for index in self.cli:
            facts = self.survey.named(index)
            if facts.name in ("system/init", "exit"):
                break
            if start is None and facts.name == "answer" and facts.request_id in initialize:
                start = index
            elif facts.name in HANDSHAKE:
                (opening if start is None else later).setdefault(facts.server, []).append(index)
        regular = {
            name: found[0]
            for name, found in opening.items()
            if len(found) == 1
            and self.answered.issuperset([*found, *later.get(name, ())])
            and all(self.facts[index].name != "mcp/initialize" for index in later.get(name, ()))
        }
        return (start if regular else None), regular, later

    # ------------------------------------------------------------ places of host entries

    def _places(self) -> dict[int, int]:
        places: dict[int, int] = {}
        ceiling = barrier = len(self.cli)  # the place of the next entry that the host began; of the next barrier
        for index in reversed(self.host):
            is_answer = index in self.request_of
            place = min(self._first_dependent(index), barrier if is_answer else ceiling)
            if not is_answer:
                ceiling = place
            if self.facts[index].name in _BARRIERS:
                barrier = place
            places[index] = place
        return places

    def _first_dependent(self, index: int) -> int:
        """The place that `index` may move to: past all that is known not to depend on it."""
        facts = self.facts[index]
        request = self.request_of.get(index)
        place = self._recorded_place(index)
        end = len(self.cli)
        if facts.name == "eof":
            end = self._needs_input(index, place)
        about = None if request is None else self.facts[request]
        what = self.survey.facts if facts.name == "answer" else self.survey.named
        while place < end and self.dependence.passes(facts, about, what(self.cli[place])):
            place += 1
        return place

    def _recorded_place(self, index: int) -> int:
        """Where it was recorded, as far as what was received around it has not been moved."""
        request = self.request_of.get(index)
        if request in self.handshake:
            return self.place[request] + 1
        behind = [self.place[i] + 1 for i in (*self.opening, request) if i is not None and i < index]
        following = bisect_right(self.unmoved, index)
        own = (
            [] if request is None else [i for i in self.handshake if self.facts[i].server == self.facts[request].server]
        )
        ahead = [self.place[i] for i in (*self.opening, *own, *self.unmoved[following : following + 1]) if i > index]
        return max(min(ahead, default=len(self.cli)), *behind, 0)

    def _needs_input(self, index: int, place: int) -> int:
        """Where the end of input must stand at the latest: before what waits for an answer that never came.

        Only with a stream of input: a run that takes its prompt from the whole of it begins with its end.
        """
        argv: list[str] = self.survey.entries[0].value["argv"]
        if ("--input-format", "stream-json") not in pairwise(argv) and "--input-format=stream-json" not in argv:
            return place
        cancelled = {facts.request_id for facts in self.facts.values() if facts.name == "cancel"}
        waiting = [i for i in self.requests if i not in self.answered and self.facts[i].request_id not in cancelled]
        if any(i < index for i in waiting):
            return place
        return min((self.place[i] for i in waiting), default=len(self.cli))
