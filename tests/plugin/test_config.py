"""Precedence, as a table: environment, command line, marker, ini, default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.record_mode import VARIABLE as RECORD_MODE
from claude_code_sdk.cassettes.startup.surroundings import VARIABLES
from claude_code_sdk.transports.live_guard import VARIABLE as LIVE_RUNS
from pytest_claude_code.config import (
    ENGINE,
    LIVE,
    RECORD,
    SET_BY_THE_RECORDER,
    SETTINGS,
    UNUSED,
    Setting,
    choose,
    is_explicit,
    refuse_unknown,
)
from pytest_claude_code.far_end import FAR_ENDS
from tests.plugin.conftest import Project

ROOT = Path(__file__).parents[2]

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
    page = (ROOT / "docs" / "reference" / "pytest-plugin.md").read_text()
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


# Variables that only look like ours

SETTABLE = "  those that can be set: CCSDK_ENGINE, CCSDK_RECORD_MODE, CCSDK_UNUSED_CASSETTES, CCSDK_LIVE"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CCSDK_RECORD", "CCSDK_RECORD_MODE"),
        ("CCSDK_RECORD_MODES", "CCSDK_RECORD_MODE"),
        ("CCSDK_UNUSED", "CCSDK_UNUSED_CASSETTES"),
        ("CCSDK_ALLOW_LIVE", "CCSDK_LIVE"),
        ("CCSDK_ENGIN", "CCSDK_ENGINE"),
    ],
)
def test_a_mistyped_variable_is_an_error_that_names_the_one_that_is_meant(name: str, meant: str) -> None:
    with pytest.raises(ValueError) as refused:
        refuse_unknown({name: "all", "PATH": "/bin"})
    assert str(refused.value) == f"{name}: there is no such variable; did you mean {meant}?\n{SETTABLE}"


def test_each_unknown_variable_is_named_and_a_guess_made_only_where_one_is_near() -> None:
    with pytest.raises(ValueError) as refused:
        refuse_unknown({"CCSDK_XYZ": "1", "CCSDK_LIFE": "allow", "CCSDK_LIVE": "allow"})
    assert str(refused.value).splitlines() == [
        "CCSDK_LIFE: there is no such variable; did you mean CCSDK_LIVE?",
        "CCSDK_XYZ: there is no such variable",
        SETTABLE,
    ]


@pytest.mark.parametrize("name", [*(setting.variable for setting in SETTINGS), *SET_BY_THE_RECORDER])
def test_a_variable_of_ours_is_known(name: str) -> None:
    refuse_unknown({name: "x"})


def test_a_variable_without_a_value_and_those_of_others_say_nothing() -> None:
    refuse_unknown({"CCSDK_RECORD": "", "CCSDKRECORD": "all", "MY_CCSDK_RECORD": "all"})


def test_every_name_in_the_sources_is_known_and_documented() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "pytest_plugin").rglob("*.py")]
    used = {name for file in files for name in re.findall(r"CCSDK_[A-Z_]*[A-Z]", file.read_text())}
    assert used == {*(setting.variable for setting in SETTINGS), *SET_BY_THE_RECORDER}
    assert used >= {RECORD_MODE, LIVE_RUNS}
    assert sorted(VARIABLES) == sorted(SET_BY_THE_RECORDER)
    page = (ROOT / "docs" / "reference" / "environment.md").read_text()
    assert [name for name in used if f"`{name}`" not in page] == []


def test_pytest_does_not_begin_with_a_mistyped_variable(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSDK_RECORD", "all")
    project.scripted("def test_it(): pass")
    outcome = project.run()
    assert outcome.code == pytest.ExitCode.USAGE_ERROR
    assert [line for line in outcome.errors if line] == [
        "ERROR: CCSDK_RECORD: there is no such variable; did you mean CCSDK_RECORD_MODE?",
        SETTABLE,
    ]
