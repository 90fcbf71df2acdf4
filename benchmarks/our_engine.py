"""Our kind of in-process CLI: the smallest `Engine` that answers `initialize` and a prompt."""

import json
from collections import deque

from claude_code_sdk.protocol.engine import Exit, NeedData, Write


class TurnEngine:
    """Answers each control request, and each prompt with `turn` (lines of the wire)."""

    def __init__(self, turn):
        self._turn = turn
        self._actions = deque()
        self._rest = b""

    def open(self, command):
        pass

    def receive_data(self, data):
        if not data:
            self._actions.append(Exit(0))
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            frame = json.loads(line)
            if frame["type"] == "control_request":
                self._actions.append(Write(answer(frame["request_id"])))
            elif frame["type"] == "user":
                self._actions.append(Write(self._turn))

    def receive_signal(self, number):
        self._actions.append(Exit(-number))

    def receive_result(self, call_id, value, error):
        raise AssertionError("this engine makes no calls")

    def next_action(self, now):
        return self._actions.popleft() if self._actions else NeedData()

    def close(self):
        pass


def answer(request_id):
    response = {"subtype": "success", "request_id": request_id, "response": {"commands": [], "models": []}}
    return json.dumps({"type": "control_response", "response": response}).encode() + b"\n"
