"""The wires of the eight uses on the scripted fake, frame by frame beside the recordings of the real CLI.

The recordings in `cassettes/` come from the real CLI with the same replies of the model, by

    python cassettes/record.py --shared ../shared --cli PATH/TO/claude seed_ask seed_hooks …

which runs each program there again.  The last time (2026-11-28, all eleven) every frame was the one of the cassette but
for inventories, and for how far the text came that `interrupt` cuts.  The comparison is that of `make fidelity`, and
needs the shared folder's `harness/`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import anyio
import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing import ScriptTransport
from claude_code_sdk.testing.scripted_cli import fake_cli_for
from claude_code_sdk.transports.base import Channel, Transport
from tests.fidelity.compare import use_harness, wire_differences, wire_score
from tests.fidelity.conftest import shared
from tests.fidelity.tap import Tapped, WireLog

from . import programs
from .replay import CASSETTES, PROJECT, script_named

__all__ = ["shared"]

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of the shared folder's code

USES: dict[str, Callable[[], Awaitable[None]]] = {
    "two_turns": programs.two_turns,
    "with_options": partial(programs.with_options, PROJECT),
    "custom_tools": programs.custom_tools,
    "hooks": programs.hooks,
    "interrupt": programs.interrupt,
    "server_info": programs.server_info,
    "explicit_connect": programs.explicit_connect,
    "ask": programs.ask,
    "ask_with_options": partial(programs.ask_with_options, PROJECT),
    "ask_a_stream": programs.ask_a_stream,
    "ask_a_stream_with_options": partial(programs.ask_a_stream_with_options, PROJECT),
}

SKELETON, DEEP = 0.98, 0.92
"""The least that is asked of a fake's wire: frames of the same kind in the same order, and equal ones."""

RACES = {"custom_tools": (0.9, 0.83)}
"""Less is asked where the real CLI races: whether it lists a server's tools before the turn begins or just after."""

HOME = "/home/user"
PLACEHOLDERS = {"{{cwd}}": PROJECT, "{{home}}": HOME, "{{cwd-slug}}": PROJECT.replace("/", "-"), "{{temp}}": "/tmp"}
"""What stands in recordings for the directories of their program."""


class AtProject:
    """Opens runs as if the program were in the directory of the recordings."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        there = Command(command.argv, env={**command.env, "HOME": HOME}, cwd=PROJECT, files=command.files)
        return await self._transport.open(there, on_stderr=on_stderr)


def recorded_wire(name: str, folder: Path) -> Path:
    """A recording as the harness writes one."""
    folder.mkdir()
    (episode,) = load(CASSETTES / f"{name}.jsonl").episodes
    directions = {"host": "to_cli", "cli": "from_cli"}
    records = [
        {"t": 0, "dir": directions[entry.source], "line": json.dumps(entry.value)}
        for entry in episode.entries
        if entry.kind == "frame"
    ]
    text = "".join(json.dumps(record) + "\n" for record in records)
    for placeholder, place in PLACEHOLDERS.items():
        text = text.replace(placeholder, place)
    (folder / "wire.jsonl").write_text(text)
    return folder


@pytest.mark.parametrize("name", USES)
async def test_the_wire_of_the_fake_is_that_of_the_real_cli(name: str, tmp_path: Path, shared: Path) -> None:
    use_harness(shared / "harness")
    played = tmp_path / "played"
    played.mkdir()
    log = WireLog(played)
    transport = ScriptTransport(
        script_named(name, PROJECT), make_engine=lambda run: Tapped(fake_cli_for(run), log.next())
    )
    with use_transport(AtProject(transport)), anyio.fail_after(30):
        await USES[name]()
    real = recorded_wire(name, tmp_path / "recorded")
    score = wire_score(real, played)
    differences = "\n".join(wire_differences(real, played))
    skeleton, deep = RACES.get(name, (SKELETON, DEEP))
    assert score.skeleton >= skeleton, differences
    assert score.deep >= deep, differences
