"""How a mismatch reads: whole texts."""

from __future__ import annotations

import pickle
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from claude_code_sdk.cassettes.claims import MemoryClaims
from claude_code_sdk.cassettes.difference import MISSING
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode, difference_lines, place
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.text_difference import SHOWN_LINES, text_difference
from claude_code_sdk.cassettes.verdicts import not_played
from claude_code_sdk.errors import ClaudeSDKError

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
    player,
    prompt,
    refusal,
    request,
    result,
    says,
    spawn,
    turn,
)


def text_of(run: Host, *frames: dict[str, Any]) -> str:
    """The mismatch that the last of the frames is."""
    for frame in frames[:-1]:
        run.send(frame)
    with pytest.raises(CassetteMismatch) as caught:
        run.send(*frames[-1:])
    return str(caught.value)


def block(text: str) -> str:
    return dedent(text).strip("\n")


def test_neither_verdict_is_an_error_that_a_program_catches() -> None:
    for verdict in (CassetteMismatch, UnplayedEpisode):
        assert issubclass(verdict, AssertionError)
        assert not issubclass(verdict, ClaudeSDKError)


def test_a_verdict_crosses_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(CassetteMismatch("what happened")))
    assert type(copy) is CassetteMismatch
    assert str(copy) == "what happened"


def test_an_answer_that_decides_otherwise() -> None:
    entries = [
        *[host(prompt("clean up")), cli(says("…")), cli(asks_for("a", "Bash", command="rm x"))],
        *[host(answer("a", {"behavior": "deny", "message": "no"})), cli(says("Then not.")), cli(result()), exits()],
    ]
    run = Host(player([spawn(), *handshake(), *entries], answers="verify", accept="pytest t.py --claude-record=all"))
    live = answer("a", {"behavior": "allow", "updatedInput": None})
    assert text_of(run, initialize(), prompt("clean up"), live) == block("""
        frame 7 of episode 1 is not what was recorded

          cassettes/test_it.jsonl:8   host answers can_use_tool (Bash)
            - response.behavior: "deny"
            + response.behavior: "allow"
            - response.message: "no"

          played 6 of 10 entries; waiting behind this one: assistant, result, exit 0
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  pytest t.py --claude-record=all
    """)


def test_another_prompt() -> None:
    run = Host(player([spawn(), *handshake(), *turn("What is 2 + 2?", "4"), *turn("And 3 + 3?", "6"), eof(), exits()]))
    assert text_of(run, initialize(), prompt("What is 2 + 3?")) == block("""
        frame 4 of episode 1 is not what was recorded

          cassettes/test_it.jsonl:5   host sends user "What is 2 + 2?"
            - message.content: "What is 2 + 2?"
            + message.content: "What is 2 + 3?"

          played 3 of 11 entries; waiting behind this one: assistant, result
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_another_control_request_of_the_same_kind() -> None:
    entries = [host(request("r", "set_permission_mode", mode="plan")), cli(answer("r", {"mode": "plan"}))]
    run = Host(player([spawn(), *handshake(), *entries, eof(), exits()]))
    assert text_of(run, initialize(), request("x", "set_permission_mode", mode="default")) == block("""
        frame 4 of episode 1 is not what was recorded

          cassettes/test_it.jsonl:5   host requests set_permission_mode
            - request.mode: "plan"
            + request.mode: "default"

          played 3 of 7 entries; waiting behind this one: answer
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_frame_that_was_never_recorded() -> None:
    run = Host(player([spawn(), *handshake(), *turn("go", "1"), eof(), exits()]))
    assert text_of(run, initialize(), prompt("go"), request("x", "interrupt")) == block("""
        episode 1 has no such frame: host requests interrupt

          cassettes/test_it.jsonl:7   was played last
            + request: {"subtype": "interrupt"}

          played 6 of 8 entries; waiting behind this one: exit 0
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_an_answer_to_nothing() -> None:
    run = Host(player([spawn(), *handshake(), *turn("go", "1"), eof(), exits()]))
    assert text_of(run, initialize(), answer("nobody", {"behavior": "allow"})) == block("""
        episode 1 has no such frame: host answers a request

          cassettes/test_it.jsonl:4   was played last
            + response: {"subtype": "success", "request_id": "nobody", "response": {"behavior": "allow"}}

          the CLI has not asked this
          played 3 of 8 entries; waiting behind this one: assistant, result
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_second_answer() -> None:
    run = Host(player([spawn(), cli(asks_for("a")), host(answer("a")), cli(result()), eof(), exits()]))
    run.receive()
    assert text_of(run, answer("a"), answer("a")) == block("""
        episode 1 has no such frame: host answers can_use_tool (Bash)

          cassettes/test_it.jsonl:5   was played last
            + response: {"subtype": "success", "request_id": "a", "response": null}

          the host has answered this before
          played 4 of 6 entries; waiting behind this one: exit 0
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_host_that_does_not_go_on() -> None:
    hook = request("h", "hook_callback", callback_id="hook_0", input={"hook_event_name": "Stop"})
    deltas = [cli({"type": "stream_event", "n": n}) for n in range(3)]
    entries = [cli(hook), host(answer("h", {})), *deltas, cli(result()), eof(), exits()]
    run = Host(player([spawn(), host(prompt("go")), *entries], patience=2.5))
    run.send(prompt("go"))
    run.now += 2.5
    assert text_of(run) == block("""
        the program did not go on: waited 2.5 s in episode 1

          cassettes/test_it.jsonl:5   host answers hook_callback (Stop): this did not come

          played 3 of 10 entries; waiting behind this one: stream_event x3, result
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_host_that_does_not_close_its_input() -> None:
    run = Host(player([spawn(), host(prompt("go")), cli(result())]))
    run.send(prompt("go"))
    run.now += 30
    assert text_of(run) == block("""
        the program did not go on: waited 30 s in episode 1

          cassettes/test_it.jsonl:4   is the last entry; the host does not close its input

          played 3 of 3 entries
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_another_command_line() -> None:
    recorded = [[spawn("--model", "opus"), exits()], [spawn("--model", "haiku", "--continue"), exits()]]
    with pytest.raises(CassetteMismatch) as caught:
        Host(player(*recorded), "--model", "sonnet", "--max-turns", "3")
    assert str(caught.value) == block("""
        no episode has this command line; episode 1 is the nearest

          cassettes/test_it.jsonl:2   host starts the CLI
            - --model: "opus"
            + --model: "sonnet"
            + --max-turns: "3"

          the cassette has 2 episodes; the command line of this one differs least, in 2 places
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_one_run_more_than_was_recorded() -> None:
    recorded, claims = cassette([spawn(), exits()]), MemoryClaims()
    Host(Player(recorded.episodes, claims=claims)).receive()
    with pytest.raises(CassetteMismatch) as caught:
        Host(Player(recorded.episodes, claims=claims))
    assert str(caught.value) == block("""
        the program starts the CLI once more than was recorded

          cassettes/test_it.jsonl:2   host starts the CLI

          of 1 episode, 1 has this command line; it is used up
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_cassette_without_episodes() -> None:
    with pytest.raises(CassetteMismatch) as caught:
        Host(player())
    assert str(caught.value) == block("""
        the cassette has no episodes, and the program starts the CLI

          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_prompt_that_fits_none_of_several_episodes_names_the_nearest() -> None:
    first = [spawn(), *handshake(), host(prompt("one", uuid="u")), cli(result()), exits()]
    second = [spawn(), *handshake(), host(prompt("two")), cli(result()), exits()]
    run = Host(player(first, second))
    assert text_of(run, initialize(), prompt("three")) == block("""
        frame 4 of episode 2 is not what was recorded

          cassettes/test_it.jsonl:11   host sends user "two"
            - message.content: "two"
            + message.content: "three"

          played 3 of 6 entries; waiting behind this one: result, exit 0
          2 of 2 episodes fitted so far; episode 2 differs least
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_frame_that_another_episode_has_is_found_there() -> None:
    def asked(text: str) -> list[Any]:
        return [spawn(), *handshake(), *turn(text, "ok"), eof(), exits()]

    recorded, claims = cassette(asked("one"), asked("two")), MemoryClaims()
    first = Host(Player(recorded.episodes, claims=claims))
    first.send(initialize(), prompt("one"))
    first.send_eof()
    run = Host(Player(recorded.episodes, claims=claims))
    assert text_of(run, initialize(), prompt("one")) == block("""
        frame 4 of episode 2 is not what was recorded

          cassettes/test_it.jsonl:13   host sends user "two"
            - message.content: "two"
            + message.content: "one"

          played 3 of 8 entries; waiting behind this one: assistant, result
          of 2 episodes only episode 2 fitted so far
          episode 1 has this frame (cassettes/test_it.jsonl:5), which is used up
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_the_nearest_of_several_prompts_is_the_one_that_is_most_alike() -> None:
    def asked(text: str) -> list[Any]:
        return [spawn(), *handshake(), *turn(text, "ok"), eof(), exits()]

    run = Host(player(asked("sum up the report"), asked("translate it into Danish"), asked("hello")))
    text = text_of(run, initialize(), prompt("translate it into Dutch"))
    assert text.startswith("frame 4 of episode 2 is not what was recorded\n")
    assert "\n  3 of 3 episodes fitted so far; episode 2 differs least\n" in text


def test_a_prompt_of_several_lines_is_compared_line_by_line() -> None:
    lines = ["You are a clerk.", "", "Rules:", "- be brief", "- be polite", "", "Begin."]
    live = [*lines[:3], "- be thorough", *lines[4:], "Now!"]
    run = Host(player([spawn(), host(prompt("\n".join(lines))), cli(result()), exits()]))
    assert text_of(run, prompt("\n".join(live))) == block("""
        frame 2 of episode 1 is not what was recorded

          cassettes/test_it.jsonl:3   host sends user "You are a clerk. Rules: - be brief - be polite Begin."
            message.content:
              @@ line 3 @@
                Rules:
              - - be brief
              + - be thorough
                - be polite
              @@ line 7 @@
                Begin.
              + Now!

          played 1 of 4 entries; waiting behind this one: result, exit 0
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_an_answer_that_became_an_error_says_which() -> None:
    entries = [cli(asks_for("a")), host(answer("a", {"behavior": "allow"})), cli(result()), exits()]
    run = Host(player([spawn(), *entries]))
    run.receive()
    assert text_of(run, refusal("a", "KeyError: 'path'")) == block("""
        frame 3 of episode 1 is not what was recorded

          cassettes/test_it.jsonl:4   host answers can_use_tool (Bash)
            - response.subtype: "success"
            + response.subtype: "error"
            the program answered with an error: KeyError: 'path'

          played 2 of 5 entries; waiting behind this one: result, exit 0
          record mode none; matched on argv, prompt, control; answers: verify
          accept the new behaviour:  record this cassette again
    """)


def test_a_file_in_the_current_directory_is_named_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(str(tmp_path / "cassettes" / "a.jsonl"), 3) == "cassettes/a.jsonl:3"
    assert place(str(tmp_path.parent / "a.jsonl"), 3) == f"{tmp_path.parent}/a.jsonl:3"
    assert place("<memory>", 3) == "<memory>:3"


def test_an_unplayed_rest_and_an_unplayed_episode() -> None:
    recorded = cassette(
        [spawn(), *handshake(), *turn("one", "1"), *turn("two", "2"), eof(), exits()],
        [spawn("--continue"), host(prompt("three")), cli(result()), exits()],
    )
    run = Host(Player(recorded.episodes))
    run.send(initialize(), prompt("one"))
    run.send_eof()
    verdict = not_played(recorded.episodes, [run.player], "pytest --claude-record=all")
    assert isinstance(verdict, UnplayedEpisode)
    assert str(verdict) == block("""
        episode 1 was not played to its end
          cassettes/test_it.jsonl:8   host sends user "two": the first of what is left
          played 7 of 11 entries; left: user, assistant, result, exit 0
        episode 2 was not played
          cassettes/test_it.jsonl:13   host starts the CLI
          4 entries: user, result

          accept the new behaviour:  pytest --claude-record=all
    """)


def test_nothing_is_said_of_a_cassette_that_was_played_to_its_end() -> None:
    recorded = cassette([spawn(), exits()])
    run = Host(Player(recorded.episodes))
    run.receive()
    assert not_played(recorded.episodes, [run.player], "") is None


def test_a_text_that_no_terminal_takes_is_escaped() -> None:
    run = Host(player([spawn(), host(prompt("\ud83d")), cli(result()), exits()]))
    text = text_of(run, prompt("x"))
    assert '- message.content: "\\ud83d"' in text
    assert text.encode()


@pytest.mark.parametrize(
    ("recorded", "live", "lines"),
    [
        (1, 2, ["- k: 1", "+ k: 2"]),
        ("é", None, ['- k: "é"', "+ k: null"]),
        (MISSING, {"a": 1}, ['+ k: {"a": 1}']),
        ([1], MISSING, ["- k: [1]"]),
    ],
)
def test_values_are_shown_as_json(recorded: Any, live: Any, lines: list[str]) -> None:
    assert difference_lines([("k", recorded, live)]) == lines


def test_long_texts_are_cut_around_their_first_difference() -> None:
    before, after = "a" * 500, "b" * 500
    one, other = difference_lines([("k", before + "X" + after, before + "Y" + after)])
    assert one == f'- k: …"{"a" * 25}X{"b" * 74}"…'
    assert other == f'+ k: …"{"a" * 25}Y{"b" * 74}"…'


def test_of_many_differences_the_first_are_shown() -> None:
    lines = difference_lines([(str(n), 1, 2) for n in range(20)])
    assert lines[-1] == "… and 8 more differences"
    assert len(lines) == 25


@pytest.mark.parametrize(
    ("recorded", "live", "lines"),
    [
        ("a\nb", "a\nc", ["@@ line 1 @@", "  a", "- b", "+ c"]),
        ("a\n", "a\n\n", ["@@ line 2 @@", '  ""', '+ ""']),
        ("a\nb ", "a\nb", ["@@ line 1 @@", "  a", '- "b "', '+ "b"']),
        ("a\tb\nc", "a b\nc", ["@@ line 1 @@", "- a\\tb", "+ a b", "  c"]),
    ],
)
def test_lines_are_shown_so_that_their_difference_is_seen(recorded: str, live: str, lines: list[str]) -> None:
    assert text_difference(recorded, live) == lines


def test_a_long_text_that_changed_throughout_is_shown_by_its_beginning() -> None:
    recorded, live = ("\n".join(f"{word} {n}" for n in range(50_000)) for word in ("old", "new"))
    lines = text_difference(recorded, live)
    assert len(lines) == SHOWN_LINES + 1
    assert lines[0] == "@@ line 1 @@"
    assert lines[-1].startswith("… and ")


def test_a_long_line_is_cut_around_what_changed() -> None:
    lines = text_difference("x\n" + "a" * 500 + "b", "x\n" + "a" * 500 + "c")
    assert lines[2:] == [f"- …{'a' * 119}b", f"+ …{'a' * 119}c"]
