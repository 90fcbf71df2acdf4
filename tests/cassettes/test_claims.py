"""Runs that could be one episode or another make room for each other, in one process and in several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes import shared_claims
from claude_code_sdk.cassettes.claims import MemoryClaims, way_to
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.shared_claims import SharedClaims

from .playing import Host, cassette, conversation, initialize, prompt

ClaimsOf = Callable[[], Any]


@pytest.fixture(params=["in one process", "in several"])
def claims_of_a_run(request: pytest.FixtureRequest, tmp_path: Path) -> ClaimsOf:
    """Makes the claims of one run more; several processes have only the directory in common."""
    if request.param == "in one process":
        claims = MemoryClaims()
        return lambda: claims
    return lambda: SharedClaims(str(tmp_path / "state"))


class Runs:
    """Runs of one cassette."""

    def __init__(self, claims_of_a_run: ClaimsOf, *sessions: tuple[str, ...]) -> None:
        self.episodes = cassette(*(conversation(*texts) for texts in sessions)).episodes
        self._claims = claims_of_a_run

    def begin(self) -> Host:
        run = Host(Player(self.episodes, claims=self._claims()))
        run.send(initialize())
        return run


def ask(run: Host, text: str) -> Any:
    return run.send(prompt(text))[-1]["result"]


def end(run: Host) -> int | None:
    run.send_eof()
    run.player.close()
    return run.exit


def test_a_run_makes_room_for_one_that_can_be_nothing_else(claims_of_a_run: ClaimsOf) -> None:
    runs = Runs(claims_of_a_run, ("hello", "left"), ("hello", "right"))
    first, second = runs.begin(), runs.begin()
    assert [ask(first, "hello"), ask(second, "hello")] == ["HELLO", "HELLO"]
    assert ask(first, "right") == "RIGHT"
    assert ask(second, "left") == "LEFT"
    assert [end(first), end(second)] == [0, 0]
    assert [first.player.unplayed, second.player.unplayed] == [[], []]


def test_room_is_made_along_a_row_of_runs(claims_of_a_run: ClaimsOf) -> None:
    runs = Runs(claims_of_a_run, ("a", "b", "one"), ("a", "b", "two"), ("a", "three"), ("a", "four"))
    all_ = [runs.begin() for _ in range(4)]
    for run in all_:
        ask(run, "a")
    ask(all_[2], "b")  # the third of them is one of the first two
    assert ask(all_[0], "four") == "FOUR"
    assert ask(all_[1], "three") == "THREE"
    ask(all_[3], "b")
    assert ask(all_[3], "one") == "ONE"
    assert ask(all_[2], "two") == "TWO"
    assert [end(run) for run in all_] == [0, 0, 0, 0]


def test_a_run_that_has_ended_stays_what_it_was(claims_of_a_run: ClaimsOf) -> None:
    runs = Runs(claims_of_a_run, ("hello",), ("hello", "more"))
    first = runs.begin()
    ask(first, "hello")
    assert end(first) == 0
    second = runs.begin()
    ask(second, "hello")
    assert ask(second, "more") == "MORE"
    assert end(second) == 0


def test_what_nobody_can_make_room_for_is_a_mismatch(claims_of_a_run: ClaimsOf) -> None:
    runs = Runs(claims_of_a_run, ("hello", "left"), ("hello", "right"))
    first, second = runs.begin(), runs.begin()
    ask(first, "hello")
    ask(second, "hello")
    ask(first, "right")
    with pytest.raises(CassetteMismatch, match="another run has taken the last episode that fits this one"):
        second.send(prompt("right"))


def test_a_run_that_withdraws_takes_no_episode_from_others(claims_of_a_run: ClaimsOf) -> None:
    runs = Runs(claims_of_a_run, ("hello",))
    first = runs.begin()
    ask(first, "hello")
    first.player.withdraw()
    first.player.close()
    assert ask(runs.begin(), "hello") == "HELLO"


def test_no_file_of_a_run_is_left_when_it_has_ended(tmp_path: Path) -> None:
    runs = Runs(lambda: SharedClaims(str(tmp_path)), ("hello",), ("hello",))
    run = runs.begin()
    ask(run, "hello")
    assert len(list(tmp_path.glob("run-*"))) == 1
    end(run)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["claims.lock", "episode-1"]


def test_a_run_whose_directory_was_emptied_meanwhile_goes_on(tmp_path: Path) -> None:
    run = Runs(lambda: SharedClaims(str(tmp_path)), ("hello", "again")).begin()
    ask(run, "hello")
    for file in tmp_path.iterdir():
        file.unlink()
    assert ask(run, "again") == "AGAIN"
    assert end(run) == 0


def test_a_lock_that_is_never_given_back_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_claims, "LOCK_WAIT", 0.01)
    run = Runs(lambda: SharedClaims(str(tmp_path)), ("hello",)).begin()
    with shared_claims._Lock(str(tmp_path)), pytest.raises(TimeoutError, match="another process has kept it"):
        run.send(prompt("hello"))


def test_the_way_to_a_free_episode_looks_at_each_once() -> None:
    asked: list[str] = []

    def could_be(run: str) -> range:
        asked.append(run)
        return range(100)

    assert way_to([7], {number: f"run {number}" for number in range(100)}, could_be) == []
    assert sorted(asked) == sorted(f"run {number}" for number in range(100))
    assert way_to([3, 4], {3: "a", 4: "b"}, {"a": [3, 4], "b": [4, 5]}.__getitem__) == [3, 4, 5]
    assert way_to([3, 6], {3: "a"}, {"a": [3]}.__getitem__) == [6]
