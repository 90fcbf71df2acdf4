"""A live host that does what a recorded one did: what mutation and order tests start from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from claude_code_sdk.cassettes.cassette import Cassette, Episode
from claude_code_sdk.cassettes.live_texts import LivePaths
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.verdicts import not_played
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData

Frame = dict[str, Any]
Deed = tuple[str, Any]
"""`("frame", {…})`, `("noise", text)`, `("eof", True)` or `("signal", name)`."""

SIGNALS = {"SIGINT": 2, "SIGTERM": 15, "SIGKILL": 9, "SIGHUP": 1}
PATIENCE = 1000.0
ENVIRONMENT = {"HOME": "/home/me", "TMPDIR": "/tmp/mine"}


def command_of(episode: Episode, argv: Sequence[str] | None = None, cwd: str = "/project") -> Command:
    """The command that starts this episode again, on this machine; `argv` instead of its own."""
    paths = LivePaths(Command((), env=ENVIRONMENT, cwd=cwd))
    files = {name: paths.text(text).encode() for name, text in (episode.spawn.get("files") or {}).items()}
    items = [paths.text(item) for item in (episode.argv if argv is None else argv)]
    return Command(tuple(items), env=ENVIRONMENT, cwd=cwd, files=files)


def deeds_of(episode: Episode) -> list[Deed]:
    """What the host of the recording did, in its order, with live paths."""
    paths = LivePaths(Command((), env=ENVIRONMENT, cwd="/project"))
    found: list[Deed] = []
    for entry in episode.entries[1:]:
        if entry.source == "host":
            value = json.loads(paths.frames(entry.frame_bytes)) if entry.kind == "frame" else entry.value
            found.append((entry.kind, value))
    return found


class Replay:
    """One live run of one cassette."""

    def __init__(self, recorded: Cassette, command: Command, **settings: Any) -> None:
        self.player = Player(recorded.episodes, patience=PATIENCE, **settings)
        self.recorded = recorded
        self.now = 0.0
        self.heard = b""
        self.ended = False
        self.player.open(command)

    def hear(self) -> None:
        """Take what comes until the player waits for the host, or has ended."""
        while not self.ended:
            action = self.player.next_action(self.now)
            if isinstance(action, Exit):
                self.ended = True
            elif isinstance(action, NeedData):
                if action.until is None or action.until >= self.now + PATIENCE / 2:
                    return
                self.now = max(self.now, action.until)
            else:
                self.heard += getattr(action, "data", b"")

    def do(self, deed: Deed) -> None:
        kind, value = deed
        if kind == "frame":
            self.player.receive_data(json.dumps(value).encode() + b"\n")
        elif kind == "noise":
            self.player.receive_data(value.encode() + b"\n")
        elif kind == "eof":
            self.player.receive_data(b"")
        else:
            self.player.receive_signal(SIGNALS[value])

    def requests(self) -> list[str]:
        """Ids of the requests that were heard so far."""
        frames = [json.loads(line) for line in self.heard.splitlines() if b'"control_request"' in line]
        return [frame["request_id"] for frame in frames if frame.get("type") == "control_request"]

    def finish(self) -> None:
        """The host does no more.  Raises the verdict, if there is one."""
        self.hear()
        if not self.ended:
            self.now += PATIENCE + 1
            self.hear()
        verdict = not_played(self.recorded.episodes, [self.player], "")
        if verdict is not None:
            raise verdict


def verdict_on(recorded: Cassette, command: Command, deeds: Sequence[Deed], **settings: Any) -> AssertionError | None:
    """What is said of a host that does these deeds, each as soon as the recording waits; `None`: nothing."""
    try:
        run = Replay(recorded, command, **settings)
        for deed in deeds:
            run.hear()
            run.do(deed)
        run.finish()
    except AssertionError as verdict:
        return verdict
    return None


def alone(recorded: Cassette) -> Iterator[Cassette]:
    """Each episode of a cassette as a cassette of its own."""
    for episode in recorded.episodes:
        yield Cassette(recorded.path, recorded.header, [episode])


__all__ = ["CassetteMismatch", "Replay", "alone", "command_of", "deeds_of", "verdict_on"]
