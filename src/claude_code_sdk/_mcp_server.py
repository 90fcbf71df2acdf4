"""Our own MCP server: tools of this process, answered straight from JSON-RPC messages.

Owns the server object behind `create_sdk_mcp_server` and `serve`, the one way by which the callbacks of a session reach
any in-process server.  A server is only read while it serves, so that several sessions may share it; what belongs to
one session (the calls in flight) is in its endpoint.  `mcp` and `pydantic` are not needed, `anyio` is imported by the
first call of a tool.  Above: `mcp` and the callbacks.  Below: `_bound_tool` and `_tool_result`; `_mcp_bridge` for
hand-built servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ._bound_tool import BoundTool
from ._jsonrpc import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_CANCELLED,
    Message,
    acknowledgement,
    refusal,
    reply,
)
from ._stray_cancellation import is_stray_cancellation
from ._tool_input import ToolInputError
from ._tool_result import error_result, to_result

if TYPE_CHECKING:
    import anyio

    from ._tasks import StartsTasks

# The revisions in which initialize, ping and the messages of tools are what they are below.
PROTOCOL_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")


class McpEndpoint(Protocol):
    """An in-process MCP server as one session of the CLI sees it."""

    async def start(self, task_group: StartsTasks) -> None:
        """Make ready. Tasks that the server needs will run in `task_group`, which must outlive the endpoint's use."""

    async def handle(self, message: Message) -> Message | None:
        """Answer one JSON-RPC message of the CLI; may be called while other calls are under way.

        Returns:
            The response to a request, which may be a JSON-RPC error, or the acknowledgement of anything else.

        Cancelling it cancels the tool that it waits for.
        """

    async def aclose(self) -> None:
        """Cancel what is in flight and stop; takes a bounded time, and may be called twice."""


def serve(instance: Any) -> McpEndpoint:
    """The endpoint, for one session, of what stands as `instance` in the option `mcp_servers`.

    Args:
        instance: a server of `create_sdk_mcp_server`, an `mcp.server.Server`, a FastMCP or an MCPServer.

    Raises:
        TypeError: it is none of them.
    """
    if isinstance(instance, ToolServer):
        return ToolEndpoint(instance)
    from ._mcp_bridge import McpBridge

    return McpBridge(instance)


async def close_endpoints(endpoints: Iterable[McpEndpoint]) -> None:
    """Close all of them at the same time, so that many stuck servers take no longer than one."""
    closed = list(endpoints)
    if len(closed) == 1:  # most programs have one, and a task group is a tenth of a short session's end
        return await closed[0].aclose()
    import anyio

    async with anyio.create_task_group() as task_group:
        for endpoint in closed:
            task_group.start_soon(endpoint.aclose)


class ToolServer:
    """A named set of tools; what `create_sdk_mcp_server` puts under `instance`."""

    def __init__(self, name: str, version: str, tools: Sequence[Any]) -> None:
        self.name = name
        self.version = version
        self.tools: dict[str, BoundTool] = {}
        for position, tool in enumerate(tools):
            if not (hasattr(tool, "handler") and hasattr(tool, "input_schema")):
                raise TypeError(
                    f"tools[{position}] of MCP server {name!r} is {tool!r}, not a tool: "
                    "decorate the function with @tool"
                )
            if tool.name in self.tools:
                _logger().warning("MCP server %r has two tools named %r: the later one is used", name, tool.name)
            self.tools[tool.name] = BoundTool(tool)

    def __repr__(self) -> str:
        return f"<ToolServer {self.name!r} {self.version}: {', '.join(self.tools) or 'no tools'}>"

    def answer(self, method: str, params: dict[str, Any], request_id: Any) -> Message:
        """The response to any request but `tools/call`."""
        if method == "tools/list":
            return reply(request_id, {"tools": [tool.wire for tool in self.tools.values()]})
        if method == "initialize":
            asked = params.get("protocolVersion")
            result = {
                "protocolVersion": asked if asked in PROTOCOL_VERSIONS else PROTOCOL_VERSIONS[-1],
                "capabilities": {"tools": {"listChanged": False}},
                "serverInfo": {"name": self.name, "version": self.version},
            }
            return reply(request_id, result)
        if method == "ping":
            return reply(request_id, {})
        return refusal(request_id, METHOD_NOT_FOUND, "Method not found", method)

    async def call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Run a tool; whatever goes wrong is a result that the model can read, never an exception."""
        tool = self.tools.get(name)
        if tool is None:
            return error_result(f"Tool '{name}' not found")
        try:
            if (complaint := tool.complaint(arguments)) is not None:
                return error_result(f"Input validation error: {complaint}")
            return to_result(await tool.run(arguments), name)
        except ToolInputError as exc:
            return error_result(f"Input validation error: {exc}")
        except BaseException as exc:
            if not isinstance(exc, Exception) and not is_stray_cancellation(exc):
                raise
            _logger().error("tool %r of MCP server %r failed", name, self.name, exc_info=exc)
            return error_result(str(exc) or type(exc).__name__)


class ToolEndpoint:
    """A `ToolServer` serving one session (an `McpEndpoint`); calls run in the tasks that call `handle`."""

    def __init__(self, server: ToolServer) -> None:
        self._server = server
        self._in_flight: dict[Any, anyio.CancelScope] = {}

    async def start(self, task_group: StartsTasks) -> None:
        """Nothing to start."""

    async def handle(self, message: Message) -> Message | None:
        """See `McpEndpoint.handle`."""
        method, request_id, params = message.get("method"), message.get("id"), message.get("params")
        if not isinstance(method, str) or request_id is None:
            if method == "notifications/cancelled" and isinstance(params, dict):
                self._cancel(params.get("requestId"))
            return acknowledgement()
        if params is None:
            params = {}
        if not isinstance(params, dict) or isinstance(request_id, dict | list):
            return refusal(request_id, INVALID_PARAMS, "Invalid request parameters", "")
        if method != "tools/call":
            return self._server.answer(method, params, request_id)
        name, arguments = params.get("name"), params.get("arguments")
        if arguments is None:
            arguments = {}
        if not isinstance(name, str) or not isinstance(arguments, dict):
            return refusal(request_id, INVALID_PARAMS, "Invalid request parameters", "")
        return await self._call(request_id, name, arguments)

    async def aclose(self) -> None:
        """Cancel the calls in flight; they answer that they were cancelled."""
        for request_id in list(self._in_flight):
            self._cancel(request_id)

    async def _call(self, request_id: Any, name: str, arguments: dict[str, Any]) -> Message:
        from anyio import CancelScope

        if request_id in self._in_flight:
            return refusal(request_id, INVALID_REQUEST, f"request id {request_id!r} is already in flight")
        scope = self._in_flight[request_id] = CancelScope()
        try:
            with scope:
                result = await self._server.call(name, arguments)
        finally:
            del self._in_flight[request_id]
        if scope.cancel_called:  # even where the tool came to an end in spite of it
            return refusal(request_id, REQUEST_CANCELLED, "Request cancelled")
        return reply(request_id, result)

    def _cancel(self, request_id: Any) -> None:
        scope = self._in_flight.get(request_id) if isinstance(request_id, str | int) else None
        if scope is not None:
            scope.cancel()


def _logger() -> Any:
    import logging

    return logging.getLogger("claude_code_sdk.mcp")
