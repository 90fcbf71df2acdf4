"""A CLI to test the client against: an `Engine` that a test scripts with plain functions.

`Peer` answers the handshake, plays a turn for each prompt, and exits with its input's end; a test overrides what it
wants to see differently.
"""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Any

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr
from claude_code_sdk.transports.in_process import InProcessTransport

if TYPE_CHECKING:
    from claude_code_sdk import Message
    from claude_code_sdk.protocol.engine import Action

Frame = dict[str, Any]

INFO: Frame = {"commands": [], "output_style": "default", "claude_code_version": "2.1.330"}


def assistant(text: str, **more: Any) -> Frame:
    """An assistant frame with one text block."""
    message = {"id": "msg_1", "role": "assistant", "model": "m", "content": [{"type": "text", "text": text}]}
    return {"type": "assistant", "message": message, "parent_tool_use_id": None, "session_id": "s", "uuid": "u", **more}


def result(**more: Any) -> Frame:
    """A result frame that says success."""
    return {
        "type": "result",
        "subtype": "success",
        "is_error": False,
        "duration_ms": 1,
        "duration_api_ms": 1,
        "num_turns": 1,
        "session_id": "s",
        "result": "done",
        **more,
    }


def asks(request_id: str, subtype: str, **body: Any) -> Frame:
    """A control request of the CLI."""
    return {"type": "control_request", "request_id": request_id, "request": {"subtype": subtype, **body}}


def withdraws(request_id: str) -> Frame:
    """A control_cancel_request of the CLI."""
    return {"type": "control_cancel_request", "request_id": request_id}


async def read(messages: AsyncIterator[Message]) -> tuple[list[Message], Exception | None]:
    """All messages up to the end, and the exception that ended them, if one did."""
    seen: list[Message] = []
    while True:
        try:
            seen.append(await anext(messages))
        except StopAsyncIteration:
            return seen, None
        except Exception as error:
            return seen, error


class Peer:
    """Plays the CLI.

    - `turn`: given a user frame, the frames of its turn (a last `Exit` ends the run).
    - `on_control`: by subtype, given the request, the payload of the answer; an `Exception` instance refuses, None does
      not answer.
    - `on_answer`: given a control_response of the host, frames to send.
    - `received`: every frame of the host, in order.
    """

    def __init__(
        self,
        turn: Callable[[Frame], Iterable[Any]] | None = None,
        *,
        on_control: dict[str, Callable[[Frame], Any]] | None = None,
        on_answer: Callable[[Frame], Iterable[Any]] | None = None,
        exit_at_eof: int | None = 0,
    ) -> None:
        self.received: list[Frame] = []
        self.signals: list[int] = []
        self.commands: list[Command] = []
        self.closed = False
        self._turn = turn or (lambda frame: [assistant("hello"), result()])
        self._on_control = {"initialize": lambda request: INFO, **(on_control or {})}
        self._on_answer = on_answer or (lambda frame: [])
        self._exit_at_eof = exit_at_eof
        self._actions: deque[Action] = deque()
        self._rest = b""

    @property
    def transport(self) -> InProcessTransport:
        """A transport whose one far end is this peer."""
        return InProcessTransport(lambda command: self, close_timeout=0.2)

    def of_type(self, kind: str) -> list[Frame]:
        """The received frames of one type."""
        return [frame for frame in self.received if frame.get("type") == kind]

    def answer_to(self, request_id: str) -> Frame:
        """The host's answer to a request of ours."""
        (found,) = [
            frame["response"]
            for frame in self.of_type("control_response")
            if frame["response"]["request_id"] == request_id
        ]
        answer: Frame = found
        return answer

    def say(self, *items: Any) -> None:
        """Do these now: frames, bytes, or actions."""
        for item in items:
            if isinstance(item, dict):
                self._actions.append(Write(json.dumps(item).encode() + b"\n"))
            elif isinstance(item, bytes):
                self._actions.append(Write(item))
            else:
                self._actions.append(item)

    # The engine

    def open(self, command: Command) -> None:
        self.commands.append(command)

    def receive_data(self, data: bytes) -> None:
        if not data:
            if self._exit_at_eof is not None:
                self.say(Exit(self._exit_at_eof))
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._receive(json.loads(line))

    def _receive(self, frame: Frame) -> None:
        self.received.append(frame)
        if frame.get("type") == "control_request":
            subtype = frame["request"]["subtype"]
            respond = self._on_control.get(subtype)
            payload = {} if respond is None else respond(frame["request"])
            response = {"subtype": "success", "request_id": frame["request_id"], "response": payload}
            if isinstance(payload, Exception):
                response = {"subtype": "error", "request_id": frame["request_id"], "error": str(payload)}
            if isinstance(payload, (Exit, WriteErr)):
                self.say(payload)
            elif payload is not None:
                self.say({"type": "control_response", "response": response})
        elif frame.get("type") == "control_response":
            self.say(*self._on_answer(frame["response"]))
        else:
            self.say(*self._turn(frame))

    def receive_signal(self, number: int) -> None:
        self.signals.append(number)
        if number == signal.SIGTERM:
            self.say(Exit(143))

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        raise AssertionError("this peer makes no calls")

    def next_action(self, now: float) -> Action:
        return self._actions.popleft() if self._actions else NeedData()

    def close(self) -> None:
        self.closed = True
