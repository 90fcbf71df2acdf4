"""Runs a program of `programs.py` on its recording or on its script, and keeps what crossed.

Both are played in process, and by an executable that plays the CLI in a process of its own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
from docs.examples.frame_tap import FrameTap

from claude_code_sdk import SubprocessTransport, use_transport
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing import Script, ScriptTransport, check_executable
from claude_code_sdk.testing.executable import write_executable
from claude_code_sdk.transports.base import Channel, Transport

CASSETTES = Path(__file__).parent / "cassettes"
SCRIPTS = Path(__file__).parent / "scripts"
PROJECT = "/project"
"""The program's folder in recordings and scripts."""
PATIENCE = 5.0
"""Seconds that a recording waits for the program: less than the tests' own limits, so that its text is what we see."""


class Run:
    """Opens runs on `transport` and keeps them: their `commands`, and their `frames` with whose they are."""

    def __init__(self, transport: Transport) -> None:
        self.commands: list[Command] = []
        self.frames: list[tuple[str, dict[str, Any]]] = []
        self.channels: list[Channel] = []
        self._tap = FrameTap(transport, lambda source, frame: self.frames.append((source, frame)))

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        self.commands.append(command)
        channel = await self._tap.open(command, on_stderr=on_stderr)
        self.channels.append(channel)
        return channel

    @property
    def prompts(self) -> list[str]:
        """What was asked."""
        return [frame["message"]["content"] for source, frame in self.frames if _is(source, frame, "host", "user")]

    @property
    def results(self) -> list[dict[str, Any]]:
        """The result frames."""
        return [frame for source, frame in self.frames if _is(source, frame, "cli", "result")]

    @property
    def tool_results(self) -> dict[str, dict[str, Any]]:
        """What each tool call gave, by its id."""
        contents = [frame["message"]["content"] for source, frame in self.frames if _is(source, frame, "cli", "user")]
        blocks = [block for content in contents if isinstance(content, list) for block in content]
        return {block["tool_use_id"]: block for block in blocks if block["type"] == "tool_result"}

    def requests(self, source: str, subtype: str) -> list[dict[str, Any]]:
        """The control requests of one subtype that `source` sent."""
        asked = [frame["request"] for by, frame in self.frames if _is(by, frame, source, "control_request")]
        return [request for request in asked if request["subtype"] == subtype]

    @property
    def server_info(self) -> dict[str, Any]:
        """What the CLI answered to the handshake."""
        answers = [frame["response"] for source, frame in self.frames if _is(source, frame, "cli", "control_response")]
        info: dict[str, Any] = answers[0]["response"]
        return info

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What the program's callbacks and tools answered."""
        given = [frame for source, frame in self.frames if _is(source, frame, "host", "control_response")]
        return [frame["response"].get("response") for frame in given]


def _is(source: str, frame: dict[str, Any], wanted_source: str, kind: str) -> bool:
    return source == wanted_source and frame.get("type") == kind


async def replay_in_process(program: Callable[[], Awaitable[object]], cassette: str) -> Run:
    """Run `program` on `cassette` without a process.

    Raises `CassetteMismatch` when it does something else than when it was recorded, `UnplayedEpisode` when it stops
    earlier.
    """
    transport = CassetteTransport(CASSETTES / f"{cassette}.jsonl", answers="verify", patience=PATIENCE)
    run = await _run(program, transport)
    transport.check()
    return run


async def replay_with_fake_claude(program: Callable[[], Awaitable[object]], cassette: str, bin_folder: Path) -> Run:
    """Run `program` against an executable `claude` in `bin_folder`, which must be first on PATH.

    Fails when a run ended in another way than when it was recorded; its exit code is 70 where the program did something
    else or stopped earlier.
    """
    path = CASSETTES / f"{cassette}.jsonl"
    write_executable(bin_folder, cassette=path, answers="verify", patience=PATIENCE)
    run = await _run(program, SubprocessTransport())
    for channel in run.channels:
        status = await channel.wait()
        assert status.code == 0, status.stderr_tail
    return run


def script_named(name: str, project: str) -> Script:
    """The script of a program that works in the folder `project`."""
    text = (SCRIPTS / f"{name}.json").read_text()
    return Script.from_json(json.loads(text.replace(PROJECT, project)))


async def play_in_process(program: Callable[[], Awaitable[object]], script: Script) -> Run:
    """Run `program` on the fake CLI without a process.

    Raises `ScriptError` when it does something else than is expected or leaves some of the script.
    """
    transport = ScriptTransport(script)
    run = await _run(program, transport)
    transport.check()
    return run


async def play_with_fake_claude(program: Callable[[], Awaitable[object]], script: Script, bin_folder: Path) -> Run:
    """Run `program` against an executable `claude` in `bin_folder`, which must be first on PATH; raises likewise."""
    path = write_executable(bin_folder, script)
    run = await _run(program, SubprocessTransport())
    check_executable(path, script=script)
    for channel in run.channels:
        status = await channel.wait()
        assert status.code == 0, status.stderr_tail
    return run


async def _run(program: Callable[[], Awaitable[object]], transport: Transport) -> Run:
    run = Run(transport)
    with use_transport(run), anyio.fail_after(30):
        await program()
    return run
