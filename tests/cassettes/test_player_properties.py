"""The player under recordings and hosts made at random."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr

from .playing import (
    ARGV,
    Host,
    answer,
    asks_for,
    cancel,
    cassette,
    cli,
    eof,
    exits,
    host,
    noise,
    player,
    prompt,
    request,
    result,
    says,
    signal,
    spawn,
    stderr,
)

Frame = dict[str, Any]


@st.composite
def episodes(draw: st.DrawFn) -> list[Entry]:
    """A run whose causes stand before their effects, with requests of both sides open at the same time."""
    entries = [spawn()]
    open_requests: list[str] = []
    for number in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["prompt", "control", "ask", "answer", "says", "stderr"]))
        if kind == "prompt":
            entries.append(host(prompt(f"prompt {number}")))
        elif kind == "control":
            entries.append(host(request(f"rec_{number}", draw(st.sampled_from(["set_model", "interrupt"])), n=number)))
            entries.append(cli(answer(f"rec_{number}", {"n": number})))
        elif kind == "ask":
            open_requests.append(f"ask_{number}")
            entries.append(cli(asks_for(f"ask_{number}")))
        elif kind == "answer" and open_requests:
            asked = open_requests.pop(draw(st.integers(0, len(open_requests) - 1)))
            entries.append(host(answer(asked, {"n": number})))
        elif kind == "stderr":
            entries.append(stderr(f"line {number}"))
        else:
            entries.append(cli(says(f"text {number}")))
    entries += [host(answer(asked, {})) for asked in open_requests]
    return [*entries, cli(result()), eof(), exits(draw(st.integers(0, 3)))]


class LiveHost:
    """Does what a recorded host did: lanes in their order, an answer once it was asked, anything else at any time."""

    def __init__(self, recorded: list[Entry]) -> None:
        self.lanes: dict[str, list[Frame]] = {}
        self.answers: dict[str, Frame] = {}
        self.asked: list[str] = []
        for entry in recorded:
            if entry.source != "host" or entry.kind != "frame":
                continue
            frame = entry.value
            if frame["type"] == "control_response":
                self.answers[frame["response"]["request_id"]] = frame
            else:
                lane = frame["request"]["subtype"] if frame["type"] == "control_request" else "conversation"
                self.lanes.setdefault(lane, []).append(frame)

    def hear(self, frames: list[Frame]) -> None:
        self.asked += [frame["request_id"] for frame in frames if frame["type"] == "control_request"]

    def possible(self) -> list[tuple[str, str]]:
        """What it may do next."""
        lanes = [("lane", lane) for lane, frames in self.lanes.items() if frames]
        return lanes + [("answer", asked) for asked in self.asked]

    def do(self, what: tuple[str, str]) -> Frame:
        kind, name = what
        if kind == "answer":
            self.asked.remove(name)
            return self.answers.pop(name)
        return self.lanes[name].pop(0)


def from_cli(recorded: list[Entry]) -> list[Frame]:
    return [entry.value for entry in recorded if entry.source == "cli" and entry.kind == "frame"]


@given(episodes(), st.data())
def test_every_order_that_the_gates_allow_plays_to_the_end(recorded: list[Entry], data: st.DataObject) -> None:
    run, live = Host(player(recorded)), LiveHost(recorded)
    heard: list[Frame] = run.receive()
    live.hear(heard)
    while True:
        run.now += 1.0  # behind every pause
        more = run.receive()
        heard += more
        live.hear(more)
        possible = live.possible()
        if not possible:
            break
        assert run.until is not None, "a player that waits has a limit"
        more = run.send(live.do(data.draw(st.sampled_from(possible))))
        heard += more
        live.hear(more)
    heard += run.send_eof()
    assert heard == from_cli(recorded)
    assert run.stderr == [entry.value for entry in recorded if entry.kind == "stderr"]
    assert run.exit == recorded[-1].value
    assert run.player.unplayed == []


@given(episodes(), st.data())
def test_a_host_that_leaves_something_out_never_plays_to_the_end(recorded: list[Entry], data: st.DataObject) -> None:
    run, live = Host(player(recorded, patience=5.0)), LiveHost(recorded)
    owed = [("lane", lane) for lane in live.lanes] + [("answer", asked) for asked in live.answers]
    if not owed:
        return
    left_out = data.draw(st.sampled_from(owed))
    live.hear(run.receive())
    for _ in range(2 * len(recorded)):
        run.now += 1.0
        live.hear(run.receive())
        possible = [what for what in live.possible() if what != left_out]
        if not possible:
            break
        live.hear(run.send(live.do(possible[0])))
    run.now += 5.0
    with pytest.raises(CassetteMismatch, match="waited 5 s"):
        run.receive()
    assert run.player.unplayed


@given(episodes(), st.data())
def test_two_frames_of_a_lane_in_the_wrong_order_are_a_mismatch(recorded: list[Entry], data: st.DataObject) -> None:
    lanes = [frames for frames in LiveHost(recorded).lanes.values() if len(frames) > 1]
    if not lanes:
        return
    frames = data.draw(st.sampled_from(lanes))
    run = Host(player(recorded))
    with pytest.raises(CassetteMismatch, match="is not what was recorded"):
        run.send(frames[1])


@given(episodes())
def test_an_answer_before_its_question_is_a_mismatch(recorded: list[Entry]) -> None:
    unasked = list(LiveHost(recorded).answers.values())
    if not unasked:
        return
    run = Host(player(recorded))
    with pytest.raises(CassetteMismatch, match="the CLI has not asked this"):
        run.player.receive_data(json.dumps(unasked[-1]).encode() + b"\n")


SESSION = [
    spawn(),
    host(request("rec", "initialize")),
    cli(answer("rec", {"text": "é"})),
    host(prompt("grüße \u2028")),
    cli(asks_for("a")),
    host(answer("a", {"behavior": "allow"})),
    cli(result()),
    eof(),
    exits(),
]
SPOKEN = b"".join(
    json.dumps(frame, ensure_ascii=False).encode() + b"\n"
    for frame in (request("r1", "initialize"), prompt("grüße \u2028"))
)


@pytest.mark.parametrize("split", range(len(SPOKEN) + 1))
def test_where_the_bytes_of_the_host_are_split_does_not_matter(split: int) -> None:
    run = Host(player(SESSION))
    heard = b""
    for part in (SPOKEN[:split], SPOKEN[split:]):
        if part:
            run.player.receive_data(part)
        heard += run.receive_bytes()
    whole = Host(player(SESSION))
    whole.player.receive_data(SPOKEN)
    assert heard == whole.receive_bytes()
    assert run.until == whole.until


ids = st.sampled_from(["a", "b", "rec", "req_1"])
nonsense = st.one_of(
    st.builds(prompt, st.sampled_from(["x", "y"])),
    st.builds(request, ids, st.sampled_from(["initialize", "interrupt", "mcp_message"])),
    st.builds(answer, ids, st.sampled_from([None, {"behavior": "allow"}])),
    st.builds(cancel, ids),
    st.builds(asks_for, ids),
    st.just(result()),
    st.dictionaries(
        st.sampled_from(["type", "request", "request_id", "response", "message"]),
        st.one_of(st.none(), st.integers(), ids, st.lists(ids), st.dictionaries(ids, ids)),
    ),
)
entries_of_nonsense = st.one_of(
    nonsense.map(host),
    nonsense.map(cli),
    st.sampled_from([eof(), signal("SIGTERM"), signal("SIGINT"), stderr("x"), noise("x"), noise("x", "host")]),
)
deeds = st.one_of(
    nonsense.map(lambda frame: json.dumps(frame).encode() + b"\n"),
    st.sampled_from([b"", b"{", b"\xff\n", b"[1]\n", b"\n", b"NaN\n"]),
    st.sampled_from([1, 2, 9, 15, 30]),
)


@settings(max_examples=300)
@given(
    st.lists(st.lists(entries_of_nonsense, max_size=8), max_size=3),
    st.lists(deeds, max_size=12),
    st.sampled_from(["verify", "stub", "ignore"]),
)
def test_whatever_happens_the_run_ends_in_an_exit_or_a_verdict(
    recorded: list[list[Entry]], done: list[Any], answers: str
) -> None:
    made = cassette(*([spawn(), *entries, exits()] for entries in recorded))
    try:
        assert ends(Player(made.episodes, answers=answers, patience=30.0), done)
    except (CassetteMismatch, CassetteError):
        pass


def ends(playing: Player, done: list[Any]) -> bool:
    """Whether the run ends once the host has done all that and then waits."""
    playing.open(Command(ARGV, env={}, cwd="/project"))
    now = 0.0
    for deed in done:
        if isinstance(deed, int):
            playing.receive_signal(deed)
        else:
            playing.receive_data(deed)
        if isinstance(_until_it_waits(playing, now), Exit):
            return True
    for _ in range(100):
        now += 30.0
        action = _until_it_waits(playing, now)
        if isinstance(action, Exit):
            return True
        assert action.until is not None, "a player that waits has a limit"
    return False


def _until_it_waits(playing: Player, now: float) -> Exit | NeedData:
    while True:
        action = playing.next_action(now)
        if isinstance(action, Exit | NeedData):
            return action
        assert isinstance(action, Write | WriteErr)
