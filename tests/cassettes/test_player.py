"""The player: what is delivered when, and how a run ends."""

from __future__ import annotations

import json

import pytest

from claude_code_sdk.cassettes.delivery import WRITE_SIZE
from claude_code_sdk.cassettes.jsonl import loads
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Write

from .playing import (
    ARGV,
    PATH,
    Host,
    answer,
    asks_for,
    cancel,
    cassette,
    cli,
    eof,
    exits,
    handshake,
    host,
    initialize,
    noise,
    player,
    prompt,
    refusal,
    request,
    result,
    says,
    signal,
    spawn,
    stderr,
    turn,
)

TWO_TURNS = [spawn(), *handshake(), *turn("one", "1"), *turn("two", "2"), eof(), exits()]


def test_a_session_is_delivered_as_the_host_moves_on() -> None:
    run = Host(player(TWO_TURNS))
    assert run.receive() == []
    assert run.send(initialize("req_1")) == [answer("req_1", {"commands": []})]
    assert run.send(prompt("one")) == [says("1"), result("1")]
    assert run.send(prompt("two")) == [says("2"), result("2")]
    assert run.send_eof() == []
    assert run.exit == 0
    assert run.player.unplayed == []


def test_a_prompt_that_comes_before_its_turn_is_answered_in_its_turn() -> None:
    run = Host(player(TWO_TURNS))
    assert run.send(initialize(), prompt("one"), prompt("two")) == [
        answer("req_1", {"commands": []}),
        says("1"),
        result("1"),
        says("2"),
        result("2"),
    ]


def test_the_answer_to_a_request_carries_the_live_id() -> None:
    run = Host(player([spawn(), *handshake("req_1_ab12cd34"), eof(), exits()]))
    [frame] = run.send(initialize("another"))
    assert frame["response"]["request_id"] == "another"


def test_the_id_of_a_request_is_replaced_also_in_a_file_written_with_spaces() -> None:
    asked = {"type": "control_request", "request_id": "r\u00e9", "request": {"subtype": "initialize"}}
    lines = [
        {"cassette": 1},
        {"at": 0, "from": "host", "spawn": {"argv": list(ARGV), "cwd": None, "env": {}}},
        {"at": 1, "from": "host", "frame": asked},
        {"at": 2, "from": "cli", "frame": answer("r\u00e9", {"commands": []})},
    ]
    data = "\n".join(json.dumps(line) for line in lines)
    run = Host(Player(loads(data.encode() + b"\n").episodes))
    assert run.send(initialize("live")) == [answer("live", {"commands": []})]


def test_frames_are_delivered_as_the_very_bytes_of_the_file() -> None:
    odd = b'{"type":"assistant", "message":{"content":"\\ud83d \\u2028 \xc3\xa9","n":1.50}}'
    lines = [
        b'{"cassette":1}',
        b'{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null,"env":{}}}',
        b'{"at":1,"from":"cli","frame":' + odd + b"}",
        b'{"frame":' + odd + b', "from":"cli", "at":2}',
    ]
    run = Host(Player(loads(b"\n".join(lines) + b"\n").episodes), command=Command(("claude",)))
    assert run.receive_bytes() == odd + b"\n" + odd + b"\n"


def test_many_frames_come_in_few_writes_and_whole() -> None:
    frames = [says("x" * 400, n=n) for n in range(1000)]
    playing = player([spawn(), host(prompt("go")), *map(cli, frames), exits()])
    playing.open(Command(ARGV))
    playing.receive_data(json.dumps(prompt("go")).encode() + b"\n")
    writes = []
    while isinstance(action := playing.next_action(0.0), Write):
        writes.append(action.data)
    assert [json.loads(line) for line in b"".join(writes).splitlines()] == frames
    assert max(map(len, writes)) < WRITE_SIZE + 1000
    assert len(writes) < 10


def test_a_frame_larger_than_a_write_is_delivered_in_one() -> None:
    large = says("x" * (3 * WRITE_SIZE))
    run = Host(player([spawn(), cli(says("a")), cli(large), cli(says("b")), exits()]))
    assert run.receive() == [says("a"), large, says("b")]


def test_stderr_and_lines_that_are_not_json_come_at_their_place() -> None:
    run = Host(player([spawn(), stderr("warning"), cli(says("a")), noise("not json"), cli(says("b")), exits(1)]))
    assert run.receive() == [says("a"), "not json", says("b")]
    assert run.stderr == ["warning"]
    assert run.exit == 1


def test_a_death_by_signal_is_delivered_as_one() -> None:
    run = Host(player([spawn(), exits(-9)]))
    run.receive()
    assert run.exit == -9


def test_placeholders_become_the_places_of_the_live_run() -> None:
    recorded = {"type": "system", "subtype": "init", "cwd": "{{cwd}}", "memory": "{{home}}/.claude/{{cwd-slug}}"}
    command = Command(ARGV, env={"HOME": "/home/you"}, cwd="/work/it")
    run = Host(player([spawn(), cli(recorded), stderr("in {{cwd}}"), noise("at {{home}}"), exits()]), command=command)
    assert run.receive() == [
        {"type": "system", "subtype": "init", "cwd": "/work/it", "memory": "/home/you/.claude/-work-it"},
        "at /home/you",
    ]
    assert run.stderr == ["in /work/it"]


def test_a_prompt_with_a_path_of_the_live_run_matches_its_placeholder() -> None:
    run = Host(player([spawn(), host(prompt("read {{cwd}}/a.txt")), cli(result()), exits()]))
    assert run.send(prompt("read /project/a.txt")) == [result()]


# Gates


def test_concurrent_requests_may_be_answered_in_any_order() -> None:
    both = [cli(asks_for("a", "Read")), cli(asks_for("b", "Write")), host(answer("a", {})), host(answer("b", {}))]
    run = Host(player([spawn(), host(prompt("go")), *both, cli(result()), exits()]))
    assert run.send(prompt("go")) == [asks_for("a", "Read"), asks_for("b", "Write")]
    assert run.send(answer("b", {})) == []
    assert run.send(answer("a", {})) == [result()]


def test_what_follows_an_answer_waits_for_it() -> None:
    run = Host(player([spawn(), cli(asks_for("a")), host(answer("a")), cli(says("after")), cli(result()), exits()]))
    assert run.receive() == [asks_for("a")]
    assert run.send(prompt_free()) == []
    assert run.send(answer("a")) == [says("after"), result()]


def prompt_free() -> dict[str, str]:
    return {"type": "keep_alive"}


def test_the_end_of_input_is_a_gate() -> None:
    run = Host(player([spawn(), host(prompt("go")), eof(), cli(result()), exits()]))
    assert run.send(prompt("go")) == []
    assert run.send_eof() == [result()]


def test_a_signal_is_a_gate() -> None:
    run = Host(player([spawn(), host(prompt("go")), cli(says("…")), signal("SIGINT"), cli(result()), exits()]))
    assert run.send(prompt("go")) == [says("…")]
    run.player.receive_signal(2)
    assert run.receive() == [result()]
    assert run.exit == 0
    assert run.player.unplayed == []


def test_an_answer_to_a_withdrawn_request_need_not_come() -> None:
    entries = [spawn(), cli(asks_for("a")), host(answer("a")), cli(cancel("a")), cli(result()), eof(), exits()]
    run = Host(player(entries))
    assert run.receive() == [asks_for("a")]
    run.now += 1
    assert run.receive() == [cancel("a"), result()]
    run.send_eof()
    assert run.player.unplayed == []


def test_an_answer_to_a_withdrawn_request_may_come_late_and_twice() -> None:
    run = Host(player([spawn(), cli(asks_for("a")), cli(cancel("a")), cli(result()), eof(), exits()]))
    run.receive()
    run.now += 1
    run.receive()
    assert run.send(answer("a"), answer("a")) == []
    run.send_eof()
    assert run.exit == 0


def test_a_tool_call_that_was_cancelled_by_a_notification_need_not_be_answered() -> None:
    call = request("a", "mcp_message", server_name="kit", message={"id": 2, "method": "tools/call"})
    params = {"requestId": 2, "reason": "interrupt"}
    withdrawal = request(
        "b", "mcp_message", server_name="kit", message={"method": "notifications/cancelled", "params": params}
    )
    entries = [cli(call), cli(withdrawal), host(answer("b", {})), host(answer("a", {})), cli(result()), exits()]
    run = Host(player([spawn(), *entries]))
    assert run.receive() == [call]
    run.now += 1
    assert run.receive() == [withdrawal, result()]


def test_a_notification_need_not_be_acknowledged() -> None:
    note = request("n", "mcp_message", server_name="kit", message={"method": "notifications/initialized"})
    run = Host(player([spawn(), cli(note), host(answer("n", {})), cli(result()), exits()]))
    assert run.receive() == [note, result()]


def test_frames_that_say_nothing_are_tolerated() -> None:
    run = Host(player(TWO_TURNS))
    run.send({"type": "keep_alive"}, initialize(), {"type": "keep_alive", "n": 1})
    run.player.receive_data(b"\n  \n")
    assert run.send(prompt("one")) == [says("1"), result("1")]


def test_an_answer_that_was_never_recorded_is_tolerated_when_answers_do_not_count() -> None:
    run = Host(player([spawn(), cli(asks_for("a")), cli(result()), eof(), exits()], answers="ignore"))
    run.receive()
    assert run.send(answer("a", {"behavior": "allow"})) == []


def test_stub_asks_for_no_answers_and_takes_the_recorded_ones() -> None:
    entries = [cli(says("a")), cli(asks_for("a")), host(answer("a")), cli(cancel("a")), cli(result()), eof(), exits()]
    run = Host(player([spawn(), host(prompt("go")), *entries], answers="stub"))
    assert run.send(prompt("go")) == [says("a"), result()]
    run.send_eof()
    assert run.player.unplayed == []


def test_an_unknown_word_for_answers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"answers='maybe': it is one of verify, stub, ignore"):
        player(TWO_TURNS, answers="maybe")


# The clock


def test_the_player_waits_its_patience_and_no_longer() -> None:
    run = Host(player(TWO_TURNS, patience=5.0))
    run.send(initialize())
    assert run.until == 105.0
    run.now = 104.9
    assert run.receive() == []
    assert run.until == 105.0
    run.now = 105.0
    with pytest.raises(CassetteMismatch, match="waited 5 s"):
        run.receive()


def test_every_frame_of_the_host_starts_the_clock_again() -> None:
    run = Host(player(TWO_TURNS, patience=5.0))
    run.receive()
    run.now = 104.0
    run.send(initialize())
    assert run.until == 109.0


def test_without_a_limit_the_player_waits_for_good() -> None:
    run = Host(player(TWO_TURNS, patience=float("inf")))
    run.receive()
    assert run.until is None


def test_a_recording_that_lost_its_result_ends_in_a_mismatch_not_in_a_hang() -> None:
    run = Host(player([spawn(), host(prompt("go")), cli(says("a"))], patience=1.0))
    run.send(prompt("go"))
    run.now += 1
    with pytest.raises(CassetteMismatch, match="the host does not close its input"):
        run.receive()


# Pauses


def test_what_followed_an_unanswered_request_comes_no_sooner_after_it_than_recorded() -> None:
    asked, after = cli(asks_for("a")), cli(says("meanwhile"))
    asked.at, after.at = 1000, 1040
    run = Host(player([spawn(), asked, after, host(answer("a")), cli(result()), exits()]))
    assert run.receive() == [asks_for("a")]
    assert run.until == pytest.approx(100.04)
    run.now = 100.04
    assert run.receive() == [says("meanwhile")]


def test_an_answer_ends_the_pause() -> None:
    asked, after = cli(asks_for("a")), cli(says("meanwhile"))
    asked.at, after.at = 1000, 1040
    run = Host(player([spawn(), asked, after, host(answer("a")), cli(result()), exits()]))
    run.receive()
    assert run.send(answer("a")) == [says("meanwhile"), result()]


def test_a_pause_is_a_quarter_of_a_second_at_most() -> None:
    asked, after, later = cli(asks_for("a")), cli(says("meanwhile")), cli(says("still"))
    asked.at, after.at, later.at = 1000, 61_000, 121_000
    run = Host(player([spawn(), asked, after, later, host(answer("a")), exits()]))
    run.receive()
    assert run.until == 100.25
    run.now = 100.25
    assert run.receive() == [says("meanwhile"), says("still")]


# The end


def test_a_host_that_stops_early_ends_the_run_and_leaves_the_rest_unplayed() -> None:
    run = Host(player(TWO_TURNS))
    run.send(initialize(), prompt("one"))
    run.send_eof()
    assert run.exit == 0
    assert [entry.kind for entry in run.player.unplayed] == ["frame", "frame", "frame", "exit"]
    assert run.player.unplayed[0].value == prompt("two")


def test_a_host_that_goes_after_the_last_result_has_played_to_the_end() -> None:
    idle = {"type": "system", "subtype": "session_state_changed", "state": "idle"}
    playing = player([spawn(), *turn("go", "1"), eof(), cli(idle), stderr("bye"), exits(1)])
    run = Host(playing)
    run.send(prompt("go"))
    playing.close()
    assert playing.unplayed == []


def test_a_run_that_was_broken_off_is_played_when_it_is_broken_off_again() -> None:
    playing = player(
        [spawn(), host(prompt("go")), cli(says("a")), eof(), cli(says("b")), signal("SIGTERM"), exits(143)]
    )
    run = Host(playing)
    run.send(prompt("go"))
    playing.close()
    assert playing.unplayed == []


def test_a_recorded_end_by_force_is_not_waited_for_once_the_input_is_closed() -> None:
    playing = player(
        [spawn(), host(prompt("go")), cli(says("a")), eof(), cli(says("b")), signal("SIGTERM"), exits(143)]
    )
    run = Host(playing)
    run.send(prompt("go"))
    assert run.send_eof() == [says("b")]
    assert run.exit == 143


@pytest.mark.parametrize(("number", "code"), [(15, 143), (2, 0), (1, 129)])
def test_a_signal_that_was_not_recorded_ends_the_run_as_it_ends_the_cli(number: int, code: int) -> None:
    run = Host(player(TWO_TURNS))
    run.send(initialize())
    run.player.receive_signal(number)
    run.receive()
    assert run.exit == code
    assert run.player.unplayed


def test_other_signals_change_nothing() -> None:
    run = Host(player(TWO_TURNS))
    run.player.receive_signal(10)
    assert run.send(initialize()) == [answer("req_1", {"commands": []})]


def test_a_recording_that_ends_before_its_cli_is_a_mismatch_when_the_host_closes_its_input() -> None:
    run = Host(player([spawn(), host(prompt("go")), cli(result())]))
    run.send(prompt("go"))
    with pytest.raises(CassetteMismatch) as raised:
        run.send_eof()
    assert str(raised.value) == (
        "episode 1 ends before its CLI exits: the file was cut, or its recording was\n"
        "\n"
        f"  {PATH}:4   CLI sends result: the last entry\n"
        "\n"
        '  if nothing is missing, end it with:  {"at":0,"from":"cli","exit":0}\n'
        "  accept the new behaviour:  record this cassette again"
    )
    assert run.player.unplayed == []


def test_the_answer_to_the_last_control_request_must_have_been_heard() -> None:
    tail = [host(request("r", "get_context_usage")), cli(answer("r", {})), eof(), exits()]
    playing = player([spawn(), *turn("go", "1"), *tail])
    run = Host(playing)
    run.send(prompt("go"))
    run.player.receive_data(json.dumps(request("x", "get_context_usage")).encode() + b"\n")
    playing.close()
    assert playing.unplayed[0].value == answer("r", {})


def test_a_verdict_is_raised_where_the_host_writes_and_once_more_where_it_reads() -> None:
    run = Host(player(TWO_TURNS))
    with pytest.raises(CassetteMismatch) as first:
        run.send(request("r", "interrupt"))
    with pytest.raises(CassetteMismatch) as second:
        run.receive()
    assert first.value is second.value is run.player.verdict
    run.receive()
    assert run.exit == 70


def test_what_the_host_writes_after_a_verdict_is_ignored() -> None:
    run = Host(player(TWO_TURNS))
    with pytest.raises(CassetteMismatch):
        run.send(request("r", "interrupt"))
    run.player.receive_data(json.dumps(request("r", "interrupt")).encode() + b"\n")
    run.player.receive_data(b"")


def test_a_torn_last_line_of_the_host_is_not_what_was_recorded() -> None:
    run = Host(player(TWO_TURNS))
    run.player.receive_data(b'{"type":"user"')
    with pytest.raises(CassetteMismatch, match=r"\+ line: "):
        run.send_eof()


def test_a_recorded_line_that_is_not_json_is_matched() -> None:
    run = Host(player([spawn(), noise("this is not json", "host"), stderr("Error"), exits(1)]))
    run.player.receive_data(b"this is not json\n")
    run.receive()
    assert run.exit == 1
    assert run.stderr == ["Error"]


# Damage


def test_damage_inside_a_frame_is_found_before_the_program_sees_any_of_it() -> None:
    made = cassette([spawn(), host(prompt("go")), cli(says("a")), cli(says("BROKEN")), cli(result()), exits()])
    from claude_code_sdk.cassettes.jsonl import dumps

    data = dumps(made).replace(b'"BROKEN"', b'"BROKEN')
    run = Host(Player(loads(data, path="it.jsonl").episodes))
    with pytest.raises(CassetteError, match=r"it\.jsonl:5:\d+: the frame is not JSON"):
        run.send(prompt("go"))


def test_two_frames_in_one_line_are_damage() -> None:
    made = cassette([spawn(), cli(says("a")), exits()])
    from claude_code_sdk.cassettes.jsonl import dumps

    data = dumps(made).replace(b'"a"}]}}', b'"a"}]}},{"type":"x","y":{}}')
    run = Host(Player(loads(data, path="it.jsonl").episodes))
    with pytest.raises(CassetteError, match=r"it\.jsonl:3:\d+: the frame is not JSON"):
        run.receive()


def test_an_error_answer_to_a_request_is_delivered_with_the_live_id() -> None:
    entries = [host(request("rec", "set_model", model="x")), cli(refusal("rec", "no such model")), eof(), exits()]
    run = Host(player([spawn(), *entries]))
    assert run.send(request("req_7", "set_model", model="x")) == [refusal("req_7", "no such model")]
