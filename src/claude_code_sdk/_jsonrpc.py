"""The JSON-RPC messages that in-process MCP servers answer with, and the error codes in them."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
CONNECTION_CLOSED = -32000  # as the mcp package numbers it
REQUEST_CANCELLED = -32800  # what the CLI is answered for a call that it cancelled (wire-facts §6)


def reply(request_id: Any, result: dict[str, Any]) -> Message:
    """The response to a request."""
    return {"jsonrpc": "2.0", "id": request_id, "result": result}


def refusal(request_id: Any, code: int, message: str, data: Any = None) -> Message:
    """The error response to a request."""
    error = {"code": code, "message": message}
    return {"jsonrpc": "2.0", "id": request_id, "error": error if data is None else {**error, "data": data}}


def acknowledgement() -> Message:
    """The answer to a notification: the CLI sends it in a control request, which needs a response (wire-facts §2)."""
    return {"jsonrpc": "2.0", "result": {}}
