"""Content blocks: the parts of an assistant's or user's message.

Above: `messages.py`, whose messages carry them, and `_parse.py`, which makes them.  Below: nothing.  They are plain
dataclasses in the field order of `claude_code_sdk` 0.0.25 (sdk-spec §1.6).  A block of a kind that has no class here is
an `UnknownBlock`, never dropped; keys of a block that its class does not show are in the `raw` frame of its message.
"""

from dataclasses import dataclass
from typing import Any, Literal

ServerToolName = Literal[
    "advisor",
    "web_search",
    "web_fetch",
    "code_execution",
    "bash_code_execution",
    "text_editor_code_execution",
    "tool_search_tool_regex",
    "tool_search_tool_bm25",
]
"""Tools that the model's API runs itself."""


@dataclass
class TextBlock:
    """Text that the model, or the user, wrote."""

    text: str


@dataclass
class ThinkingBlock:
    """The model's reasoning.

    - `thinking`: its text; may be empty.
    - `signature`: the API's proof of origin; `""` where the CLI gave none.
    """

    thinking: str
    signature: str


@dataclass
class ToolUseBlock:
    """The model calls a tool.

    - `id`: id of the call, `toolu_…`; the `ToolResultBlock` that answers it has it as `tool_use_id`.
    - `name`: `Bash`, `Read`, …, or `mcp__<server>__<tool>`.
    - `input`: the arguments as the model gave them.  What a hook or `can_use_tool` changed does not show here.
    """

    id: str
    name: str
    input: dict[str, Any]


@dataclass
class ToolResultBlock:
    """What a tool call gave.

    - `tool_use_id`: id of the `ToolUseBlock` that it answers.
    - `content`: text, or a list of blocks in the shape of the Messages API, or `None` for nothing.
    - `is_error`: whether the call failed or was denied; `None` where the CLI does not say, which means no.
    """

    tool_use_id: str
    content: str | list[dict[str, Any]] | None = None
    is_error: bool | None = None


@dataclass
class ServerToolUseBlock:
    """The model calls a tool that its API runs: nothing is asked of this program.

    Fields as those of `ToolUseBlock`.
    """

    id: str
    name: ServerToolName
    input: dict[str, Any]


@dataclass
class ServerToolResultBlock:
    """What the `advisor` tool of the API gave; `content` is opaque."""

    tool_use_id: str
    content: dict[str, Any]


@dataclass
class UnknownBlock:
    """A block without a class of its own (an image, a document, redacted thinking, …), or one that is malformed.

    - `type`: what the block calls itself, `""` where it does not.
    - `raw`: the block as the CLI sent it.
    """

    type: str
    raw: Any


ContentBlock = (
    TextBlock
    | ThinkingBlock
    | ToolUseBlock
    | ToolResultBlock
    | ServerToolUseBlock
    | ServerToolResultBlock
    | UnknownBlock
)
