"""One run of a hand-built MCP server, and the requests of the CLI that wait for it.

Owns the memory streams around the server, the matching of responses to requests, and cancellation.  What is peculiar to
the installed `mcp` is behind `Dialect`; nothing here imports it.  Above: `_mcp_bridge`.
"""

from __future__ import annotations

import logging
import math
from typing import Any, Protocol

import anyio

from ._jsonrpc import (
    CONNECTION_CLOSED,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_CANCELLED,
    Message,
    refusal,
    reply,
)

CLOSE_TIMEOUT = 5.0
"""Seconds that a server has for its own clean-up when a session of the CLI ends; after that it is cancelled."""

_CLOSED = "its session is closed"

_logger = logging.getLogger("claude_code_sdk.mcp")


class Dialect(Protocol):
    """What differs between the major versions of the `mcp` package."""

    understands_cancellation: bool
    """Whether `notifications/cancelled` can be passed on; if not, requests run in `ServerRun.scope_of` them."""

    def encode(self, message: Message) -> Any:
        """A message as an item of the server's input; ValueError if it is not JSON-RPC."""

    def decode(self, item: Any) -> Message:
        """An item of the server's output as a message."""

    async def run(self, server: Any, this_run: ServerRun, reads: Any, writes: Any) -> None:
        """Run the server until its input ends."""


class ServerRun:
    """A server running between two memory streams, from `run()` to `stopped`."""

    def __init__(self, server: Any, dialect: Dialect) -> None:
        self.stopped = anyio.Event()
        self._server = server
        self._name: str = server.name
        self._dialect = dialect
        self._waiting: dict[Any, _Waiter] = {}
        self._cause = ""
        self._closing = False
        self._scope = anyio.CancelScope()
        # Unbounded, so that a message, a cancellation above all, is passed on without waiting. What can gather is what
        # the CLI sends to a server that does not read.
        self._to_server, self._server_reads = anyio.create_memory_object_stream[Any](math.inf)
        self._server_writes, self._from_server = anyio.create_memory_object_stream[Any](0)

    async def run(self) -> None:
        """Run the server until its input ends or it ends by itself; what it raises is logged and told to the CLI."""
        try:
            with self._scope:
                async with anyio.create_task_group() as task_group:
                    task_group.start_soon(self._read)
                    await self._dialect.run(self._server, self, self._server_reads, self._server_writes)
                    task_group.cancel_scope.cancel()
                if not self._closing:
                    self.end("it ended by itself")
        except Exception as exc:
            cause: BaseException = exc
            while isinstance(cause, BaseExceptionGroup) and len(cause.exceptions) == 1:
                cause = cause.exceptions[0]
            _logger.exception("MCP server %r stopped", self._name)
            self.end(f"{type(cause).__name__}: {cause}")
        finally:
            self.end(_CLOSED)

    def end(self, cause: str) -> None:
        """Let nobody wait any longer: every request gets an error that names the cause. Only the first call counts."""
        if self.stopped.is_set():
            return
        self._cause = cause
        self.stopped.set()
        for stream in (self._to_server, self._server_reads, self._server_writes, self._from_server):
            stream.close()
        for request_id, waiter in self._waiting.items():
            waiter.settle(self._stopped_error(request_id))

    async def request(self, message: Message) -> Message:
        """Pass a request on and wait for the response; being cancelled cancels it in the server."""
        request_id = message["id"]
        if isinstance(request_id, dict | list) or request_id in self._waiting:
            return refusal(request_id, INVALID_REQUEST, f"request id {request_id!r} is already in flight, or is no id")
        if self.stopped.is_set():
            return self._stopped_error(request_id)
        try:
            item = self._dialect.encode(message)
        except ValueError as exc:
            return refusal(request_id, INVALID_REQUEST, f"not a JSON-RPC request: {exc}")
        waiter = self._waiting[request_id] = _Waiter(can_cancel=message["method"] != "initialize")
        try:
            self._send(item)
            await waiter.settled.wait()
        finally:
            self.cancel(request_id)  # has no effect on what is settled
            del self._waiting[request_id]
        return waiter.response or self._stopped_error(request_id)

    def pass_on(self, message: Message) -> None:
        """Pass on what needs no response."""
        try:
            self._send(self._dialect.encode(message))
        except ValueError as exc:
            _logger.warning("MCP server %r was not given a message that is not JSON-RPC: %s", self._name, exc)

    def cancel(self, request_id: Any) -> None:
        """Cancel a request in the server and answer it at once; the server may take its time."""
        waiter = self._waiting.get(request_id) if isinstance(request_id, str | int) else None
        if waiter is None or not waiter.can_cancel or waiter.response is not None:
            return
        if self._dialect.understands_cancellation:
            self.pass_on({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": request_id}})
        waiter.scope.cancel()
        waiter.settle(refusal(request_id, REQUEST_CANCELLED, "Request cancelled"))

    def scope_of(self, request_id: Any) -> anyio.CancelScope | None:
        """The scope for the function that serves a request; None if nobody waits for it any longer."""
        waiter = self._waiting.get(request_id)
        return waiter.scope if waiter is not None else None

    async def aclose(self) -> None:
        """Cancel what is in flight, end the input, wait up to `CLOSE_TIMEOUT` for the server, then cancel it."""
        self._closing = True
        for request_id in list(self._waiting):
            self.cancel(request_id)
        self._to_server.close()
        with anyio.move_on_after(CLOSE_TIMEOUT, shield=True):
            await self.stopped.wait()
        if not self.stopped.is_set():
            _logger.warning("MCP server %r did not stop within %g s and is cancelled", self._name, CLOSE_TIMEOUT)
            self._scope.cancel()  # first: it is no news to log that its streams are closed
            self.end(_CLOSED)

    def _send(self, item: Any) -> None:
        try:
            self._to_server.send_nowait(item)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            _logger.debug("MCP server %r is stopping and hears no more", self._name)

    async def _read(self) -> None:
        async for item in self._from_server:
            message = self._dialect.decode(item)
            if "method" not in message:
                if waiter := self._waiting.get(message.get("id")):
                    waiter.settle(message)
            elif "id" in message:
                self._answer_server(message["id"], message["method"])
            else:
                _logger.debug("MCP server %r: its notification %s is dropped", self._name, message["method"])

    def _answer_server(self, request_id: Any, method: str) -> None:
        if method == "ping":
            self.pass_on(reply(request_id, {}))
            return
        _logger.warning(
            "MCP server %r asks its client for %s, which the CLI does not offer: refused", self._name, method
        )
        self.pass_on(refusal(request_id, METHOD_NOT_FOUND, f"{method} is not available to a server in the program"))

    def _stopped_error(self, request_id: Any) -> Message:
        return refusal(request_id, CONNECTION_CLOSED, f"MCP server {self._name!r} stopped: {self._cause}")


class _Waiter:
    """A request in flight."""

    __slots__ = ("can_cancel", "response", "scope", "settled")

    def __init__(self, *, can_cancel: bool) -> None:
        self.can_cancel = can_cancel
        self.response: Message | None = None
        self.settled = anyio.Event()
        self.scope = anyio.CancelScope()

    def settle(self, response: Message) -> None:
        if self.response is None:  # the first one counts: a server may answer what was cancelled
            self.response = response
            self.settled.set()
