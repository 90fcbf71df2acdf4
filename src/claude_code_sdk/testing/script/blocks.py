"""Blocks: the pieces of a reply, as the Messages API has them, and `sleep`, a pause between two of them.

Above: `fluent.py`, tests.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Block: TypeAlias = dict[str, Any]


def text(text: str, /) -> Block:
    """Something that the model says."""
    return {"type": "text", "text": text}


def thinking(thinking: str, /, *, signature: str | None = None) -> Block:
    """Something that the model thinks."""
    return {"type": "thinking", "thinking": thinking} | ({} if signature is None else {"signature": signature})


def tool_use(name: str, /, **fields: Any) -> Block:
    """A call of the tool `name`, whose input has these fields.

    The script gives it an id.  To give it one of your own, write the block as a dict.
    """
    return {"type": "tool_use", "name": name, "input": fields}


def sleep(seconds: float, /) -> Block:
    """A pause in the stream."""
    return {"type": "sleep", "seconds": seconds}


class ToolIds:
    """Deterministic ids for calls, in the shape of the API's."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def reserve(self, content: list[Block]) -> None:
        """Give none of the ids that these calls have to another."""
        self._taken.update(block["id"] for block in content if block.get("type") == "tool_use" and "id" in block)

    def name(self, content: list[Block]) -> list[Block]:
        """The same blocks, in which every call has an id.  One that has none gets the next that is free."""
        self.reserve(content)
        return [
            {"type": "tool_use", "id": self._next(), **block}
            if block.get("type") == "tool_use" and "id" not in block
            else block
            for block in content
        ]

    def _next(self) -> str:
        number = len(self._taken) + 1
        while (made := f"toolu_01script{number:016d}") in self._taken:
            number += 1
        self._taken.add(made)
        return made
