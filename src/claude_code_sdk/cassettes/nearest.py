"""How near the nearest episode is, and where else the cassette has what the program did.

Above: `verdicts.py`.  Below: `choice.py`, `lanes.py`.  Loaded only when there is something to say.  On the fake path.
"""

from __future__ import annotations

from .mismatch import place
from .plan import Plan, lane_of_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .cassette import Entry, Episode
    from .choice import Choice
    from .lanes import Divergence, Lanes


def how_near(choice: Choice, lanes: Lanes, divergence: Divergence, frame: Mapping[str, Any] | None) -> list[str]:
    """Lines about the other episodes of the cassette; none when it has only one."""
    total = len(choice.episodes)
    if total == 1:
        return []
    lines = [_rank(choice, lanes, divergence)]
    if frame is not None:
        elsewhere = _elsewhere(choice, lanes, frame)
        if elsewhere:
            lines.append(elsewhere)
    return lines


def _rank(choice: Choice, lanes: Lanes, divergence: Divergence) -> str:
    number, fitting = lanes.plan.episode.number, len(choice.candidates)
    total = len(choice.episodes)
    if fitting == 1:
        return f"of {total} episodes only episode {number} fitted so far"
    if divergence.index is None:
        return f"{fitting} of {total} episodes fitted so far, none goes on like this; shown is episode {number}"
    return f"{fitting} of {total} episodes fitted so far; episode {number} differs least"


def _elsewhere(choice: Choice, lanes: Lanes, frame: Mapping[str, Any]) -> str:
    """Another episode that has the very frame, and why it is not the one."""
    lane = lane_of_frame(frame)
    if lane is None:
        return ""
    fitting = {candidate.plan.episode.number for candidate in choice.candidates}
    taken = choice.claimed_numbers()
    for episode in choice.episodes:
        if episode is lanes.plan.episode:
            continue
        entry = _entry_of(choice, episode, lanes, frame)
        if entry is None:
            continue
        if episode.number in taken:
            why = "which is used up"
        elif episode.number in fitting:
            why = "where something else comes first"
        else:
            why = "which did not fit before"
        return f"episode {episode.number} has this frame ({place(entry.path, entry.number)}), {why}"
    return ""


def _entry_of(choice: Choice, episode: Episode, lanes: Lanes, frame: Mapping[str, Any]) -> Entry | None:
    lane = lane_of_frame(frame)
    if lane is None:
        return None
    plan = Plan(episode)
    for index in plan.lanes.get(lane, ()):
        entry = plan.entries[index]
        if entry.kind == "frame" and lanes.means_the_same(entry, frame):
            return entry
    return None
