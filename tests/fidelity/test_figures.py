"""The figures of a set, its bars, and the figures of the last time."""

from __future__ import annotations

from typing import Any

import pytest

from . import figures
from .case import Outcome


def outcome(scenario: str = "one", leg: str = "subprocess", **values: Any) -> Outcome:
    fields: dict[str, Any] = {"skeleton": 1.0, "deep": 1.0, "observed": 1.0, "error": "", "lines": [], **values}
    return Outcome(scenario, leg, **fields)


def test_the_means_are_over_all_scenarios() -> None:
    got = figures.of_set([outcome("one"), outcome("two", skeleton=0.9, deep=0.8, observed=0.5)])
    assert got == {
        "subprocess": {
            "scenarios": 2,
            "run": 2,
            "skeleton": 0.95,
            "skeleton_min": 0.9,
            "deep": 0.9,
            "observed": 0.75,
            "observed_equal": 1,
        }
    }


def test_a_scenario_that_does_not_run_counts_as_nothing() -> None:
    missing = outcome("two", skeleton=None, deep=None, observed=None, error="TypeError: no")
    got = figures.of_set([outcome("one"), missing])["subprocess"]
    assert (got["run"], got["skeleton"], got["skeleton_min"], got["observed"]) == (1, 0.5, 0.0, 0.5)


def test_a_leg_of_the_official_sdk_is_judged_by_what_is_observed_only() -> None:
    got = figures.of_set([outcome(leg="official", skeleton=None, deep=None, observed=0.5)])
    assert "skeleton" not in got["official"]
    assert figures.missed("shared", got, scenarios=1) == []


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"skeleton": 0.97}, "shared, subprocess: skeleton is 0.97, less than 0.98"),
        ({"skeleton": 0.84}, "shared, subprocess: skeleton_min is 0.84, less than 0.85"),
        ({"deep": 0.91}, "shared, subprocess: deep is 0.91, less than 0.92"),
        ({"error": "TypeError: no"}, "shared, subprocess: run is 0, less than 1"),
    ],
)
def test_each_bar_is_told_when_it_is_missed(values: dict[str, Any], fault: str) -> None:
    assert fault in figures.missed("shared", figures.of_set([outcome(**values)]), scenarios=1)


def test_a_set_on_its_bars_misses_none() -> None:
    got = figures.of_set([outcome(skeleton=0.98, deep=0.92)])
    assert figures.missed("shared", got, scenarios=1) == []


def test_a_figure_below_the_stored_one_is_told() -> None:
    before, now = (figures.of_set([outcome(deep=deep)]) for deep in (0.99, 0.95))
    assert figures.fallen("shared", now, before) == ["shared, subprocess: deep fell from 0.99 to 0.95"]
    assert figures.fallen("shared", before, now) == []


def test_what_chance_decides_is_no_fall() -> None:
    before, now = (figures.of_set([outcome(deep=deep)]) for deep in (0.99, 0.989))
    assert figures.fallen("shared", now, before) == []


def test_a_scenario_that_is_not_tried_for_a_reason_is_in_no_mean() -> None:
    scripted = outcome("perm_allow", skeleton=1.0)
    got = figures.of_leg([scripted, Outcome("long_text_default_limit", "subprocess", None, None, None, "a reason", [])])
    assert (got["scenarios"], got["run"], got["skeleton"], got["skeleton_min"]) == (2, 1, 1.0, 1.0)
