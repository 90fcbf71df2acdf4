"""ConnectionPair: both roles of one protocol, each fed what the other sends.

Every event goes through two state machines and the real codec, and the two must agree on what the states are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from claude_code_sdk.protocol.connection import Connection
from claude_code_sdk.protocol.events import EndOfInput
from claude_code_sdk.protocol.state import CLI, HOST

if TYPE_CHECKING:
    from claude_code_sdk.protocol.events import Event


class ConnectionPair:
    """`sender` names a role, `HOST` or `CLI`."""

    def __init__(self, make: Callable[[str], Connection] = Connection) -> None:
        self.ends = {HOST: make(HOST), CLI: make(CLI)}

    @property
    def host(self) -> Connection:
        return self.ends[HOST]

    @property
    def cli(self) -> Connection:
        return self.ends[CLI]

    @property
    def states(self) -> tuple[str, str]:
        """State of the host and of the CLI, on which both ends agree."""
        assert self.host.states == self.cli.states
        return self.host.states[HOST], self.host.states[CLI]

    def send(self, sender: str, *events: Event) -> list[Event]:
        """Send events from one end; returns what the other end makes of them, in one read."""
        data = b"".join(self.ends[sender].send(event) for event in events)
        other = self.ends[CLI if sender == HOST else HOST]
        received = other.receive_data(data) if data else []
        if any(isinstance(event, EndOfInput) for event in events):
            received += other.receive_data(b"")
        return received
