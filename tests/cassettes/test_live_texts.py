"""Live texts beside recorded ones: paths in every spelling, and secrets, which are nowhere shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.secrets import Scrubber
from claude_code_sdk.protocol.command import Command

from .playing import ARGV, Frame, Host, answer, asks_for, cli, exits, host, player, prompt, request, result, spawn

# Put together here, so that no search for secrets finds one in this file.
KEY = "sk-ant-" + "api03-" + "Ab1" * 31 + "AA"
OTHER = "sk-ant-" + "api03-" + "Zz9" * 31 + "AA"


def scrubbed(frame: Frame) -> Frame:
    """As the recorder would have stored it."""
    scrubber = Scrubber()
    entries = [*scrubber.entry(Entry("host", "frame", frame)), *scrubber.finish()]
    stored: Frame = entries[0].value
    assert KEY not in str(stored)
    return stored


def test_a_prompt_with_a_secret_fits_its_recording() -> None:
    run = Host(player([spawn(), host(scrubbed(prompt(f"log in with {KEY} now"))), cli(result()), exits()]))
    assert run.send(prompt(f"log in with {KEY} now")) == [result()]


def test_a_secret_in_an_answer_and_in_a_request_fits_too() -> None:
    decision = answer("a", {"behavior": "allow", "updatedInput": {"command": f"curl -H {KEY}"}})
    asked = request("r", "set_model", model=f"with {KEY}")
    entries = [host(scrubbed(asked)), cli(asks_for("a")), host(scrubbed(decision)), cli(result()), exits()]
    run = Host(player([spawn(), *entries], answers="verify"))
    run.send(asked)
    assert run.send(decision) == [result()]


def test_a_secret_where_another_text_was_recorded_is_told_without_it() -> None:
    run = Host(player([spawn(), host(scrubbed(prompt(f"use {KEY} here"))), cli(result()), exits()]))
    with pytest.raises(CassetteMismatch) as caught:
        run.send(prompt(f"use {OTHER} there"))
    assert "message.content" in str(caught.value)
    for secret in (KEY, OTHER):
        assert not any(secret[start : start + 20] in str(caught.value) for start in range(0, len(secret) - 20, 10))


@pytest.mark.parametrize("padding", [0, 60, 90, 95, 200, 1000])
def test_no_part_of_a_secret_is_left_where_a_text_is_cut(padding: int) -> None:
    run = Host(player([spawn(), host(prompt("x" * padding)), cli(result()), exits()]))
    with pytest.raises(CassetteMismatch) as caught:
        run.send(prompt("x" * padding + f" {OTHER}\nand {OTHER}"))
    assert "Zz9Zz9" not in str(caught.value)


def test_a_secret_of_the_runs_environment_is_not_shown() -> None:
    value = "correct horse" + " battery staple"
    command = Command(ARGV, env={"HOME": "/home/me", "SERVICE_PASSWORD": value}, cwd="/project")
    run = Host(player([spawn(), host(prompt("hi")), cli(result()), exits()]), command=command)
    with pytest.raises(CassetteMismatch) as caught:
        run.send(prompt(f"it is {value}"))
    assert value not in str(caught.value)


def test_what_a_matcher_says_shows_no_secret() -> None:
    def telling(recorded: Frame, live: Frame) -> None:
        raise AssertionError(f"got {live['message']['content']}")

    run = Host(player([spawn(), host(prompt("hi")), cli(result()), exits()], match_on=[telling]))
    with pytest.raises(CassetteMismatch, match=r"matcher .*telling: got ") as caught:
        run.send(prompt(f"hi {OTHER}"))
    assert OTHER not in str(caught.value)


def test_a_matcher_is_given_the_live_secret_where_it_stood_when_it_was_recorded() -> None:
    seen: list[Any] = []
    recorded = [spawn(), host(scrubbed(prompt(f"log in with {KEY}"))), cli(result()), exits()]
    run = Host(player(recorded, match_on=[lambda one, other: seen.append(one == other)]))
    run.send(prompt(f"log in with {KEY}"))
    assert seen == [True]


def test_a_prompt_that_names_the_working_directory_fits_in_another_one() -> None:
    recorded = [spawn(), host(prompt("look into {{cwd}}/src and {{home}}")), cli(result()), exits()]
    command = Command(ARGV, env={"HOME": "/home/you"}, cwd="/elsewhere")
    assert Host(player(recorded), command=command).send(prompt("look into /elsewhere/src and /home/you")) == [result()]
    with pytest.raises(CassetteMismatch, match=r"message\.content"):
        Host(player(recorded), command=command).send(prompt("look into /project/src and /home/you"))


@pytest.mark.parametrize("resolved", [False, True])
def test_it_fits_with_symbolic_links_resolved_or_not(tmp_path: Path, resolved: bool) -> None:
    """A program may name `os.getcwd()`, which is resolved, where it named its option when it was recorded."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    recorded = [spawn(), host(prompt("look into {{cwd}}/src")), cli(result()), exits()]
    command = Command(ARGV, env={"HOME": "/home/me"}, cwd=str(tmp_path / "link"))
    folder = tmp_path / ("real" if resolved else "link")
    assert Host(player(recorded), command=command).send(prompt(f"look into {folder}/src")) == [result()]


def test_braces_that_were_recorded_are_no_placeholders() -> None:
    run = Host(player([spawn(), host(prompt("fill in {{!cwd}}")), cli(result()), exits()]))
    assert run.send(prompt("fill in {{cwd}}")) == [result()]
