"""Prompts: what the user wrote and the model has not seen yet.

A prompt begins a turn.  What is written while one runs joins it at its next call of the model; what is still left when
it ends makes the next turn, several plain texts as one (wire-facts §3).
"""

from __future__ import annotations

from .kernel import Future

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame


class Prompt:
    """One `user` frame of the host: its `content`, and its `uuid` if it has one.

    `origin` says where one of the CLI's own came from, a task that ended; `is_shown`: whether the host may get it back.
    """

    origin: Frame | None = None
    is_shown = True

    def __init__(self, frame: Frame) -> None:
        self.content: str | list[Any] = frame["message"]["content"]
        self.uuid: str | None = frame.get("uuid")
        self.frame = frame

    @classmethod
    def of_the_cli(cls, text: str, origin: Frame) -> Prompt:
        """What the CLI tells the model by itself."""
        prompt = cls({"message": {"role": "user", "content": text}})
        prompt.origin = origin
        prompt.is_shown = False
        return prompt

    @classmethod
    def unseen(cls, text: str) -> Prompt:
        """What the CLI asks the model in place of the user."""
        prompt = cls({"message": {"role": "user", "content": text}})
        prompt.is_shown = False
        return prompt

    @property
    def text(self) -> str:
        """Its text, or the texts of its blocks, one a line, without what is blank at both ends."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(block.get("text", "") for block in self.content if block.get("type") == "text").strip()

    @property
    def is_command(self) -> bool:
        """Whether it begins as a command does, and the host does not say that it is none (`client_composed`).

        It makes a turn of its own then.
        """
        return self.origin is None and self.frame.get("client_composed") is not True and self.text.startswith("/")

    @property
    def is_blank(self) -> bool:
        """Whether it is nothing but whitespace; the empty text is a prompt like any other."""
        return isinstance(self.content, str) and self.content.isspace()


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
        """The host will write no more."""
        self.closed = True
        self._arrived.set()

    def stir(self) -> None:
        """Look again whether there will be any."""
        self._arrived.set()

    async def take(self, *, one: bool, busy: Callable[[], bool]) -> list[Prompt]:
        """The prompts of the next turn; empty when there will be none.

        The one that ends the waiting is alone, and so is the first of a session (`one`), a command, and what the CLI
        itself has to say.  Others that came while a turn ran are one turn.  While `busy`, work in the background may
        still bring one.
        """
        while not self.waiting and not (self.closed and not busy()):
            one = True
            self._arrived = Future()
            await self._arrived
        together = 0
        while together < len(self.waiting) and self._joins(self.waiting[together]):
            together += 1
        count = 1 if one else max(together, 1)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def fold(self) -> list[Prompt]:
        """What came while the turn runs, for its next call of the model; commands wait for their own turn."""
        taken = [prompt for prompt in self.waiting if not prompt.is_command]
        self.waiting = [prompt for prompt in self.waiting if prompt.is_command]
        return taken

    @property
    def next_is_the_hosts(self) -> bool:
        """Whether a prompt of the host waits for its turn."""
        return bool(self.waiting) and self.waiting[0].origin is None

    def _joins(self, prompt: Prompt) -> bool:
        return prompt.origin is None and not prompt.is_command
