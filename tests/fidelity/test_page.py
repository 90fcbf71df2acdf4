"""docs/reference/fidelity.md: what is written is what a later run reads."""

from __future__ import annotations

from pathlib import Path

from . import figures, page
from .again import Again
from .test_figures import outcome

ITSELF = Again(12, 0.9944, 0.9944, 1.0)


def test_the_figures_are_read_back(tmp_path: Path) -> None:
    sets = {"shared": [outcome("one"), outcome("two", deep=0.5)], "held_out": [outcome("three")]}
    page.write(sets, ITSELF, "2.1.330", tmp_path / "page.md")
    assert page.stored(tmp_path / "page.md") == {name: figures.of_set(found) for name, found in sets.items()}


def test_a_page_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert page.stored(tmp_path / "page.md") == {}


def test_the_order_of_the_outcomes_does_not_matter(tmp_path: Path) -> None:
    found = [outcome("two", leg="in_process"), outcome("one"), outcome("one", leg="in_process"), outcome("two")]
    page.write({"shared": found}, ITSELF, "2.1.330", tmp_path / "one.md")
    page.write({"shared": found[::-1]}, ITSELF, "2.1.330", tmp_path / "other.md")
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "other.md").read_bytes()


def test_each_scenario_has_a_row_with_the_figures_of_each_leg() -> None:
    found = [outcome("one", deep=0.91234), outcome("one", leg="official", skeleton=None, deep=None, observed=0.5)]
    assert page.table(found).splitlines()[1:] == [
        "| scenario | skeleton, subprocess | deep, subprocess | observed, subprocess | observed, official |",
        "|---|---|---|---|---|",
        "| `one` | 1 | 0.912 | 1 | 0.500 |",
    ]


def test_a_scenario_that_does_not_run_is_listed_with_its_reason() -> None:
    found = [outcome("one"), outcome("two", observed=None, error="TypeError: no such option\nmore")]
    assert "- `two`, subprocess: TypeError: no such option\n" in page.not_run(found)
    assert "`one`" not in page.not_run(found)


def test_a_set_that_nobody_had_looked_at_has_its_first_measure_and_that_of_now(tmp_path: Path) -> None:
    first = {"commit": "abc", "scenarios": 2, "skeleton": 0.9, "skeleton_min": 0.8, "deep": 0.7, "observed": 0.6}
    now = [outcome("one", leg="in_process"), outcome("two", leg="in_process", deep=0.5)]
    unseen = {"unseen": (first | {"observed_equal": 1}, now)}
    page.write({"shared": [outcome("one")]}, ITSELF, "2.1.330", tmp_path / "page.md", unseen)
    assert (tmp_path / "page.md").read_text().splitlines()[-2:] == [
        "| `unseen` | 2 | first, at abc | 0.9000 | 0.8000 | 0.7000 | 0.6000 | 1 |",
        "| `unseen` | 2 | now | 1.0000 | 1.0000 | 0.7500 | 1.0000 | 2 |",
    ]
