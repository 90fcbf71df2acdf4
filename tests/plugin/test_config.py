"""Precedence, as a table: environment, command line, marker, ini, default."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_claude_code.config import ENGINE, LIVE, RECORD, SETTINGS, UNUSED, Setting, choose, is_explicit
from pytest_claude_code.far_end import FAR_ENDS

ALL = {"environment": "none", "option": "once", "marker": "new_episodes", "ini": "all"}


@pytest.mark.parametrize(
    ("given", "value", "given_as"),
    [
        (["environment", "option", "marker", "ini"], "none", "CCSDK_RECORD_MODE"),
        (["option", "marker", "ini"], "once", "--claude-record"),
        (["marker", "ini"], "new_episodes", "marker"),
        (["ini"], "all", "claude_record"),
        ([], "none", "default"),
        (["environment", "ini"], "none", "CCSDK_RECORD_MODE"),
        (["environment", "marker"], "none", "CCSDK_RECORD_MODE"),
        (["option", "ini"], "once", "--claude-record"),
    ],
)
def test_the_first_that_says_something_counts(given: list[str], value: str, given_as: str) -> None:
    words = {name: ALL[name] for name in given}
    env = {"CCSDK_RECORD_MODE": words.pop("environment")} if "environment" in words else {}
    chosen = choose(RECORD, env=env, **words)
    assert (chosen.value, chosen.given_as) == (value, given_as)
    assert is_explicit(chosen, RECORD) is (given_as in ("CCSDK_RECORD_MODE", "--claude-record"))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.option)
def test_an_empty_word_is_none(setting: Setting) -> None:
    chosen = choose(setting, env={setting.variable: ""}, option="", marker="", ini="")
    assert (chosen.value, chosen.given_as) == (setting.words[0], "default")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.option)
def test_another_word_is_an_error_that_names_who_gave_it(setting: Setting) -> None:
    words = ", ".join(setting.words)
    with pytest.raises(ValueError, match=f"^{setting.variable}='x': it is one of {words}$"):
        choose(setting, env={setting.variable: "x"}, option=setting.words[0])
    with pytest.raises(ValueError, match=f"^{setting.option}='x': it is one of {words}$"):
        choose(setting, env={}, option="x")


def test_the_names_of_settings() -> None:
    assert {setting.variable: (setting.option, setting.dest, setting.ini) for setting in SETTINGS} == {
        "CCSDK_ENGINE": ("--claude-engine", "claude_engine", "claude_engine"),
        "CCSDK_RECORD_MODE": ("--claude-record", "claude_record", "claude_record"),
        "CCSDK_UNUSED_CASSETTES": (
            "--claude-unused-cassettes",
            "claude_unused_cassettes",
            "claude_unused_cassettes",
        ),
        "CCSDK_LIVE": ("--claude-allow-live", "claude_allow_live", ""),
    }


def test_the_reference_has_every_name(pytester: pytest.Pytester) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "pytest-plugin.md").read_text()
    for setting in SETTINGS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{setting.option}` | "))
        assert f"`{setting.variable}`" in row
        assert f"`{setting.ini}`" in row or not setting.ini
        assert ", ".join(f"`{word}`" for word in setting.words) in row
    listed = pytester.runpytest_inprocess("--fixtures", "-p", "no:hypothesispytest").outlines
    fixtures = [line.split()[0] for line in listed if "pytest_claude_code/plugin.py" in line]
    assert fixtures
    assert [name for name in fixtures if f"| `{name}` | " not in page] == []


def test_what_is_usual_costs_nothing_and_keeps_everything() -> None:
    assert [setting.words[0] for setting in (ENGINE, RECORD, UNUSED, LIVE)] == [
        "in-process",
        "none",
        "report",
        "refuse",
    ]


def test_each_engine_has_a_far_end() -> None:
    assert tuple(FAR_ENDS) == ENGINE.words
