"""Misspelt words in what must not have happened: such an assertion would hold whatever the program does.

Above: `assertions.py`.  Below: `facts.py`, and the events of `hooks`.

An event that is not known may be one of a newer CLI, so only what looks like a known one is refused.  Decisions and
statuses are our own words.  What did happen in the run is never refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from ...hooks.matcher import HookEvent
from .facts import DECISIONS, Status

ALIKE = 0.8
"""From which similarity on, of 1, a word counts as a misspelt event."""

_EVENTS: tuple[str, ...] = get_args(HookEvent)
_CLOSED: Mapping[str, tuple[str, ...]] = {"decision": DECISIONS, "status": get_args(Status)}


def refuse_misspelt(named: Mapping[str, Any], facts: Iterable[Any]) -> None:
    """Raises `ValueError` for an event, a decision or a status that no fact can have.

    - `named`: what is expected of each field.
    - `facts`: those that there are.
    """
    for field, word in named.items():
        if not isinstance(word, str) or any(getattr(fact, field) == word for fact in facts):
            continue
        known = _CLOSED.get(field)
        if known is not None and word not in known:
            raise ValueError(f"there is no {field} {word!r}, so this would always hold; there are {', '.join(known)}")
        if field == "event" and (meant := _meant(word)):
            raise ValueError(
                f"there is no event {word!r}, so this would always hold; did you mean {meant!r}?  "
                "For an event of a newer CLI give a pattern: re.compile(…)"
            )


def _meant(event: str) -> str | None:
    if event in _EVENTS:
        return None
    by_small_letters = {known.lower(): known for known in _EVENTS}
    alike = get_close_matches(event.lower(), by_small_letters, n=1, cutoff=ALIKE)
    return by_small_letters[alike[0]] if alike else None
