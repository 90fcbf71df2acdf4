"""The wire of an engine in process, as the harness's tee would have written it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.far_end import FarEnd, Step
from claude_code_sdk.transports.in_process import InProcessTransport

from .tap import Tapped, WireLog


def records(path: Path) -> list[tuple[str, Any]]:
    return [(record["dir"], record["line"]) for record in map(json.loads, path.read_text().splitlines())]


async def test_lines_are_recorded_whole_in_both_directions(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    far_end = FarEnd([Step("hear"), Step("say", "a"), Step("say", "b\nc\n"), Step("complain", "ouch")])
    channel = await InProcessTransport(lambda _: Tapped(far_end, path)).open(Command(("claude", "-p")))
    await channel.send(b"hello\n")
    while await channel.receive():
        pass
    await channel.aclose()
    meta, *lines, end = records(path)
    assert meta == ("meta", {"event": "spawn", "argv": ["claude", "-p"], "cwd": None})
    assert lines == [("to_cli", "hello"), ("from_cli", "ab"), ("from_cli", "c"), ("stderr", "ouch")]
    assert end == ("meta", {"event": "exit", "code": 0})


async def test_what_is_said_while_the_run_is_closed_counts(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    far_end = FarEnd([Step("end"), Step("say", "late\nunfinished")])
    channel = await InProcessTransport(lambda _: Tapped(far_end, path)).open(Command(("claude",)))
    await channel.aclose()
    assert [line for direction, line in records(path) if direction == "from_cli"] == ["late", "unfinished"]


def test_further_runs_have_files_of_their_own(tmp_path: Path) -> None:
    log = WireLog(tmp_path)
    assert [log.next().name for _ in range(3)] == ["wire.jsonl", "wire.2.jsonl", "wire.3.jsonl"]
