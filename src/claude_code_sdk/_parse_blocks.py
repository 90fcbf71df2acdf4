"""From the blocks of a frame to content blocks.

Above: `_parse.py`.  Below: `blocks.py`.  No block is dropped: see `_parse.py` for the rules, and for why the fields of
the common ones are set one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._parse_problem import WRONG_SHAPE, Malformed, Report, note_unknown, why
from .blocks import (
    ContentBlock,
    ServerToolResultBlock,
    ServerToolUseBlock,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UnknownBlock,
)
from .errors import MessageParseError

_new = object.__new__


def parse_content(content: Any, report: Report) -> list[ContentBlock]:
    """The blocks of `content`, in order, as many as there are.

    Raises `Malformed` when it is not a list, and what `report` raises.
    """
    if not isinstance(content, list):
        raise Malformed("has a `content` that is not a list")
    blocks: list[ContentBlock] = []
    for block in content:
        try:
            blocks.append(_BLOCKS[block["type"]](block))
        except WRONG_SHAPE as error:
            blocks.append(_unknown(block, error, report))
    return blocks


def _text(block: dict[str, Any]) -> TextBlock:
    text = block["text"]
    if not isinstance(text, str):
        raise Malformed("has a `text` that is not a string")
    found = _new(TextBlock)
    found.text = text
    return found


def _thinking(block: dict[str, Any]) -> ThinkingBlock:
    thinking = block["thinking"]
    if not isinstance(thinking, str):
        raise Malformed("has a `thinking` that is not a string")
    return ThinkingBlock(thinking, block.get("signature", ""))


def _tool_use(block: dict[str, Any]) -> ToolUseBlock:
    arguments = block["input"]
    if not isinstance(arguments, dict):
        raise Malformed("has an `input` that is not an object")
    found = _new(ToolUseBlock)
    found.id = block["id"]
    found.name = block["name"]
    found.input = arguments
    return found


def _tool_result(block: dict[str, Any]) -> ToolResultBlock:
    found = _new(ToolResultBlock)
    found.tool_use_id = block["tool_use_id"]
    found.content = block.get("content")
    found.is_error = block.get("is_error")
    return found


def _server_tool_use(block: dict[str, Any]) -> ServerToolUseBlock:
    arguments = block["input"]
    if not isinstance(arguments, dict):
        raise Malformed("has an `input` that is not an object")
    return ServerToolUseBlock(block["id"], block["name"], arguments)


def _advisor_tool_result(block: dict[str, Any]) -> ServerToolResultBlock:
    return ServerToolResultBlock(block["tool_use_id"], block["content"])


_BLOCKS: dict[str, Callable[[dict[str, Any]], ContentBlock]] = {
    "text": _text,
    "thinking": _thinking,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
    "server_tool_use": _server_tool_use,
    "advisor_tool_result": _advisor_tool_result,
}


def _unknown(block: Any, error: Exception, report: Report) -> UnknownBlock:
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(kind, str):
        what = "without a `type`" if isinstance(block, dict) else f"that is a {type(block).__name__}, not an object"
        report(MessageParseError(f"content block {what}", block))
        return UnknownBlock("", block)
    if kind in _BLOCKS:
        report(MessageParseError(f"{kind} block {why(error)}", block))
    else:
        note_unknown("blocks", kind)
    return UnknownBlock(kind, block)
