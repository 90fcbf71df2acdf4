"""Speaking to an in-process MCP server as the CLI does.

Above: `test_mcp_*.py`.  Below: nothing.
"""

from __future__ import annotations

from typing import Any

from claude_code_sdk._mcp_server import McpEndpoint

CANCELLED = {"error": {"code": -32800, "message": "Request cancelled"}}


async def ask(endpoint: McpEndpoint, method: str, params: Any = None, request_id: Any = 1) -> Any:
    """Send a request; what follows `jsonrpc` and `id` in the answer."""
    message = {"jsonrpc": "2.0", "id": request_id, "method": method}
    answer = await endpoint.handle(message if params is None else {**message, "params": params})
    assert answer is not None
    assert answer.pop("jsonrpc") == "2.0"
    assert answer.pop("id") == request_id
    return answer
