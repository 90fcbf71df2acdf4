"""What the tests of the player share: recordings written in a few words, and a host that drives a player."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dumps, loads
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr

Frame = dict[str, Any]

ARGV = ("claude", "--output-format", "stream-json", "--verbose", "--input-format", "stream-json")
PATH = "cassettes/test_it.jsonl"


def spawn(*flags: str, files: Mapping[str, str] | None = None) -> Entry:
    value: Frame = {"argv": [*ARGV, *flags], "cwd": "{{cwd}}", "env": {}}
    if files is not None:
        value["files"] = dict(files)
    return Entry("host", "spawn", value)


def host(frame: Frame) -> Entry:
    return Entry("host", "frame", frame)


def cli(frame: Frame) -> Entry:
    return Entry("cli", "frame", frame)


def eof() -> Entry:
    return Entry("host", "eof", True)


def signal(name: str) -> Entry:
    return Entry("host", "signal", name)


def stderr(text: str) -> Entry:
    return Entry("cli", "stderr", text)


def noise(text: str, source: Any = "cli") -> Entry:
    return Entry(source, "noise", text)


def exits(code: int = 0) -> Entry:
    return Entry("cli", "exit", code)


def request(request_id: str, subtype: str, **body: Any) -> Frame:
    return {"type": "control_request", "request_id": request_id, "request": {"subtype": subtype, **body}}


def answer(request_id: str, payload: Any = None) -> Frame:
    return {
        "type": "control_response",
        "response": {"subtype": "success", "request_id": request_id, "response": payload},
    }


def refusal(request_id: str, text: str) -> Frame:
    return {"type": "control_response", "response": {"subtype": "error", "request_id": request_id, "error": text}}


def cancel(request_id: str) -> Frame:
    return {"type": "control_cancel_request", "request_id": request_id}


def initialize(request_id: str = "req_1", **body: Any) -> Frame:
    return request(request_id, "initialize", hooks=None, **body)


def asks_for(request_id: str, tool: str = "Bash", **given: Any) -> Frame:
    return request(request_id, "can_use_tool", tool_name=tool, input=given)


def prompt(text: str, **further: Any) -> Frame:
    return {"type": "user", "message": {"role": "user", "content": text}, "parent_tool_use_id": None, **further}


def says(text: str, **further: Any) -> Frame:
    return {"type": "assistant", "message": {"content": [{"type": "text", "text": text}]}, **further}


def result(text: str = "done") -> Frame:
    return {"type": "result", "subtype": "success", "is_error": False, "result": text}


def handshake(request_id: str = "req_1_ab12cd34") -> list[Entry]:
    return [host(initialize(request_id)), cli(answer(request_id, {"commands": []}))]


def turn(text: str, reply: str) -> list[Entry]:
    return [host(prompt(text)), cli(says(reply)), cli(result(reply))]


def conversation(*texts: str) -> list[Entry]:
    """A whole session that is asked these, and answers in capitals."""
    turns = [entry for text in texts for entry in turn(text, text.upper())]
    return [spawn(), *handshake(), *turns, eof(), exits()]


def cassette(*episodes: Sequence[Entry], path: str = PATH) -> Cassette:
    """A cassette as it is after it was written to a file and read from there."""
    made = [Episode(list(entries), number=index + 1) for index, entries in enumerate(episodes)]
    return loads(dumps(Cassette(path, {"cli": "2.1.330"}, made)), path=path)


def player(*episodes: Sequence[Entry], **settings: Any) -> Player:
    return Player(cassette(*episodes).episodes, **settings)


class Host:
    """A host of one run: sends frames and takes what the player then delivers.  Its clock stands still unless told."""

    def __init__(self, playing: Player, *flags: str, command: Command | None = None) -> None:
        self.player = playing
        self.now = 100.0
        self.exit: int | None = None
        self.stderr: list[str] = []
        self.until: float | None = None
        playing.open(command or Command((*ARGV, *flags), env={"HOME": "/home/me"}, cwd="/project"))

    def send(self, *frames: Frame) -> list[Any]:
        """Write frames, then take what comes."""
        for frame in frames:
            self.player.receive_data(json.dumps(frame).encode() + b"\n")
        return self.receive()

    def send_eof(self) -> list[Any]:
        self.player.receive_data(b"")
        return self.receive()

    def receive(self) -> list[Any]:
        """Frames (dicts) and other lines (text) until the player waits or ends."""
        return [_decoded(line) for line in self.receive_bytes().split(b"\n") if line]

    def receive_bytes(self) -> bytes:
        data = b""
        while self.exit is None:
            action = self.player.next_action(self.now)
            if isinstance(action, Write):
                data += action.data
            elif isinstance(action, WriteErr):
                self.stderr.append(action.line)
            elif isinstance(action, Exit):
                self.exit = action.code
            else:
                assert isinstance(action, NeedData), "a player calls nothing"
                self.until = action.until
                break
        return data


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line.decode("utf-8", "surrogateescape")
