"""Which episodes of a cassette are used up.

Above: `choice.py`.  Below: nothing.  A table of who has which, so that a run that could as well be another episode
gives way to one that cannot; several fake processes have that table in files (`shared_claims.py`).  On the fake path.
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Protocol, TypeVar

    _Holder = TypeVar("_Holder")

    class Run(Protocol):
        """Who claims an episode."""

        def could_be(self) -> Sequence[int]:
            """The episodes that this run could be, as far as is known; none when it is over."""

        def becomes(self, number: int) -> None:
            """The run is this episode from now on: one of those that it could be."""

    class Claims(Protocol):
        """Episodes by their number.  A run has one at a time; each step is atomic."""

        def claim(self, wanted: Sequence[int], run: Run) -> int | None:
            """Take one of the episodes for a run, which loses the one that it had: the first that is free, else the
            first whose run can be another one, and then is.  `None` when there is none, and nothing has changed."""

        def release(self, run: Run) -> None:
            """Give back what the run has."""

        def heed(self, run: Run) -> None:
            """What the run could be may have changed.  Tells it, by `becomes`, what others made of it meanwhile."""

        def claimed(self) -> set[int]:
            """All that are taken now."""

        def movable(self) -> set[int]:
            """Those of them whose run may still be another."""


class MemoryClaims:
    """Claims of one process, shared by its players."""

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}

    def claim(self, wanted: Sequence[int], run: Run) -> int | None:
        free = next((number for number in wanted if number not in self._runs), None)
        others = {number: holder for number, holder in self._runs.items() if holder is not run}
        way = [free] if free is not None else way_to(wanted, others, lambda holder: holder.could_be())
        if not way:
            return None
        moved = [(other, self._runs[number]) for number, other in pairwise(way)]
        self._runs = {**others, **dict(moved), way[0]: run}
        for number, holder in moved:
            holder.becomes(number)
        return way[0]

    def release(self, run: Run) -> None:
        self._runs = {number: holder for number, holder in self._runs.items() if holder is not run}

    def heed(self, run: Run) -> None:
        """Nothing to tell: whoever makes a run another one says so at once."""

    def claimed(self) -> set[int]:
        return set(self._runs)

    def movable(self) -> set[int]:
        return {number for number, run in self._runs.items() if run.could_be()}


def way_to(
    wanted: Iterable[int], holders: Mapping[int, _Holder], could_be: Callable[[_Holder], Iterable[int]]
) -> list[int]:
    """Episodes of which the first is wanted and the last free, and the holder of each could be the next one.

    Empty when there is no such way.  Each episode is looked at once (with dozens of runs alike there are more ways than
    can be tried), and none by recursion.
    """
    seen: set[int] = set()
    for first in wanted:
        if first not in holders:
            return [first]
        seen.add(first)
        before: dict[int, int] = {}
        queue = [first]
        for number in queue:
            for other in could_be(holders[number]):
                if other in seen:
                    continue
                seen.add(other)
                before[other] = number
                if other not in holders:
                    way = [other]
                    while way[-1] != first:
                        way.append(before[way[-1]])
                    return way[::-1]
                queue.append(other)
    return []
