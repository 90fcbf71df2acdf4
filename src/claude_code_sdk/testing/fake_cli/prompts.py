"""Prompts: what the user wrote and the model has not seen yet.

A prompt begins a turn.  What is written while one runs joins it at its next call of the model; what is still left when
it ends makes the next turn, several plain texts as one (wire-facts §3).
"""

from __future__ import annotations

from .kernel import Future

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame


class Prompt:
    """One `user` frame of the host: its `content`, and its `uuid` if it has one."""

    def __init__(self, frame: Frame) -> None:
        self.content: str | list[Any] = frame["message"]["content"]
        self.uuid: str | None = frame.get("uuid")
        self.frame = frame

    @property
    def text(self) -> str:
        """Its texts, one a line."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(block.get("text", "") for block in self.content if block.get("type") == "text")


class Prompts:
    """The queue."""

    def __init__(self) -> None:
        self.waiting: list[Prompt] = []
        self.closed = False
        self._arrived = Future()

    def add(self, prompt: Prompt) -> None:
        self.waiting.append(prompt)
        self._arrived.set()

    def close(self) -> None:
        """There will be no more."""
        self.closed = True
        self._arrived.set()

    async def take(self, *, one: bool) -> list[Prompt]:
        """The prompts of the next turn, the first of a session alone; empty when there will be none."""
        while not self.waiting and not self.closed:
            self._arrived = Future()
            await self._arrived
        count = 1 if one else len(self.waiting)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def fold(self) -> list[Prompt]:
        """What came while the turn runs, for its next call of the model."""
        taken, self.waiting = self.waiting, []
        return taken
