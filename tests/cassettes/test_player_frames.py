"""Frames that the player hands over decoded: the same frames as its writes say, or none at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Entry, Episode
from claude_code_sdk.cassettes.delivery import WRITE_SIZE
from claude_code_sdk.cassettes.jsonl import dumps, loads
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.transport import CassetteChannel, CassetteTransport
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, Write

from .playing import (
    ARGV,
    PATH,
    answer,
    asks_for,
    cassette,
    cli,
    exits,
    handshake,
    host,
    initialize,
    noise,
    player,
    prompt,
    result,
    says,
    spawn,
)

COMMAND = Command(ARGV, env={"HOME": "/home/me"}, cwd="/project")
ANY_LENGTH = 2**30


def decode_lines(lines: bytes) -> list[Any]:
    return [json.loads(line) for line in lines.splitlines()]


def opened(*entries: Entry, **settings: Any) -> Player:
    playing = player([spawn(), *entries], decode_lines=decode_lines, **settings)
    playing.open(COMMAND)
    return playing


def frames_of(playing: Player) -> list[Any]:
    """What is handed over decoded before the player wants to be asked otherwise."""
    frames: list[Any] = []
    while (found := playing.next_frames(ANY_LENGTH)) is not None:
        frames += found[0]
    return frames


def test_a_run_of_frames_is_handed_over_up_to_what_the_host_has_to_do() -> None:
    playing = opened(cli(says("a")), cli(says("b")), host(prompt("go")), cli(says("c")), exits())
    assert frames_of(playing) == [says("a"), says("b")]
    playing.receive_data(json.dumps(prompt("go")).encode() + b"\n")
    assert playing.next_frames(ANY_LENGTH) is None  # the prompt is the next entry
    action = playing.next_action(0.0)
    assert isinstance(action, Write)
    assert json.loads(action.data) == says("c")
    assert isinstance(playing.next_action(0.0), Exit)


def test_the_size_is_that_of_the_lines() -> None:
    data = b'{"at":1,"from":"cli","frame":{"type":"x"}}\n{"at":10,"from":"cli","frame":{"type":"y"}}\n'
    head = b'{"cassette":1}\n{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null,"env":{}}}\n'
    playing = Player(loads(head + data).episodes, decode_lines=decode_lines)
    playing.open(Command(("claude",)))
    assert playing.next_frames(ANY_LENGTH) == ([{"type": "x"}, {"type": "y"}], len(data))


def test_frames_come_in_pieces() -> None:
    frames = [says("x" * 400, n=n) for n in range(1000)]
    playing = opened(*map(cli, frames), exits())
    sizes = []
    while (found := playing.next_frames(ANY_LENGTH)) is not None:
        sizes.append(found[1])
    assert len(sizes) > 5
    assert max(sizes) <= WRITE_SIZE


def test_placeholders_become_the_places_of_the_live_run() -> None:
    playing = opened(cli(says("{{cwd}}/x and {{home}}")), exits())
    assert frames_of(playing) == [says("/project/x and /home/me")]


def test_ids_are_those_of_the_live_run() -> None:
    recorded, live = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    minted = cli({"type": "system", "session_id": recorded})
    playing = player([spawn(f"--resume={recorded}"), minted, cli(says(recorded)), exits()], decode_lines=decode_lines)
    playing.open(Command((*ARGV, f"--resume={live}")))
    assert frames_of(playing) == [{"type": "system", "session_id": live}, says(live)]


def test_control_frames_are_left_to_be_written() -> None:
    playing = opened(*handshake(), cli(asks_for("a")), cli(says("b")), exits())
    playing.receive_data(json.dumps(initialize("live")).encode() + b"\n")
    assert frames_of(playing) == []


def test_what_follows_an_unanswered_request_is_left_to_the_clock() -> None:
    playing = opened(cli(asks_for("a")), cli(says("b")), host(answer("a", {})), exits())
    assert isinstance(playing.next_action(0.0), Write)
    assert playing.next_frames(ANY_LENGTH) is None


def test_a_line_that_may_be_too_long_for_the_reader_is_left_to_be_written() -> None:
    playing = opened(cli(says("x" * 300)), exits())
    assert playing.next_frames(300) is None
    assert playing.next_frames(500) is not None


def test_a_line_behind_one_that_has_no_end_is_left_to_be_written() -> None:
    torn = noise("torn")
    torn.extra = {"torn": True}
    playing = opened(torn, cli(says("a")), exits())
    assert playing.next_action(0.0).data == b"torn"  # type: ignore[union-attr]
    assert playing.next_frames(ANY_LENGTH) is None
    assert playing.next_action(0.0).data == json.dumps(says("a"), separators=(",", ":")).encode() + b"\n"  # type: ignore[union-attr]


def test_entries_that_come_from_no_file_are_left_to_be_written() -> None:
    playing = Player([Episode([spawn(), cli(says("a")), exits()])], decode_lines=decode_lines)
    playing.open(COMMAND)
    assert playing.next_frames(ANY_LENGTH) is None


def test_nothing_is_handed_over_after_the_end() -> None:
    playing = opened(cli(says("a")), exits())
    playing.close()
    assert playing.next_frames(ANY_LENGTH) is None


@pytest.mark.parametrize(
    "damage",
    [
        (b'"two"', b'"two'),
        (b'"two"', b'"two",'),
        (b'"two"', b'"\xff"'),
        (b'"text":"two"}]}}', b'"text":"two"}]}},{"type":"assistant","message":{}}'),
    ],
)
async def test_damage_is_raised_before_the_reader_has_any_of_its_read(damage: tuple[bytes, bytes]) -> None:
    channel = await opened_with_damage(*damage)
    with pytest.raises(CassetteError, match=r"test_it\.jsonl:4:\d+: the frame is not"):
        await channel.receive_frames(ANY_LENGTH)
    channel.kill()
    await channel.aclose()


async def opened_with_damage(found: bytes, put: bytes) -> CassetteChannel:
    data = dumps(cassette([spawn(), cli(says("one")), cli(says("two")), cli(says("three")), exits()]))
    assert found in data
    return await CassetteTransport(loads(data.replace(found, put), path=PATH)).open(COMMAND)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b'{"type":"assistant","text":"\\ud83d"}', id="a lone surrogate"),
        pytest.param(b'{"type":"assistant","number":123456789012345678901}', id="more than 64 bits"),
        pytest.param(b'{"type":"assistant","number":1e400}', id="infinite"),
    ],
)
async def test_json_that_needs_care_is_given_as_lines(frame: bytes) -> None:
    head = b'{"cassette":1}\n{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null,"env":{}}}\n'
    recorded = loads(head + b'{"at":1,"from":"cli","frame":%b}\n{"at":2,"from":"cli","exit":0}\n' % frame)
    channel = await CassetteTransport(recorded).open(Command(("claude",)))
    assert await channel.receive_frames(ANY_LENGTH) == frame + b"\n"
    await channel.aclose()


async def test_a_reader_gets_frames_and_lines_in_order_and_then_the_end() -> None:
    entries = [spawn(), cli(says("a")), noise("not json"), cli(says("b")), cli(result()), exits()]
    channel = await CassetteTransport(cassette(entries)).open(COMMAND)
    frames = await channel.receive_frames(ANY_LENGTH)
    assert isinstance(frames, tuple)
    assert frames[0] == [says("a")]
    lines = await channel.receive_frames(ANY_LENGTH)
    assert isinstance(lines, bytes)
    assert lines.split(b"\n")[0] == b"not json"
    assert [json.loads(line) for line in lines.split(b"\n")[1:-1]] == [says("b"), result()]
    assert await channel.receive_frames(ANY_LENGTH) == b""
    await channel.aclose()


plain = st.builds(lambda text: cli(says(text)), st.text(max_size=30))
steps = st.lists(st.one_of(plain, plain, st.just(noise("not json")), st.just(cli(asks_for("r")))), max_size=12)


@given(steps, st.integers(1, 200))
def test_whichever_way_frames_come_they_are_the_same(entries: list[Entry], longest: int) -> None:
    written, handed = opened(*entries, exits()), opened(*entries, exits())
    now = 0.0
    expected, got = b"", b""
    while not isinstance(action := written.next_action(now), Exit):
        expected += action.data if isinstance(action, Write) else b""
        now += 0.3
    while True:
        found = handed.next_frames(longest)
        if found is not None:
            got += b"".join(
                json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for frame in found[0]
            )
            continue
        action = handed.next_action(now)
        if isinstance(action, Exit):
            break
        got += action.data if isinstance(action, Write) else b""
        now += 0.3
    assert got == expected
