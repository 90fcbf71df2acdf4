"""What the tests of recording share: live sides that a program meets, and the program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import anyio

from claude_code_sdk import AssistantMessage, ClaudeCodeOptions, ClaudeSDKClient, Message, TextBlock, query
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.in_process import InProcessTransport
from tests.client.peers import Peer, assistant, result

CASSETTES = Path(__file__).parents[3] / "cassettes"
"""The project's recordings of the real CLI."""


class LiveCLI:
    """A CLI that answers each prompt with `reply(prompt)`; every run is a `Peer` of its own.

    - `runs`: those that were opened; `prompts`: what they were asked, in order.
    - `on_control`: as in `Peer`.
    """

    def __init__(self, reply: Callable[[str], str] = str.upper) -> None:
        self.runs: list[Peer] = []
        self.on_control: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self._reply = reply
        self.transport = InProcessTransport(self._open, close_timeout=0.2)

    @property
    def prompts(self) -> list[str]:
        return [frame["message"]["content"] for peer in self.runs for frame in peer.of_type("user")]

    def _open(self, command: Command) -> Peer:
        self.runs.append(Peer(self._turn, on_control=self.on_control))
        return self.runs[-1]

    def _turn(self, frame: dict[str, Any]) -> Iterable[Any]:
        text = self._reply(frame["message"]["content"])
        return [assistant(text), result(result=text)]


class NoCLI:
    """A live side that must not be reached."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        raise AssertionError("the CLI was started")


def recorded_run(name: str) -> CassetteTransport:
    """A recording of the project as the live side: whatever the program does, it hears what was recorded."""
    return CassetteTransport(CASSETTES / f"{name}.jsonl", match_on=(), answers="ignore")


async def ask(prompt: str, **options: Any) -> list[Message]:
    """What `query()` gives for a prompt."""
    with anyio.fail_after(10):
        return [message async for message in query(prompt=prompt, options=ClaudeCodeOptions(**options))]


async def converse(*prompts: str) -> list[str]:
    """What the model says to each prompt, in one session of a client."""
    said = []
    with anyio.fail_after(10):
        async with ClaudeSDKClient() as client:
            for prompt in prompts:
                await client.query(prompt)
                said.append(text_of([message async for message in client.receive_response()]))
    return said


def text_of(messages: Iterable[Message]) -> str:
    """What the model says in these messages."""
    blocks = [block for message in messages if isinstance(message, AssistantMessage) for block in message.content]
    return "".join(block.text for block in blocks if isinstance(block, TextBlock))


def frames_of(path: Path) -> list[list[tuple[str, str]]]:
    """Of each episode of a cassette: whose each entry is, and what kind or type."""
    return [
        [
            (entry.source, entry.value.get("type", "?") if entry.kind == "frame" else entry.kind)
            for entry in episode.entries
        ]
        for episode in load(path).episodes
    ]


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a file, decoded."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def content_of(path: Path) -> bytes | None:
    """What is in a file, None when there is none."""
    return path.read_bytes() if path.exists() else None


def files_in(folder: Path) -> list[str]:
    """The names of the files in a folder."""
    return sorted(file.name for file in folder.iterdir())
