"""A cassette as a transport, on both event loops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from claude_code_sdk.protocol.command import Command, ExitStatus
from claude_code_sdk.transports.base import Channel

from .playing import (
    ARGV,
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
    request,
    result,
    says,
    spawn,
    stderr,
    turn,
)

ONE = [spawn(), *handshake(), *turn("one", "1"), stderr("warning"), eof(), exits()]
TWO = [spawn(), *handshake(), *turn("two", "2"), eof(), exits()]

COMMAND = Command(ARGV, env={"HOME": "/home/me"}, cwd="/project")


async def write(channel: Channel, frame: dict[str, Any]) -> None:
    await channel.send(json.dumps(frame).encode() + b"\n")


async def read(channel: Channel) -> list[Any]:
    with anyio.fail_after(5):
        return [json.loads(line) for line in (await channel.receive()).splitlines()]


async def ask(transport: CassetteTransport, text: str) -> Any:
    """A whole run with one prompt: what it was told."""
    channel = await transport.open(COMMAND)
    try:
        await write(channel, initialize())
        await read(channel)
        await write(channel, prompt(text))
        said = (await read(channel))[-1]["result"]
        await channel.send_eof()
        with anyio.fail_after(5):
            assert await channel.receive() == b""
            assert await channel.wait() == ExitStatus(0, channel.stderr_tail)
    finally:
        await channel.aclose()
    return said


async def test_runs_play_the_episodes_that_fit_them() -> None:
    transport = CassetteTransport(cassette(ONE, TWO))
    assert await ask(transport, "two") == "2"
    assert await ask(transport, "one") == "1"
    transport.check()


async def test_a_cassette_is_read_from_its_path_when_a_run_is_opened(tmp_path: Path) -> None:
    transport = CassetteTransport(tmp_path / "it.jsonl")
    transport.check()
    dump(cassette(ONE), tmp_path / "it.jsonl")
    assert await ask(transport, "one") == "1"
    transport.check()


async def test_stderr_is_reported_and_kept() -> None:
    lines: list[str] = []
    transport = CassetteTransport(cassette([spawn(), stderr("Error: no"), exits(1)]))
    channel = await transport.open(COMMAND, on_stderr=lines.append)
    with anyio.fail_after(5):
        assert await channel.receive() == b""
        assert await channel.wait() == ExitStatus(1, "Error: no")
    assert lines == ["Error: no"]
    await channel.aclose()


async def test_a_mismatch_is_raised_in_the_task_that_wrote_and_by_check() -> None:
    transport = CassetteTransport(cassette(ONE), accept="pytest --claude-record=all")
    channel = await transport.open(COMMAND)
    with pytest.raises(CassetteMismatch, match="accept the new behaviour:  pytest --claude-record=all") as raised:
        await write(channel, request("x", "interrupt"))
    with pytest.raises(CassetteMismatch) as read_again:
        await read(channel)
    await channel.aclose()
    with pytest.raises(CassetteMismatch) as checked:
        transport.check()
    assert raised.value is read_again.value is checked.value


async def test_closing_after_a_mismatch_raises_nothing_more() -> None:
    channel = await CassetteTransport(cassette(ONE)).open(COMMAND)
    with pytest.raises(CassetteMismatch):
        await write(channel, request("x", "interrupt"))
    await channel.aclose()
    assert (await channel.wait()).code == 70


async def test_the_first_of_two_mismatches_is_the_one_that_check_raises() -> None:
    transport = CassetteTransport(cassette(ONE))
    for flag in ("--continue", "--verbose"):
        with pytest.raises(CassetteMismatch, match="no episode has this command line"):
            await transport.open(Command((*ARGV, flag) if flag == "--continue" else ("claude",)))
    with pytest.raises(CassetteMismatch, match=r"\+ --continue"):
        transport.check()


async def test_a_program_that_waits_for_what_was_not_recorded_is_told_so() -> None:
    transport = CassetteTransport(cassette(ONE), patience=0.01)
    channel = await transport.open(COMMAND)
    with pytest.raises(CassetteMismatch, match="the program did not go on"):
        await read(channel)
    await channel.aclose()


async def test_answers_are_verified_on_request() -> None:
    entries = [cli(asks_for("a")), host(answer("a", {"behavior": "deny"})), cli(result()), eof(), exits()]
    transport = CassetteTransport(cassette([spawn(), *entries]), answers="verify")
    channel = await transport.open(COMMAND)
    assert await read(channel) == [asks_for("a")]
    with pytest.raises(CassetteMismatch, match="host answers can_use_tool"):
        await write(channel, answer("a", {"behavior": "allow"}))
    await channel.aclose()


async def test_a_program_that_stops_early_leaves_the_rest_unplayed() -> None:
    transport = CassetteTransport(cassette(ONE, TWO))
    channel = await transport.open(COMMAND)
    await write(channel, initialize())
    await read(channel)
    await channel.aclose()
    with pytest.raises(UnplayedEpisode) as raised:
        transport.check()
    assert "episode 1 was not played to its end" in str(raised.value)
    assert "episode 2 was not played\n" in str(raised.value)


async def test_leaving_after_the_result_plays_to_the_end() -> None:
    transport = CassetteTransport(cassette(ONE))
    channel = await transport.open(COMMAND)
    await write(channel, initialize())
    await write(channel, prompt("one"))
    await read(channel)
    await channel.aclose()
    transport.check()


async def test_a_missing_cassette_is_an_error_with_advice(tmp_path: Path) -> None:
    path = str(tmp_path / "none.jsonl")
    transport = CassetteTransport(path, accept="pytest t.py --claude-record=once")
    with pytest.raises(CassetteNotFound) as raised:
        await transport.open(COMMAND)
    assert str(raised.value) == (f"{path}: there is no such cassette\n\n  record it:  pytest t.py --claude-record=once")


async def test_a_damaged_cassette_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "it.jsonl").write_text('{"cassette":1}\n{"at":0,')
    with pytest.raises(CassetteError, match=r"it\.jsonl:2:"):
        await CassetteTransport(tmp_path / "it.jsonl").open(COMMAND)


async def test_damage_inside_a_frame_is_raised_to_the_reader_and_by_check(tmp_path: Path) -> None:
    path = tmp_path / "it.jsonl"
    dump(cassette([spawn(), cli(says("a")), exits()]), path)
    path.write_bytes(path.read_bytes().replace(b'"a"', b'"a'))
    transport = CassetteTransport(path)
    channel = await transport.open(COMMAND)
    with pytest.raises(CassetteError, match=r"it\.jsonl:3:\d+: the frame is not JSON"):
        await read(channel)
    channel.kill()
    await channel.aclose()
    with pytest.raises(CassetteError, match=r"it\.jsonl:3:"):
        transport.check()


async def test_frames_that_orjson_refuses_are_played_all_the_same(tmp_path: Path) -> None:
    frame = says("\ud83d")
    path = tmp_path / "it.jsonl"
    dump(cassette([spawn(), cli(frame), cli(says("b")), exits()]), path)
    channel = await CassetteTransport(path).open(COMMAND)
    assert await read(channel) == [frame, says("b")]
    await channel.aclose()


@pytest.mark.parametrize(
    ("mode", "answers", "verified"),
    [
        ("record", None, True),
        (None, None, True),  # written by hand
        ("import", None, False),
        ("import", "verify", True),
        ("record", "ignore", False),
    ],
)
async def test_answers_are_verified_unless_the_recording_was_imported(
    mode: str | None, answers: str | None, verified: bool
) -> None:
    asked = [cli(asks_for("a")), host(answer("a", {"behavior": "deny"})), cli(result()), eof(), exits()]
    recorded = cassette([spawn(), *asked])
    recorded.header = {"cli": "2.1.330"} if mode is None else {"cli": "2.1.330", "mode": mode}
    channel = await CassetteTransport(recorded, answers=answers).open(COMMAND)
    assert await read(channel) == [asks_for("a")]
    if verified:
        with pytest.raises(CassetteMismatch, match=r'- response\.behavior: "deny"'):
            await write(channel, answer("a", {"behavior": "allow"}))
    else:
        await write(channel, answer("a", {"behavior": "allow"}))
        assert await read(channel) == [result()]
    await channel.aclose()


async def test_stub_asks_for_no_answers() -> None:
    asked = [cli(asks_for("a")), host(answer("a", {"behavior": "deny"})), cli(result()), eof(), exits()]
    transport = CassetteTransport(cassette([spawn(), *asked]), answers="stub")
    channel = await transport.open(COMMAND)
    assert await read(channel) == [result()]
    await channel.aclose()
    transport.check()


async def test_what_was_left_unplayed_may_be_ignored_and_a_mismatch_may_not() -> None:
    transport = CassetteTransport(cassette(ONE, TWO), unplayed="ignore")
    channel = await transport.open(COMMAND)
    await write(channel, initialize())
    await channel.aclose()
    transport.check()
    channel = await transport.open(COMMAND)
    with pytest.raises(CassetteMismatch):
        await write(channel, request("x", "interrupt"))
    await channel.aclose()
    with pytest.raises(CassetteMismatch):
        transport.check()


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"answers": "check"}, "answers='check': it is one of verify, stub, ignore"),
        ({"unplayed": "tell"}, "unplayed='tell': it is one of fail, ignore"),
    ],
)
def test_an_unknown_word_is_refused_before_anything_is_read(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        CassetteTransport("none.jsonl", **settings)


async def test_the_text_names_the_record_mode_and_the_matchers() -> None:
    transport = CassetteTransport(cassette(ONE), match_on=("argv", "raw"), answers="stub", record_mode="once")
    channel = await transport.open(COMMAND)
    with pytest.raises(CassetteMismatch, match="\n  record mode once; matched on argv, raw; answers: stub\n"):
        await write(channel, request("x", "interrupt"))
    await channel.aclose()
