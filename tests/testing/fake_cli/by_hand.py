"""The fake CLI driven by hand: a test turns the clock, answers its questions and reads its frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.fake_cli import FakeCLI

Frame = dict[str, Any]

FLAGS = ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json")


class ByHand:
    """One process of the fake, in a folder of its own.

    - `project`: its working directory; `home`: the user's.
    - `frames`: all that it has said so far; `stderr`: its lines; `exit_code`: None while it runs.
    - `now`: its clock; `patience`: seconds that `read` lets pass at once at most.
    """

    def __init__(self, script: Script, folder: Path, *flags: str, **env: str) -> None:
        self.project = folder / "project"
        self.home = folder / "home"
        for path in (self.project, self.home):
            path.mkdir(parents=True, exist_ok=True)
        self.frames: list[Frame] = []
        self.stderr: list[str] = []
        self.exit_code: int | None = None
        self.now = 0.0
        self.patience = float("inf")
        self._engine = FakeCLI(script.begin())
        self._requests = 0
        environment = {"HOME": str(self.home), **env}
        self._engine.open(Command(("claude", *FLAGS, *flags), env=environment, cwd=str(self.project)))

    def read(self, *, patient: bool = True) -> list[Frame]:
        """What it says now; `patient`: and later, as long as it waits for nothing but time."""
        said: list[Frame] = []
        while True:
            action = self._engine.next_action(self.now)
            if isinstance(action, Write):
                said += [json.loads(line) for line in action.data.splitlines()]
            elif isinstance(action, WriteErr):
                self.stderr.append(action.line)
            elif isinstance(action, Exit):
                self.exit_code = action.code
                break
            else:
                assert isinstance(action, NeedData), action
                if action.until is None or action.until - self.now > (self.patience if patient else 0):
                    break
                self.now = action.until
        self.frames += said
        return said

    def send(self, *frames: Frame, patient: bool = True) -> list[Frame]:
        """Write to it; what it says then."""
        for frame in frames:
            self._engine.receive_data(json.dumps(frame).encode() + b"\n")
        return self.read(patient=patient)

    def request(self, subtype: str, *, patient: bool = True, **body: Any) -> list[Frame]:
        """A control request; what it says then, the answer among it."""
        self._requests += 1
        request = {"subtype": subtype, **body}
        frame = {"type": "control_request", "request_id": f"req_{self._requests}", "request": request}
        return self.send(frame, patient=patient)

    def start(self, **body: Any) -> list[Frame]:
        """The handshake."""
        return self.request("initialize", **body)

    def prompt(self, text: str, *, patient: bool = True) -> list[Frame]:
        """A prompt of the user."""
        return self.send({"type": "user", "message": {"role": "user", "content": text}}, patient=patient)

    def answer(self, question: Frame, payload: Frame, *, patient: bool = True) -> list[Frame]:
        """Answer one of its control requests."""
        response = {"subtype": "success", "request_id": question["request_id"], "response": payload}
        return self.send({"type": "control_response", "response": response}, patient=patient)

    def refuse(self, question: Frame, error: str, *, patient: bool = True) -> list[Frame]:
        """Answer one of its control requests with an error."""
        response = {"subtype": "error", "request_id": question["request_id"], "error": error}
        return self.send({"type": "control_response", "response": response}, patient=patient)

    def wait(self, seconds: float) -> list[Frame]:
        """Turn the clock; what it says at that moment."""
        self.now += seconds
        return self.read(patient=False)

    def signal(self, number: int) -> list[Frame]:
        """Send it a signal; what it says then."""
        self._engine.receive_signal(number)
        return self.read()

    def end(self) -> list[Frame]:
        """Close its input."""
        self._engine.receive_data(b"")
        return self.read()


def only(frames: list[Frame], subtype: str) -> list[Frame]:
    """The frames of a type or a subtype, and control requests of that subtype."""
    return [
        frame
        for frame in frames
        if subtype in (frame.get("type"), frame.get("subtype"), frame.get("request", {}).get("subtype"))
    ]


def one(frames: list[Frame], subtype: str) -> Frame:
    """The only frame of a type or a subtype."""
    (frame,) = only(frames, subtype)
    return frame


def payload(frames: list[Frame]) -> Frame:
    """The answer to the only control request."""
    answer: Frame = one(frames, "control_response")["response"]["response"]
    return answer


def result_block(frames: list[Frame]) -> Frame:
    """The only `tool_result` block."""
    (block,) = [
        block
        for frame in only(frames, "user")
        for block in frame["message"]["content"]
        if isinstance(block, dict) and block["type"] == "tool_result"
    ]
    return block


def write(path: Path, content: str | Frame) -> None:
    """A file, its folders too; JSON for a dict."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
