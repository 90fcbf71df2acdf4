"""What a tool returned -> the result object of `tools/call`.

Text, images, resource links and text resources come out as the existing SDKs send them (sdk-spec §6.3).  What those
drop without a word is kept: audio and binary resources go through as they are, blocks of unknown type and plain data
become JSON text, `structuredContent` and `_meta` stay.  Above: `_mcp_server`.  Knows nothing of JSON-RPC.
"""

from __future__ import annotations

import enum
import json
from typing import Any

Block = dict[str, Any]

_RESULT_KEYS = frozenset({"content", "is_error", "isError", "structuredContent", "_meta", "resultType"})
_BLOCK_TYPES = frozenset({"text", "image", "audio", "resource", "resource_link"})
# Their str() is what a reader expects; by name, so that none of their modules has to be imported.
_STRING_TYPES = frozenset(
    {"datetime.datetime", "datetime.date", "datetime.time", "uuid.UUID", "decimal.Decimal", "ipaddress.IPv4Address"}
)


class ToolResultError(TypeError):
    """A tool returned what cannot be sent; the text says what, and what may be returned instead."""


def to_result(returned: Any, tool_name: str) -> dict[str, Any]:
    """The result of `tools/call` for what a tool returned: `{"content": [blocks], "isError": bool, …}`.

    Args:
        tool_name: for the log, where keys of a result dict mean nothing and are left out.
        returned: None, a str, a content block, a list of blocks and strs, a result dict (`content`, `is_error` or
            `isError`, `structuredContent`, `_meta`), or data: any other dict, list, dataclass, pydantic model, enum
            or scalar, which becomes JSON text. Objects of `mcp.types` and our own `TextBlock` count as what they are.

    Raises:
        ToolResultError: there is something in it that has no JSON form, or a block lacks what its type needs.
    """
    if type(returned) is str:
        return {"content": [{"type": "text", "text": returned}], "isError": False}
    value = _plain(returned)
    if isinstance(value, dict) and _is_result(value):
        if unknown := value.keys() - _RESULT_KEYS:
            _warn(
                "tool %r: its result has keys that MCP does not know; not sent: %s",
                tool_name,
                sorted(map(str, unknown)),
            )
        return _from_result(value)
    return {"content": _blocks(value), "isError": False}


def error_result(text: str) -> dict[str, Any]:
    """The result of `tools/call` that tells the model of a failure."""
    return {"content": [{"type": "text", "text": text}], "isError": True}


def _is_result(value: dict[str, Any]) -> bool:
    return isinstance(value.get("content"), list | tuple) or value.keys() <= _RESULT_KEYS


def _from_result(value: dict[str, Any]) -> dict[str, Any]:
    content = value.get("content")
    result: dict[str, Any] = {
        "content": [block for item in content for block in _blocks(_plain(item), alone=False)]
        if isinstance(content, list | tuple)
        else _blocks(_plain(content)),
        "isError": bool(value.get("is_error") or value.get("isError")),
    }
    for key in ("structuredContent", "_meta"):
        if value.get(key) is not None:
            result[key] = json.loads(_json_text(value[key]))
    return result


def _blocks(value: Any, *, alone: bool = True) -> list[Block]:
    """The blocks of a plain value; a list is only looked into where it is all there is (`alone`)."""
    if value is None:
        return []
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return [_block(value)]
    if alone and isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        if all(isinstance(item, str) or _is_block(item) for item in items):
            return [block for item in items for block in _blocks(item, alone=False)]
    return [{"type": "text", "text": _json_text(value)}]


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in _BLOCK_TYPES


def _block(item: Block) -> Block:
    kind = item["type"]
    if kind == "text":
        text = _needed(item, "text")
        return _with_extras(item, {"type": "text", "text": text if isinstance(text, str) else _json_text(text)})
    if kind in ("image", "audio"):
        return _with_extras(item, _media(item))
    if kind == "resource_link":
        parts = [str(item[key]) for key in ("name", "uri", "description") if item.get(key)]
        return {"type": "text", "text": "\n".join(parts) or "Resource link"}
    if kind == "resource":
        resource = _plain(item.get("resource")) or {}
        if "text" in resource:
            return {"type": "text", "text": str(resource["text"])}
        return {"type": "resource", "resource": {**resource, "blob": _base64(_needed(resource, "blob", kind))}}
    return {"type": "text", "text": _json_text(item)}


def _media(item: Block) -> Block:
    source = item.get("source")
    if isinstance(source, dict) and source.get("type") == "base64":  # as the Messages API writes images
        item = {**item, "data": source.get("data"), "mimeType": source.get("media_type")}
    mime_type = item.get("mimeType") or item.get("mime_type") or _needed(item, "mimeType")
    return {"type": item["type"], "data": _base64(_needed(item, "data")), "mimeType": mime_type}


def _with_extras(item: Block, block: Block) -> Block:
    for key in ("annotations", "_meta"):
        if item.get(key) is not None:
            block[key] = item[key]
    return block


def _needed(item: Block, key: str, kind: str | None = None) -> Any:
    if item.get(key) is None:
        kind = kind or item["type"]
        raise ToolResultError(f"a content block of type {kind!r} needs {key!r}; this one has {sorted(map(str, item))}")
    return item[key]


def _base64(data: Any) -> Any:
    if not isinstance(data, bytes | bytearray):
        return data
    import base64

    return base64.b64encode(data).decode("ascii")


def _plain(value: Any) -> Any:
    """`value` with one layer of class taken off: models, dataclasses and enums become dicts and values."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | dict | list | tuple):
        return value
    if hasattr(value, "model_dump"):
        of_mcp = type(value).__module__.startswith(("mcp.", "mcp_types."))  # where None means absent
        return value.model_dump(mode="json", by_alias=True, exclude_none=of_mcp)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
        return (
            {"type": "text", **fields} if fields.keys() == {"text"} and type(value).__name__ == "TextBlock" else fields
        )
    if isinstance(value, set | frozenset):
        return list(value)
    if f"{type(value).__module__}.{type(value).__qualname__}" in _STRING_TYPES or hasattr(value, "__fspath__"):
        return str(value)
    raise ToolResultError(
        f"a tool cannot return {type(value).__name__!r}: return a str, content blocks, "
        '{"content": [...], "is_error": bool}, or data that has a JSON form'
    )


def _json_text(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except ToolResultError:
        raise
    except (TypeError, ValueError) as exc:  # keys that are no strings, a structure that contains itself
        raise ToolResultError(f"a tool returned what cannot be written as JSON: {exc}") from exc


def _warn(message: str, *args: object) -> None:
    import logging

    logging.getLogger("claude_code_sdk.mcp").warning(message, *args)
