"""The figures of a whole set of scenarios, and what they must reach.

Above: `__main__.py`, `page.py`.  Below: nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .legs import LEGS
from .not_run import reason

if TYPE_CHECKING:
    from .case import Outcome

SKELETON_MEAN = 0.98
SKELETON_MIN = 0.85
DEEP_MEAN = 0.92
"""What the CLI's frames must reach on each leg whose wire is compared."""

SCENARIOS = 138
"""How many scenarios of the shared folder must run."""

SLACK = 0.005
"""How far a figure may lie below the stored one: where an interrupt cuts a text is decided by the clock, on the real
CLI too."""


def of_set(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """The figures by leg.  A scenario that fails to run counts as 0, as in `measure.py`; one that is not tried, for a
    reason of `not_run.py`, counts as not run and in no mean."""
    by_leg: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_leg.setdefault(outcome.leg, []).append(outcome)
    return {leg: of_leg(by_leg[leg]) for leg in LEGS if leg in by_leg}


def of_leg(outcomes: list[Outcome]) -> dict[str, Any]:
    """The figures of one leg, rounded to what is stored."""
    figures: dict[str, Any] = {
        "scenarios": len(outcomes),
        "run": sum(runs(one) for one in outcomes),
    }
    tried = [one for one in outcomes if not reason(one.scenario, one.leg) or runs(one)]
    if LEGS[outcomes[0].leg].wire:
        skeletons = [one.skeleton or 0.0 for one in tried] or [0.0]
        figures["skeleton"] = round(statistics.mean(skeletons), 4)
        figures["skeleton_min"] = round(min(skeletons), 4)
        figures["deep"] = round(statistics.mean([one.deep or 0.0 for one in tried] or [0.0]), 4)
    figures["observed"] = round(statistics.mean([one.observed or 0.0 for one in tried] or [0.0]), 4)
    figures["observed_equal"] = sum(one.observed == 1.0 for one in outcomes)
    return figures


def runs(outcome: Outcome) -> bool:
    """Whether the program could be run at all; how well is what the figures say."""
    return outcome.observed is not None and not outcome.error


def missed(name: str, figures: dict[str, dict[str, Any]], *, scenarios: int) -> list[str]:
    """The bars that a set misses, one line each.  At least `scenarios` must run."""
    lines = []
    for leg, got in figures.items():
        if not LEGS[leg].wire:
            continue
        bars = {"run": scenarios, "skeleton": SKELETON_MEAN, "skeleton_min": SKELETON_MIN, "deep": DEEP_MEAN}
        lines += [f"{name}, {leg}: {key} is {got[key]}, less than {bar}" for key, bar in bars.items() if got[key] < bar]
    return lines


def fallen(name: str, figures: dict[str, dict[str, Any]], stored: dict[str, dict[str, Any]]) -> list[str]:
    """The figures that are lower than the stored ones, one line each."""
    lines = []
    for leg, before in stored.items():
        for key in ("run", "skeleton", "deep", "observed"):
            now = figures.get(leg, {}).get(key)
            if key in before and now is not None and now < before[key] - SLACK:
                lines.append(f"{name}, {leg}: {key} fell from {before[key]} to {now}")
    return lines
