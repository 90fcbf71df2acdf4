"""Partial messages: the events of a reply as it streams, and whole frames where nobody asks for them."""

from __future__ import annotations

import json
from pathlib import Path

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only

PARTIAL = (
    "--include-partial-messages",
    "--permission-mode",
    "bypassPermissions",
    "--allow-dangerously-skip-permissions",
)


def said(script: Script, folder: Path, *flags: str) -> list[Frame]:
    cli = ByHand(script, folder, *flags)
    cli.start()
    return cli.prompt("go")


def events(frames: list[Frame]) -> list[Frame]:
    return [frame["event"] for frame in only(frames, "stream_event")]


def test_a_text_streams_from_the_message_start_to_its_stop(tmp_path: Path) -> None:
    frames = said(Script().says("Hello there", chunk=6), tmp_path, *PARTIAL)
    told = events(frames)
    assert [event["type"] for event in told] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert "".join(event["delta"]["text"] for event in told[2:4]) == "Hello there"
    assert told[5]["delta"]["stop_reason"] == "end_turn"


def test_the_whole_block_comes_when_it_has_been_streamed(tmp_path: Path) -> None:
    frames = said(Script().says("Hello"), tmp_path, *PARTIAL)
    kinds = [frame.get("event", frame)["type"] for frame in frames if frame["type"] in ("stream_event", "assistant")]
    assert kinds[kinds.index("assistant") - 1 : kinds.index("assistant") + 2] == [
        "content_block_delta",
        "assistant",
        "content_block_stop",
    ]


def test_the_input_of_a_tool_streams_as_json(tmp_path: Path) -> None:
    frames = said(Script().calls("Bash", command="echo 1").returns("1").says("Done."), tmp_path, *PARTIAL)
    deltas = [event["delta"] for event in events(frames) if event["type"] == "content_block_delta"]
    parts = [delta["partial_json"] for delta in deltas if delta["type"] == "input_json_delta"]
    assert json.loads("".join(parts)) == {"command": "echo 1"}


def test_thoughts_stream_before_the_text(tmp_path: Path) -> None:
    frames = said(Script().thinks("Hm.").says("Hello"), tmp_path, *PARTIAL)
    starts = [event["content_block"]["type"] for event in events(frames) if event["type"] == "content_block_start"]
    assert starts[:1] == ["thinking"]


def test_chunks_come_when_their_time_comes(tmp_path: Path) -> None:
    cli = ByHand(Script().says("aabbcc", chunk=2, chunk_delay=1.0), tmp_path, *PARTIAL)
    cli.patience = 0.5
    cli.start()
    cli.prompt("go")
    seen = []
    for _ in range(4):
        deltas = [event["delta"]["text"] for event in events(cli.frames) if event["type"] == "content_block_delta"]
        seen.append("".join(deltas))
        cli.wait(1.0)
    assert seen[-1] == "aabbcc"
    assert len(set(seen)) == 3


def test_without_the_flag_no_event_is_told_and_the_message_is_the_same(tmp_path: Path) -> None:
    quiet = said(Script().says("Hello there", chunk=6), tmp_path / "quiet")
    loud = said(Script().says("Hello there", chunk=6), tmp_path / "loud", *PARTIAL)
    assert events(quiet) == []
    assert one(quiet, "assistant")["message"]["content"] == one(loud, "assistant")["message"]["content"]
