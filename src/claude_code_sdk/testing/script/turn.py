"""Turn: one reply of the model, or one failure of its API.

Above: `script.py`, and whoever plays the model.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .blocks import Block


class Turn:
    """One reply of the model.

    - `content`: Messages API blocks, and `{"type": "sleep", "seconds": s}` between them.  A `tool_use` may have
      `raw_input`, text that need not be JSON, in place of `input`.
    - `stop_reason`, `stop_sequence`, `stop_details`: as in the API.  None: `"tool_use"` when the content has a call,
      `"end_turn"` otherwise.
    - `usage`: members that replace those of the reply's usage.
    - `model`: the model that answers.  None: the one that was asked.
    - `error`: `{"status": 529, "type": …, "message": …, "headers": {…}}` in place of a reply.
    - `stream_error`: `{"type": …, "message": …}`, which the stream ends with after the content.
    - `headers`: of the HTTP answer.
    - `delay`: seconds before the reply begins.
    - `chunk`: characters of a piece of text; `chunk_delay`: seconds between two pieces.
    - `hang`: seconds that the stream stays open and silent after the content.
    - `drop`: the connection breaks after the content.
    - `crash`: `{"exit_code": 1, "stderr": [lines]}`: the CLI dies after the content, with these last words.
    - `match`: only a request that has this text in it gets this reply.
    - `repeat`: it is never used up.
    """

    __slots__ = (
        "chunk",
        "chunk_delay",
        "content",
        "crash",
        "delay",
        "drop",
        "error",
        "hang",
        "headers",
        "match",
        "model",
        "repeat",
        "stop_details",
        "stop_reason",
        "stop_sequence",
        "stream_error",
        "usage",
    )

    def __init__(
        self,
        content: Sequence[Block] = (),
        *,
        stop_reason: str | None = None,
        stop_sequence: str | None = None,
        stop_details: dict[str, Any] | None = None,
        usage: dict[str, Any] | None = None,
        model: str | None = None,
        error: dict[str, Any] | None = None,
        stream_error: dict[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        delay: float = 0.0,
        chunk: int | None = None,
        chunk_delay: float = 0.0,
        hang: float = 0.0,
        drop: bool = False,
        crash: dict[str, Any] | None = None,
        match: str | None = None,
        repeat: bool = False,
    ) -> None:
        self.content: list[Block] = list(content)
        self.stop_reason = stop_reason
        self.stop_sequence = stop_sequence
        self.stop_details = stop_details
        self.usage = usage
        self.model = model
        self.error = error
        self.stream_error = stream_error
        self.headers: dict[str, Any] = dict(headers or {})
        self.delay = delay
        self.chunk = chunk
        self.chunk_delay = chunk_delay
        self.hang = hang
        self.drop = drop
        self.crash = crash
        self.match = match
        self.repeat = repeat

    @classmethod
    def from_json(cls, value: Any) -> Turn:
        """A turn from its JSON form, which was checked."""
        if isinstance(value, list):
            return cls(value)
        return cls(**{key: member for key, member in value.items() if member is not None})

    def to_json(self) -> Any:
        """The JSON form: a list when there is nothing but content."""
        options = {key: getattr(self, key) for key in KEYS if getattr(self, key) not in (None, 0, False, {})}
        if not options:
            return self.content
        return {"content": self.content, **options} if self.content else options

    def summary(self) -> str:
        """What a message calls it: its beginning."""
        if self.error is not None:
            return f"an API error {self.error.get('status')}"
        if self.crash is not None and not self.content:
            return f"a crash with exit code {self.crash.get('exit_code')}"
        for block in self.content:
            if block.get("type") == "tool_use":
                return f"a call of {block.get('name')}"
            words = block.get("text") or block.get("thinking")
            if words:
                return f'"{words[:_SHOWN]}{"…" if len(words) > _SHOWN else ""}"'
        return "no content"

    def __repr__(self) -> str:
        return f"Turn({self.to_json()!r})"


KEYS = (
    "stop_reason",
    "stop_sequence",
    "stop_details",
    "usage",
    "model",
    "error",
    "stream_error",
    "headers",
    "delay",
    "chunk",
    "chunk_delay",
    "hang",
    "drop",
    "crash",
    "match",
    "repeat",
)
"""The keys of the JSON form beside `content`, in the order in which it is written."""

_SHOWN = 40
