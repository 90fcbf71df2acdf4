"""ClaudeSDKClient: a conversation of several turns, with everything that can be asked of a running CLI.

Below: `_host.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import uuid4

import anyio

from ._feed import feed
from ._host import Host
from ._iterators import Messages, is_result
from ._open import choose_transport
from ._prompts import as_content, check_prompt, frames_of, user_frame
from .errors import CLIConnectionError
from .messages import Message, ResultMessage
from .options import ClaudeCodeOptions

if TYPE_CHECKING:
    from ._dispatcher import Dispatcher
    from .context_usage import ContextUsageResponse
    from .mcp_types import McpStatusResponse
    from .permissions import PermissionMode
    from .transports.base import Transport
    from .transports.legacy import Transport as DictTransport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Dispatcher = ContextUsageResponse = McpStatusResponse = PermissionMode = Transport = DictTransport = Any


class ClaudeSDKClient:
    """A conversation with one CLI.

    - `options`: `ClaudeCodeOptions()` when None.
    - `transport`: see `query()`.

    Connect, use and disconnect may happen in different tasks of one event loop.  Every method but `connect` and
    `disconnect` raises `CLIConnectionError` while there is no connection.
    """

    def __init__(
        self, options: ClaudeCodeOptions | None = None, transport: Transport | DictTransport | None = None
    ) -> None:
        self.options = options if options is not None else ClaudeCodeOptions()
        self._transport = transport
        self._host: Host | None = None
        self._opening: Host | None = None  # while connect() is under way

    # Life

    async def connect(
        self, prompt: str | AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]] | None = None
    ) -> None:
        """Start the CLI and shake hands; then send `prompt`, if any.

        `prompt` is a string or a list of content blocks, sent before this returns, or an iterable of message dicts,
        sent in the background as they come.  The input stays open afterwards: `query()` can follow in either case.

        Raises `CLIConnectionError` when this client is connected already, `TypeError` for what cannot be a prompt,
        `ValueError` and `TypeError` for options that cannot be, `CLINotFoundError`, `CLIConnectionError`,
        `ProcessError`, `ControlTimeoutError`.  On failure and when cancelled nothing is left.  A `disconnect()` from
        another task meanwhile makes it fail (`CLIConnectionError`).
        """
        check_prompt(prompt, none_allowed=True)
        if self._host is not None or self._opening is not None:
            raise CLIConnectionError("Already connected: call disconnect() first, or use another ClaudeSDKClient")
        host = self._opening = Host(self.options, choose_transport(self._transport, self.options))
        try:
            await host.start()
        finally:
            self._opening = None
        self._host = host
        if prompt is None:
            return
        try:
            content = as_content(prompt)
            if content is not None:
                await self._send(content, "default")
            else:
                # Not a method: the task would keep this client from being collected when it is dropped.
                verbatim = self.options.verbatim_prompts
                host.start_soon(partial(feed, host, cast(Any, prompt), verbatim=verbatim, close_input=False))
        except BaseException as error:
            await self._disconnect(error)
            raise

    async def disconnect(self) -> None:
        """End the connection: close the CLI's input, give it `close_timeout` seconds, then end it by force.

        Idempotent.  Cancelled, it ends the CLI by force and waits for that; nothing is left either way.  Messages that
        arrived before can still be read, by an iterator that is there.  A hook, a permission callback, a tool or an
        iterable of prompts may call it too: the end of the connection then cancels that callback, as it does all.
        """
        await self._disconnect(None)

    async def _disconnect(self, why: BaseException | None) -> None:
        host, self._host = self._host or self._opening, None
        if host is not None:
            if isinstance(why, anyio.get_cancelled_exc_class()):
                # A cancel scope would cancel what follows again, a raw asyncio cancellation comes once.
                host.kill()
            await host.aclose()

    async def __aenter__(self) -> ClaudeSDKClient:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:  # not bool, which tells type checkers that the block's exceptions may be swallowed
        await self._disconnect(exc)
        return False

    def __del__(self) -> None:
        host = getattr(self, "_host", None)
        if host is not None:
            host.abandon()

    @property
    def pid(self) -> int | None:
        """Process id of the CLI; None while there is no connection, and in process."""
        return None if self._host is None else self._host.pid

    # The conversation

    async def query(
        self,
        prompt: str | AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]],
        session_id: str = "default",
    ) -> None:
        """Send a prompt; the messages come through `receive_response()` or `receive_messages()`.

        `prompt` is a string, a list of content blocks, or an iterable of message dicts, which is sent to its end before
        this returns.  `session_id` goes into the frames that have none (the CLI ignores it).

        Raises `TypeError` for what cannot be a prompt, `CLIConnectionError` when the connection is gone, and what the
        iterable raises.  Cancelled, a frame that was begun is sent whole.
        """
        check_prompt(prompt)
        content = as_content(prompt)
        if content is not None:
            await self._send(content, session_id)
            return
        assert not isinstance(prompt, str)
        dispatcher = self._dispatcher
        verbatim = self.options.verbatim_prompts
        async with aclosing(frames_of(prompt, session_id=session_id, verbatim=verbatim)) as frames:
            async for frame in frames:
                await dispatcher.send_message(frame)

    async def prompt(self, prompt: str | list[dict[str, Any]], session_id: str = "default") -> Response:
        """Send one prompt and return a handle to its own response.

        The frame gets a `uuid`, by which the CLI marks the result that answers it.  So results of turns that the CLI
        starts by itself (a background task that ended) are told apart from it; but the CLI also sends
        `command_lifecycle` frames for such a prompt, which is why `query()` stamps none.

        Raises as `query()`.
        """
        content = as_content(prompt)
        if content is None:
            raise TypeError(f"prompt must be a string or a list of content blocks, not {type(prompt).__name__}")
        uuid = str(uuid4())
        await self._send(content, session_id, uuid)
        return Response(self._messages(), uuid)

    def receive_messages(self) -> Messages:
        """All messages as they come, until the connection ends.

        Iterating raises what ended the run, after the last message.  Leaving the loop loses nothing.
        """
        return self._messages()

    def receive_response(self) -> Messages:
        """The messages up to and including the next `ResultMessage`, whichever turn's it is."""
        return self._messages(is_result)

    async def drain(self) -> ResultMessage | None:
        """Read up to the next result and return it; None when the connection ended before.

        After `interrupt()` this takes the rest of the aborted turn away, so that the next `receive_response()` is that
        of the next prompt.
        """
        async for message in self.receive_response():
            if isinstance(message, ResultMessage):
                return message
        return None

    # Control requests

    async def control(self, subtype: str, *, timeout: float | None = None, **fields: Any) -> dict[str, Any]:
        """Send any control request, for subtypes that have no method here; returns the payload of the answer.

        `timeout` is in seconds, the option `control_timeout` by default.  Raises `ControlRequestError` when the CLI
        refuses, `ControlTimeoutError` when it does not answer, `CLIConnectionError` or what ended the run.
        Cancelled, it stops waiting; the CLI may act on the request all the same.
        """
        return await self._dispatcher.request(subtype, fields, timeout=timeout)

    async def interrupt(self) -> dict[str, Any]:
        """Interrupt the turn that runs; returns the CLI's receipt: `{"still_queued": [uuid …]}` with the prompts that
        will run all the same.  The aborted turn still ends with a result, which must be read (`drain()`).  Raises as
        `control()`."""
        return await self.control("interrupt")

    async def set_permission_mode(self, mode: PermissionMode) -> None:
        """Change the permission mode; it holds for tools that are asked about from now on.  Raises as `control()`."""
        await self.control("set_permission_mode", mode=mode)

    async def set_model(self, model: str | None = None) -> None:
        """Change the model; None is the default one.  The CLI tries the name out first.  Raises as `control()`."""
        await self.control("set_model", model=model)

    async def rewind_files(self, user_message_id: str) -> dict[str, Any]:
        """Set tracked files back to their state at a user message; returns the CLI's report.

        Needs `enable_file_checkpointing`; ids come with `extra_args={"replay-user-messages": None}`.  Raises as
        `control()`.
        """
        return await self.control("rewind_files", user_message_id=user_message_id)

    async def get_mcp_status(self) -> McpStatusResponse:
        """State of every MCP server, as the CLI tells it.  Raises as `control()`."""
        return await self.control("mcp_status")  # type: ignore[return-value]  # the CLI's own dict, passed through

    async def reconnect_mcp_server(self, server_name: str) -> None:
        """Connect an MCP server anew.  Raises as `control()`."""
        await self.control("mcp_reconnect", serverName=server_name)

    async def toggle_mcp_server(self, server_name: str, enabled: bool) -> None:
        """Switch an MCP server on or off.  Raises as `control()`."""
        await self.control("mcp_toggle", serverName=server_name, enabled=enabled)

    async def stop_task(self, task_id: str) -> None:
        """Stop a background task; its end comes as a `TaskUpdatedMessage`.  Raises as `control()`."""
        await self.control("stop_task", task_id=task_id)

    async def get_context_usage(self) -> ContextUsageResponse:
        """What fills the context window, as the CLI tells it.  Raises as `control()`."""
        return await self.control("get_context_usage")  # type: ignore[return-value]  # the CLI's own dict

    async def get_server_info(self) -> dict[str, Any] | None:
        """The CLI's answer to the handshake (`commands`, `output_style`, `models` …), kept from `connect()`."""
        return self._connected.server_info

    # Inside

    @property
    def _connected(self) -> Host:
        if self._host is None:
            raise CLIConnectionError("Not connected. Call connect() first.")
        return self._host

    @property
    def _dispatcher(self) -> Dispatcher:
        return self._connected.dispatcher

    async def _send(self, content: str | list[dict[str, Any]], session_id: str, uuid: str | None = None) -> None:
        verbatim = self.options.verbatim_prompts
        await self._dispatcher.send_message(user_frame(content, session_id=session_id, uuid=uuid, verbatim=verbatim))

    def _messages(self, until: Callable[[Message], bool] | None = None) -> Messages:
        return Messages(self._connected.inbox, until, owner=self)


class Response(AsyncIterator[Message]):
    """The response to one prompt: iterate over its messages, or await `result()`.

    - `uuid`: the one that the prompt carries.

    Messages of turns that the CLI starts in between are delivered too (a connection has one order of messages), but
    only the result that answers this prompt ends the iteration.
    """

    def __init__(self, messages: Messages, uuid: str) -> None:
        self.uuid = uuid
        self._messages = messages
        self._result: ResultMessage | None = None

    def __aiter__(self) -> Response:
        return self

    async def __anext__(self) -> Message:
        if self._result is not None:
            raise StopAsyncIteration
        message = await self._messages.__anext__()
        if isinstance(message, ResultMessage) and self._answered_by(message):
            self._result = message
        return message

    async def result(self) -> ResultMessage:
        """Read on to the result that answers this prompt and return it; again and again the same.

        Raises what ended the run, `CLIConnectionError` when it ended without that result.
        """
        async for _ in self:
            pass
        if self._result is None:
            raise CLIConnectionError(f"the connection ended before the prompt {self.uuid} was answered")
        return self._result

    def _answered_by(self, result: ResultMessage) -> bool:
        return self.uuid == result.user_message_uuid or self.uuid in (result.user_message_uuids or ())
