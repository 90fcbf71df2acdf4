"""The verdicts of a player, put into words.

Above: `player.py`, `transport.py`.  Below: `mismatch.py` (layout), `describe.py`, `nearest.py`.  Loaded only when there
is something to say.  What the live program wrote is shown with its secrets replaced, before anything is cut.  On the
fake path.
"""

from __future__ import annotations

from .describe import describe_host_entry, describe_host_frame, list_names, name_of
from .difference import MISSING
from .mismatch import mismatch, place, unplayed
from .nearest import how_near
from .secrets import hide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from typing import Any

    from .cassette import Entry, Episode
    from .choice import Choice, Rejected
    from .difference import Difference
    from .lanes import Divergence, Lanes
    from .mismatch import CassetteMismatch, UnplayedEpisode
    from .plan import Plan
    from .player import Player
    from .terms import Terms


def no_episode(episodes: Sequence[Episode], rejected: Rejected, terms: Terms) -> CassetteMismatch:
    """No unused episode has this command line."""
    total = _count(len(episodes), "episode")
    if rejected.episode is None:
        if not episodes:
            return mismatch(
                "the cassette has no episodes, and the program starts the CLI",
                notes=[str(terms)],
                accept=terms.accept,
            )
        entry = episodes[-1].entries[0]
        used = "it is" if rejected.used == 1 else f"all {rejected.used} are"
        return mismatch(
            "the program starts the CLI once more than was recorded",
            where=_where(entry),
            doing=describe_host_entry(entry),
            notes=[f"of {total}, {_count(rejected.used, 'has', 'have')} this command line; {used} used up", str(terms)],
            accept=terms.accept,
        )
    entry = rejected.episode.entries[0]
    total = f"the cassette has {total}"
    if len(episodes) > 1:
        total += f"; the command line of this one differs least, in {_count(len(rejected.differing), 'place')}"
    return mismatch(
        f"no episode has this command line; episode {rejected.episode.number} is the nearest",
        where=_where(entry),
        doing=describe_host_entry(entry),
        differing=_hidden(rejected.differing, terms),
        notes=[total, str(terms)],
        accept=terms.accept,
    )


def not_recorded(
    choice: Choice, rejected: Rejected, live: Mapping[str, Any] | str | None, terms: Terms
) -> CassetteMismatch:
    """The host wrote `live` (a frame, the text of another line, or `None` for its end), which fits no candidate."""
    lanes, divergence = rejected.lanes, rejected.divergence
    if lanes is None or divergence is None:
        return mismatch(
            "another run has taken the last episode that fits this one", notes=[str(terms)], accept=terms.accept
        )
    plan = lanes.plan
    number = plan.episode.number
    live = _hidden_value(live, terms)
    frame = live if isinstance(live, dict) else None
    cursor = min(choice.cursor, plan.size)
    further = [*how_near(choice, lanes, divergence, frame), str(terms)]
    if divergence.index is None:
        last = plan.entry(cursor - 1)
        return mismatch(
            f"episode {number} has no such frame: {describe_host_frame(frame, _asked(choice, plan, frame))}",
            where=_where(last),
            doing="was played last",
            differing=_unexpected(frame, live, divergence),
            notes=[
                *([divergence.reason] if divergence.reason else []),
                *_progress(lanes, cursor, lanes.reach()),
                *further,
            ],
            accept=terms.accept,
        )
    entry = plan.entry(divergence.index)
    return mismatch(
        f"frame {divergence.index + 1} of episode {number} is not what was recorded",
        where=_where(entry),
        doing=describe_host_entry(entry, plan.asked(divergence.index)),
        differing=_hidden(divergence.differing, terms),
        reason=hide(divergence.reason, rules=terms.rules, environment=terms.env),
        notes=[*_progress(lanes, cursor, divergence.index), *further],
        accept=terms.accept,
    )


def waited_in_vain(choice: Choice, patience: float, terms: Terms) -> CassetteMismatch:
    """The host did not do what the recording needs to go on."""
    lanes = choice.lead
    plan = lanes.plan
    number = plan.episode.number
    headline = f"the program did not go on: waited {patience:g} s in episode {number}"
    if choice.cursor >= plan.size:
        return mismatch(
            headline,
            where=_where(plan.entry(plan.size - 1)),
            doing="is the last entry; the host does not close its input",
            notes=[*_progress(lanes, choice.cursor, plan.size), str(terms)],
            accept=terms.accept,
        )
    entry = plan.entry(choice.cursor)
    return mismatch(
        headline,
        where=_where(entry),
        doing=f"{describe_host_entry(entry, plan.asked(choice.cursor))}: this did not come",
        notes=[*_progress(lanes, choice.cursor, choice.cursor), str(terms)],
        accept=terms.accept,
    )


def cut_short(plan: Plan, terms: Terms) -> CassetteMismatch:
    """The host has done its part, and the recording ends before the CLI exits."""
    last = plan.entry(plan.size - 1)
    return mismatch(
        f"episode {plan.episode.number} ends before its CLI exits: the file was cut, or its recording was",
        where=_where(last),
        doing=f"{_doing(last)}: the last entry",
        notes=[f'if nothing is missing, end it with:  {{"at":{last.at},"from":"cli","exit":0}}'],
        accept=terms.accept,
    )


def too_deep(terms: Terms) -> CassetteMismatch:
    """A frame, of the program or of the recording, has more levels than Python's stack."""
    return mismatch(
        "what the program does cannot be compared with the recording: it is nested hundreds of levels deep",
        notes=[str(terms)],
        accept=terms.accept,
    )


def _hidden(differing: Sequence[Difference], terms: Terms) -> list[Difference]:
    """Differences whose live values show no secret."""
    return [(path, recorded, _hidden_value(live, terms)) for path, recorded, live in differing]


def _hidden_value(value: Any, terms: Terms) -> Any:
    if isinstance(value, str):
        return hide(value, rules=terms.rules, environment=terms.env)
    if isinstance(value, dict):
        return {
            hide(key, rules=terms.rules, environment=terms.env): _hidden_value(inner, terms)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_hidden_value(inner, terms) for inner in value]
    return value


def _progress(lanes: Lanes, cursor: int, index: int) -> list[str]:
    """How far the episode was played, and what of the CLI waits behind the entry `index`."""
    plan = lanes.plan
    played = sum(position in lanes.matched for position in plan.host)
    played += 1 + sum(1 for _ in plan.between(1, cursor))
    line = f"played {played} of {plan.size} entries"
    behind = next((position for position in plan.host if position > index and not lanes.is_open(position)), plan.size)
    waiting = list_names(plan.between(max(index, cursor), behind))
    return [f"{line}; waiting behind this one: {waiting}" if waiting else line]


def _unexpected(frame: Mapping[str, Any] | None, live: object, divergence: Divergence) -> list[tuple[str, Any, Any]]:
    if frame is None:
        return [("line", MISSING, live)]
    if divergence.reason:
        response = frame.get("response")
        return [("response", MISSING, response)]
    if frame.get("type") == "control_request":
        return [("request", MISSING, frame.get("request"))]
    return [("message", MISSING, frame.get("message"))] if "message" in frame else [("", MISSING, frame)]


def _asked(choice: Choice, plan: Plan, frame: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    ordinal = choice.ordinal_of(frame) if frame is not None else None
    return plan.exchanges[ordinal].body if ordinal is not None and ordinal < len(plan.exchanges) else None


def _where(entry: Entry) -> str:
    return place(entry.path, entry.number)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def not_played(episodes: Sequence[Episode], players: Sequence[Player], accept: str) -> UnplayedEpisode | None:
    """What of the cassette was not played by `players`, which have all ended; `None` when all was."""
    played = [(player.episode, player.unplayed) for player in players]
    parts = [_left_over(episode, left) for episode, left in played if episode is not None and left]
    numbers = {episode.number for episode, _ in played if episode is not None}
    parts += [_untouched(episode) for episode in episodes if episode.number not in numbers]
    return unplayed(parts, accept) if parts else None


def not_begun(episodes: Sequence[Episode], used: Container[int], accept: str) -> UnplayedEpisode | None:
    """The episodes that no run has used, by their numbers; `None` when there are none."""
    parts = [_untouched(episode) for episode in episodes if episode.number not in used]
    return unplayed(parts, accept) if parts else None


def _untouched(episode: Episode) -> list[str]:
    entry = episode.entries[0]
    return [
        f"episode {episode.number} was not played",
        f"{_where(entry)}   {describe_host_entry(entry)}",
        f"{_count(len(episode.entries), 'entry', 'entries')}: {list_names(_frames(episode.entries))}",
    ]


def not_finished(player: Player, accept: str) -> UnplayedEpisode:
    """What of its episode a player that has ended left over."""
    episode = player.episode
    return unplayed([_left_over(episode, player.unplayed)] if episode is not None else [], accept)


def _left_over(episode: Episode, left: Sequence[Entry]) -> list[str]:
    total = len(episode.entries)
    return [
        f"episode {episode.number} was not played to its end",
        f"{_where(left[0])}   {_doing(left[0])}: the first of what is left",
        f"played {total - len(left)} of {total} entries; left: {list_names(left)}",
    ]


def _doing(entry: Entry) -> str:
    return describe_host_entry(entry) if entry.source == "host" else f"CLI sends {name_of(entry)}"


def _frames(entries: Sequence[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.kind == "frame")
