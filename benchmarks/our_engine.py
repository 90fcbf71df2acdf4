"""Our kind of in-process CLI: the smallest `Engine` that answers `initialize` and a prompt.

Like the one for the official SDK (`peer_transport.py`) it looks for what it needs in the text instead of decoding it.
"""

from collections import deque

from claude_code_sdk.protocol.engine import Exit, NeedData, Write

ANSWER = (
    b'{"type":"control_response","response":{"subtype":"success","request_id":"%s",'
    b'"response":{"commands":[],"models":[]}}}\n'
)


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
            _, found, rest = line.partition(b'"request_id":"')
            self._actions.append(Write(ANSWER % rest[: rest.index(b'"')] if found else self._turn))

    def receive_signal(self, number):
        self._actions.append(Exit(-number))

    def receive_result(self, call_id, value, error):
        raise AssertionError("this engine makes no calls")

    def next_action(self, now):
        return self._actions.popleft() if self._actions else NeedData()

    def close(self):
        pass
