"""Which episode a run is, and how several runs share a cassette."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.claims import MemoryClaims
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.number_claims import ClaimDirectory, ClaimTable
from claude_code_sdk.cassettes.player import Player

from .playing import (
    Host,
    answer,
    asks_for,
    cassette,
    cli,
    eof,
    exits,
    handshake,
    host,
    initialize,
    prompt,
    result,
    says,
    spawn,
    stderr,
    turn,
)

S1, S2 = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def one_shot(text: str, reply: str, *flags: str) -> list[Entry]:
    return [spawn(*flags), *handshake(), *turn(text, reply), eof(), exits()]


class Runs:
    """Runs of one cassette in one process."""

    def __init__(self, *episodes: list[Entry], claims: Any = None) -> None:
        self.cassette = cassette(*episodes)
        self.claims = claims or MemoryClaims()

    def begin(self, *flags: str) -> Host:
        return Host(Player(self.cassette.episodes, claims=self.claims), *flags)

    def ask(self, text: str, *flags: str) -> Any:
        """A whole run with one prompt: what it was told."""
        run = self.begin(*flags)
        run.send(initialize())
        said = run.send(prompt(text))[-1]["result"]
        run.send_eof()
        return said


def test_episodes_are_told_apart_by_their_command_line() -> None:
    runs = Runs(one_shot("hi", "opus", "--model", "opus"), one_shot("hi", "haiku", "--model", "haiku"))
    assert runs.ask("hi", "--model", "haiku") == "haiku"
    assert runs.ask("hi", "--model", "opus") == "opus"


def test_episodes_are_told_apart_by_their_prompt() -> None:
    runs = Runs(one_shot("one", "1"), one_shot("two", "2"), one_shot("three", "3"))
    assert [runs.ask(text) for text in ("three", "one", "two")] == ["3", "1", "2"]


def test_equal_episodes_are_used_in_file_order() -> None:
    runs = Runs(one_shot("hi", "first"), one_shot("hi", "second"), one_shot("hi", "third"))
    assert [runs.ask("hi") for _ in range(3)] == ["first", "second", "third"]


def test_runs_at_the_same_time_get_an_episode_each() -> None:
    runs = Runs(one_shot("one", "1"), one_shot("two", "2"), one_shot("one", "once more"))
    three = [runs.begin() for _ in range(3)]
    for run in three:
        assert run.send(initialize()) == [answer("req_1", {"commands": []})]
    said = [run.send(prompt(text))[-1]["result"] for run, text in zip(three, ("one", "two", "one"), strict=True)]
    assert said == ["1", "2", "once more"]


def test_a_handshake_alone_claims_nothing() -> None:
    runs = Runs(one_shot("hi", "there"))
    runs.begin().send(initialize())
    assert runs.claims.claimed() == set()


def test_a_run_that_was_only_begun_and_closed_has_used_its_episode() -> None:
    runs = Runs(one_shot("hi", "there"))
    runs.begin().player.close()
    assert runs.claims.claimed() == {1}


def test_a_start_up_failure_uses_its_episode() -> None:
    failing = [spawn(), stderr("already in use"), exits(1)]
    runs = Runs(failing, failing)
    first, second = runs.begin(), None
    first.receive()
    second = runs.begin()
    second.receive()
    assert (first.exit, second.exit) == (1, 1)
    assert runs.claims.claimed() == {1, 2}


def test_a_run_goes_over_to_the_episode_that_fits_in_its_second_turn() -> None:
    def session(number: int, session_id: str, second: str) -> list[Entry]:
        said = [cli(says(f"hello from {number}", session_id=session_id)), cli(result())]
        then = [cli(says(f"{second} from {number}", session_id=session_id)), cli(result(session_id))]
        return [spawn(), host(prompt("hello")), *said, host(prompt(second)), *then, exits()]

    runs = Runs(session(1, S1, "left"), session(2, S2, "right"))
    run = runs.begin()
    assert run.send(prompt("hello")) == [says("hello from 1", session_id=S1), result()]
    # The ids that the program has seen stay what they are.
    assert run.send(prompt("right")) == [says("right from 2", session_id=S1), result(S1)]
    assert runs.claims.claimed() == {2}
    other = runs.begin()
    other.send(prompt("hello"))
    assert other.send(prompt("left")) == [says("left from 1", session_id=S1), result(S1)]


def test_answers_reach_the_exchange_that_stands_for_the_one_that_was_asked() -> None:
    def session(request_id: str, text: str) -> list[Entry]:
        asked = [cli(asks_for(request_id)), host(answer(request_id)), cli(says(text)), cli(result())]
        return [spawn(), host(prompt("go")), *asked, host(prompt(text)), cli(says(f"more {text}")), exits()]

    runs = Runs(session("a", "x"), session("b", "y"))
    run = runs.begin()
    run.send(prompt("go"))
    assert run.send(answer("a")) == [says("x"), result()]
    assert run.send(prompt("y")) == [says("more y")]


def test_a_question_that_is_open_when_the_episode_changes_is_answered_under_its_own_id() -> None:
    def session(session_id: str, text: str) -> list[Entry]:
        asked = [
            cli(asks_for(session_id)),
            host(prompt(text)),
            host(answer(session_id)),
            cli(says(text)),
            cli(result()),
        ]
        return [spawn(), host(prompt("go")), *asked, exits()]

    runs = Runs(session(S1, "x"), session(S2, "y"))
    run = runs.begin()
    assert run.send(prompt("go")) == [asks_for(S1)]
    run.send(prompt("y"))
    assert run.send(answer(S1)) == [says("y"), result()]


def test_an_episode_that_another_run_took_meanwhile_is_left_for_the_next_that_fits() -> None:
    runs = Runs(one_shot("hi", "first"), one_shot("hi", "second"))
    slow = runs.begin()
    slow.send(initialize())
    assert runs.ask("hi") == "first"
    assert slow.send(prompt("hi"))[-1]["result"] == "second"


def test_when_others_took_all_that_fit_it_is_a_mismatch() -> None:
    runs = Runs(one_shot("hi", "first"))
    slow = runs.begin()
    slow.send(initialize())
    runs.ask("hi")
    with pytest.raises(CassetteMismatch, match="another run has taken the last episode that fits this one"):
        slow.send(prompt("hi"))


def test_a_foreign_session_id_stands_for_the_recorded_one() -> None:
    first = [spawn(), host(prompt("hi")), cli(says("hi", session_id=S1)), cli(result()), exits()]
    second = [spawn(f"--resume={S1}"), host(prompt("again")), cli(says("again", session_id=S1)), cli(result()), exits()]
    real = "77777777-7777-4777-8777-777777777777"
    run = Runs(first, second).begin(f"--resume={real}")
    assert run.send(prompt("again")) == [says("again", session_id=real), result()]


def test_the_session_of_another_episode_is_not_taken_for_the_recorded_one() -> None:
    first = [spawn(), host(prompt("hi")), cli(says("hi", session_id=S1)), cli(result()), exits()]
    second = [spawn(), host(prompt("ho")), cli(says("ho", session_id=S2)), cli(result()), exits()]
    third = [spawn(f"--resume={S1}"), host(prompt("again")), cli(result()), exits()]
    with pytest.raises(CassetteMismatch, match=r"\+ --resume: "):
        Runs(first, second, third).begin(f"--resume={S2}")


def test_values_that_travelled_in_files_are_matched_by_content() -> None:
    recorded = [spawn("--settings", "\0file:settings", files={"settings": '{"dir": "{{cwd}}/x"}'}), exits()]
    run = Runs(recorded).begin("--settings", '{"dir":"/project/x"}')
    run.receive()
    assert run.exit == 0


def test_without_argv_in_match_on_the_command_line_is_free() -> None:
    recorded = cassette(one_shot("one", "1", "--model", "opus"))
    run = Host(Player(recorded.episodes, match_on=("prompt",)), "--model", "haiku")
    run.send(initialize())
    assert run.send(prompt("one"))[-1] == result("1")


# Claims


def test_a_claim_is_taken_once_and_may_be_given_back(tmp_path: Path) -> None:
    for claims in (ClaimTable(), ClaimDirectory(str(tmp_path / "state"))):
        assert claims.claim(3)
        assert not claims.claim(3)
        assert claims.claimed() == {3}
        claims.release(3)
        claims.release(3)
        assert claims.claimed() == set()
        assert claims.claim(3)


def test_other_files_in_the_directory_are_no_claims(tmp_path: Path) -> None:
    (tmp_path / "episode-x").touch()
    (tmp_path / "sessions").mkdir()
    assert ClaimDirectory(str(tmp_path)).claimed() == set()


def test_processes_never_claim_the_same_episode(tmp_path: Path) -> None:
    code = (
        "import sys; from claude_code_sdk.cassettes.number_claims import ClaimDirectory; "
        "claims = ClaimDirectory(sys.argv[1]); sys.stdin.readline(); "
        "print([n for n in range(200) if claims.claim(n)])"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    taken = [number for process in processes for number in eval(process.communicate(timeout=30)[0])]
    assert sorted(taken) == list(range(200))
