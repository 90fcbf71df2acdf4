"""Hand-built MCP servers: JSON-RPC messages of the CLI <-> a server of the `mcp` package.

The only module that imports `mcp`, and the only one that knows that there are two major versions of it (1.23 or newer,
and 2).  A server runs from the first message of the CLI on and, after it ended by itself, again from the next
`initialize` on.  Every method that the server implements works, for messages are passed on as they are.  Above:
`_mcp_server.serve`.  Below: `_mcp_run`.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from mcp import types as _mcp_types
from mcp.server.lowlevel import Server
from mcp.shared.message import SessionMessage

from ._jsonrpc import REQUEST_CANCELLED, Message, acknowledgement
from ._mcp_run import Dialect, ServerRun

if TYPE_CHECKING:
    from ._tasks import StartsTasks

types: Any = _mcp_types  # typed against neither major version: what one has, the other lacks


class McpBridge:
    """A hand-built server serving one session of the CLI (a `_mcp_server.McpEndpoint`).

    Raises:
        TypeError: `instance` is not a server of the installed `mcp`.
    """

    def __init__(self, instance: Any) -> None:
        self._server = lowlevel_server(instance)
        self._dialect: Dialect = Mcp2() if hasattr(types, "jsonrpc_message_adapter") else Mcp1()
        self._task_group: StartsTasks | None = None
        self._run: ServerRun | None = None
        self._closed = False

    async def start(self, task_group: StartsTasks) -> None:
        """The server will run in `task_group`, from the first message on."""
        self._task_group = task_group

    async def handle(self, message: Message) -> Message | None:
        """See `McpEndpoint.handle`; a request to a server that has stopped gets an error that says why it did."""
        method, request_id = message.get("method"), message.get("id")
        run = self._run_for(method)
        if method == "notifications/cancelled":
            params = message.get("params")
            run.cancel(params.get("requestId") if isinstance(params, dict) else None)
        elif method is not None and request_id is not None:
            return await run.request(message)
        else:
            run.pass_on(message)
        return acknowledgement()

    async def aclose(self) -> None:
        """Cancel what is in flight and stop the server, in `_mcp_run.CLOSE_TIMEOUT` seconds at the most."""
        self._closed = True
        if self._run is not None:
            await self._run.aclose()

    def _run_for(self, method: Any) -> ServerRun:
        if self._task_group is None:
            raise RuntimeError("McpBridge.handle() was called before start()")
        again = method == "initialize" and self._run is not None and self._run.stopped.is_set()
        if self._run is None or (again and not self._closed):
            self._run = ServerRun(self._server, self._dialect)
            if self._closed:
                self._run.end("its session is closed")
            else:
                self._task_group.start_soon(self._run.run, name=f"MCP server {self._server.name}")
        return self._run


def lowlevel_server(instance: Any) -> Any:
    """The `mcp.server.lowlevel.Server` that `instance` is, or that it (FastMCP, MCPServer) is built on.

    Raises:
        TypeError: it is neither.
    """
    for candidate in (instance, *(getattr(instance, name, None) for name in ("_lowlevel_server", "_mcp_server"))):
        if isinstance(candidate, Server):
            return candidate
    raise TypeError(
        f"the 'instance' of an MCP server of type 'sdk' is {instance!r}; it has to come from create_sdk_mcp_server() "
        "or be a Server or FastMCP object of the installed mcp package"
    )


class Mcp2:
    """mcp 2: a message is a pydantic union, the server cancels a request on notification and never answers it."""

    understands_cancellation = True

    def encode(self, message: Message) -> SessionMessage:
        return SessionMessage(types.jsonrpc_message_adapter.validate_python(message, by_name=False))

    def decode(self, item: Any) -> Message:
        message: Message = item.message.model_dump(by_alias=True, mode="json", exclude_unset=True)
        return message

    async def run(self, server: Any, this_run: ServerRun, reads: Any, writes: Any) -> None:
        await server.run(reads, writes, server.create_initialization_options())


class Mcp1:
    """mcp 1: a message is a RootModel, and cancelling a request by notification can bring the server down.

    Its session fails an assertion when the function of a cancelled request answers all the same
    (`RequestResponder.respond`). So it is not told; a request is cancelled in a scope inside of it.
    """

    understands_cancellation = False

    def encode(self, message: Message) -> SessionMessage:
        return SessionMessage(types.JSONRPCMessage.model_validate(message))

    def decode(self, item: Any) -> Message:
        message: Message = item.message.model_dump(by_alias=True, mode="json", exclude_none=True)
        return message

    async def run(self, server: Any, this_run: ServerRun, reads: Any, writes: Any) -> None:
        twin = copy.copy(server)  # the server is the user's, and may serve elsewhere at the same time
        twin.request_handlers = _ScopedFunctions(server.request_handlers, this_run)
        await twin.run(reads, writes, server.create_initialization_options())


class _ScopedFunctions(dict[Any, Any]):
    """The `request_handlers` of an mcp 1 server, read through to the original, each run in the scope of its request."""

    def __init__(self, original: dict[Any, Any], this_run: ServerRun) -> None:
        super().__init__(original)
        self._original = original
        self._this_run = this_run

    def get(self, request_type: Any, default: Any = None) -> Any:
        function = self._original.get(request_type)
        if function is None:
            return default

        async def call(request: Any) -> Any:
            from mcp.server.lowlevel.server import request_ctx  # type: ignore[attr-defined]  # mcp 1 only
            from mcp.shared.exceptions import McpError  # type: ignore[attr-defined]  # mcp 1 only

            scope = self._this_run.scope_of(request_ctx.get().request_id)
            if scope is not None:
                with scope:
                    return await function(request)
            raise McpError(types.ErrorData(code=REQUEST_CANCELLED, message="Request cancelled"))

        return call
