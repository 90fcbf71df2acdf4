"""Host: our side of one run, and the one unstructured spot: a task that nobody awaits lexically.

Above: `query()` and `ClaudeSDKClient`.  Below: the dispatcher, a transport.

`connect()` and `disconnect()` may happen in different tasks, and an iterator may be dropped half read, so reading and
serving callbacks cannot belong to any caller.  They live in a task of their own, a plain task on asyncio and a system
task on trio; its outcome is always collected, and it leaves nothing behind however it ends.  The run is opened before,
in the caller's task.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import anyio

from ._callbacks import Callbacks
from ._chosen import chosen
from ._command import prepare_command
from ._dispatcher import Dispatcher
from ._inbox import Inbox
from ._initialize import initialize_body, register_hooks
from ._run_end import RunEnd, ceiling_from
from ._tasks import Tasks, open_tasks
from ._validate import validate
from ._version import check_version
from .errors import ClaudeSDKError, CLIConnectionError
from .transports._detached import spawn_detached
from .transports._scope import open_scope
from .transports._waiter import Latch

if TYPE_CHECKING:
    from ._mcp_server import McpEndpoint
    from .options import ClaudeCodeOptions
    from .protocol.command import Command
    from .transports.base import Channel, Transport

logger = logging.getLogger("claude_code_sdk")

CANCELLED_FROM_OUTSIDE = "Not connected: the task that reads from the CLI was cancelled from outside the SDK"

_within: ContextVar[tuple[Latch, ...]] = ContextVar("_within", default=())
"""`_closed` of the runs whose callbacks we are in: these must not wait for the end of a task that waits for them."""

CLOSE_ATTEMPTS = 3
"""Times that a close is taken up again when raw cancellations of the host's own task cut it short."""


class Host:
    """One run, from options to exit.

    - `options`: validated here, before anything is spawned.  Raises `ValueError` or `TypeError`.
    - `transport`: where to open the run.
    """

    def __init__(self, options: ClaudeCodeOptions, transport: Transport) -> None:
        names = chosen(options)
        validate(options, names=names)
        self._options = options
        self._transport = transport
        self._command: Command = prepare_command(options, names=names)
        self._hook_map, hooks = register_hooks(options.hooks)
        self._servers: dict[str, McpEndpoint] = _endpoints(options)
        self.callbacks = Callbacks(
            can_use_tool=options.can_use_tool,
            hooks=hooks,
            servers=self._servers,
            failing_hooks_block=options.failing_hooks_block,
        )
        needs = self.callbacks.any
        self.run_end = RunEnd(needs=needs, ceiling=ceiling_from(options.env) if needs else 0.0)
        self.inbox = Inbox(options.max_unread_bytes)
        self.server_info: dict[str, Any] | None = None
        self._dispatcher: Dispatcher | None = None
        self._channel: Channel | None = None
        self._tasks: Tasks | None = None
        self._reading = open_scope()
        self._closed = Latch()  # the channel is
        self._done = Latch()  # nothing runs any more
        self._closing = False
        self._call_soon: Callable[[Callable[[], None]], object] | None = None

    # Life

    async def start(self) -> None:
        """Open the run and shake hands.

        Raises what the transport raises (`CLINotFoundError`, `CLIConnectionError`), `ProcessError` when the CLI ends
        during the handshake, `ControlTimeoutError` after `initialize_timeout` seconds, `CLIConnectionError` when it is
        closed meanwhile.  On any failure and when cancelled nothing is left: no task, process, descriptor or file.
        """
        try:
            self._channel = await self._transport.open(self._command, on_stderr=stderr_sink(self._options))
            self._begin(self._channel)
            await self._shake_hands()
        except BaseException as error:
            self.kill()
            if self._call_soon is None:  # there is no task of its own yet
                self._closed.set()
                self._done.set()
            await self._join()
            if isinstance(error, ClaudeSDKError) and error.cli_path is None:
                error.cli_path = self._command.argv[0]
            raise

    def _begin(self, channel: Channel) -> None:
        """From here on the task of its own closes the channel, whatever happens to the caller."""
        options = self._options
        self._dispatcher = Dispatcher(
            channel,
            inbox=self.inbox,
            callbacks=self.callbacks,
            run_end=self.run_end,
            control_timeout=options.control_timeout,
            idle_timeout=options.idle_timeout,
            max_frame_size=options.max_buffer_size or options.max_frame_size,
            cli_path=getattr(channel, "executable", None) or self._command.argv[0],
        )
        self._call_soon = spawn_detached(self._live)

    async def aclose(self) -> None:
        """End the run: close its input, give it `close_timeout` seconds, end it by force otherwise.

        Idempotent; may be called from any task.  Cancelled, it ends the run by force, waits for that (which is
        bounded), and then raises the cancellation: nothing is left either way.  In a callback of this very run it waits
        for the CLI's end only, and raises the cancellation with which the run ends its callbacks.
        """
        self._request_close()
        await self._join()

    def kill(self) -> None:
        """End the run and its process group at once.  Synchronous; `aclose()` collects what is left."""
        if self._channel is not None:
            self._channel.kill()
        self._request_close()

    def abandon(self) -> None:
        """Nobody will close this run any more (a dropped iterator): close it from wherever we are, any thread."""
        if self._call_soon is None or self._closing:
            return
        try:
            self._call_soon(self._request_close)
        except RuntimeError:  # the event loop is gone, so nothing but force is left
            if self._channel is not None:
                self._channel.kill()

    def start_soon(self, function: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        """Run `function` among the run's tasks; it is cancelled when the run ends."""
        self.dispatcher.check_open("send prompts")
        assert self._tasks is not None
        before = _within.set((*_within.get(), self._closed))
        try:
            self._tasks.start_soon(function, *args)
        finally:
            _within.reset(before)

    @property
    def dispatcher(self) -> Dispatcher:
        """The run's dispatcher.  Raises `CLIConnectionError` when the run is not open."""
        if self._dispatcher is None or self._closing:
            raise CLIConnectionError("Not connected: the connection is closed")
        return self._dispatcher

    @property
    def pid(self) -> int | None:
        """Process id of the CLI; None in process and before it is open."""
        return None if self._channel is None else self._channel.pid

    # The task of its own

    async def _live(self) -> None:
        dispatcher, channel = self._dispatcher, self._channel
        assert dispatcher is not None
        assert channel is not None
        failure: BaseException | None = None
        try:
            _within.set((*_within.get(), self._closed))  # this task has a context of its own; its callbacks inherit it
            async with open_tasks(dispatcher.fail) as tasks:
                self._tasks = tasks
                try:
                    with self._reading:
                        await self._read(dispatcher, channel, tasks)
                except anyio.get_cancelled_exc_class():
                    channel.kill()  # from outside, as at the end of asyncio.run(): no more graces
                    if not self._closing:
                        dispatcher.end(CLIConnectionError(CANCELLED_FROM_OUTSIDE))
                    raise
                except Exception as error:
                    dispatcher.end(error)
                finally:
                    self._tasks = None
                    dispatcher.end(None, "the connection was closed")  # ends callbacks, and tells them why
                    try:
                        await self._close(channel)
                    finally:
                        self._closed.set()
        except BaseException as error:
            failure = _single(error)
        finally:
            # Nothing below awaits, so that no cancellation can come between the end and its announcement.
            self._closed.set()
            self._done.set()
        if isinstance(failure, Exception):
            logger.error("closing the connection to the CLI failed; it was ended by force", exc_info=failure)
            channel.kill()
        elif failure is not None:
            raise failure  # a cancellation from outside, which its sender waits for

    async def _read(self, dispatcher: Dispatcher, channel: Channel, tasks: Tasks) -> None:
        for endpoint in self._servers.values():
            await endpoint.start(tasks)
        status = await dispatcher.run(tasks)
        if status is None:
            channel.kill()

    async def _close(self, channel: Channel) -> None:
        """Close the channel, and at the same time the MCP servers, which may use that time to clean up."""
        for attempt in range(CLOSE_ATTEMPTS):
            try:
                return await self._close_once(channel)
            except anyio.get_cancelled_exc_class():
                # A raw asyncio cancellation of this very task, as asyncio.run() sends at its end: no more graces.
                channel.kill()
                if attempt == CLOSE_ATTEMPTS - 1:
                    raise

    async def _close_once(self, channel: Channel) -> None:
        if not self._servers:
            return await channel.aclose()
        from ._mcp_server import close_endpoints

        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as closing:
                closing.start_soon(close_endpoints, self._servers.values())
                await channel.aclose()

    def _request_close(self) -> None:
        self._closing = True
        self._reading.cancel()

    async def _join(self) -> None:
        """Wait until the task has ended, whatever cancels us meanwhile; a cancellation makes the end a forced one.

        Called by a callback of this run, it waits until the channel is closed: the task waits for the callback.  What
        cancels that is the run's own end, which may take its time.
        """
        within = self._closed in _within.get()
        ended = self._closed if within else self._done
        if ended.is_set:
            return
        try:
            await ended.wait()
        except anyio.get_cancelled_exc_class():
            if not within:
                self.kill()
            while not ended.is_set:
                try:
                    with anyio.CancelScope(shield=True):
                        await ended.wait()
                except anyio.get_cancelled_exc_class():
                    continue  # a raw asyncio cancellation; the run is being ended, so this ends soon
            raise

    # The handshake

    async def _shake_hands(self) -> None:
        body = initialize_body(self._options, self._hook_map)
        info = await self.dispatcher.request("initialize", body, timeout=self._options.initialize_timeout)
        self.dispatcher.cli_version = info.get("claude_code_version")
        self._check_hooks(info)
        check_version(info, self._options)
        self.server_info = info

    def _check_hooks(self, info: dict[str, Any]) -> None:
        """A matcher that must block on failure needs a CLI that knows how (sdk-spec §4.5)."""
        matchers = [m for entries in (self._hook_map or {}).values() for m in entries]
        if not any(m.get("onFailure") not in (None, "continue") for m in matchers):
            return
        if not info.get("hook_on_failure_supported") or info.get("hooks_applied") is False:
            raise CLIConnectionError(
                "a hook matcher has on_failure, which this CLI does not support "
                f"(version {info.get('claude_code_version', 'unknown')}): update the CLI, or leave on_failure out"
            )


def stderr_sink(options: ClaudeCodeOptions) -> Callable[[str], None] | None:
    """Where lines of the CLI's stderr go: to the callback, else, as in 0.0.25, to `debug_stderr` when the program asked
    for the CLI's debug output with `extra_args={"debug-to-stderr": None}`."""
    file = options.debug_stderr
    if options.stderr is not None or file is None or "debug-to-stderr" not in (options.extra_args or {}):
        return options.stderr
    return lambda line: print(line, file=file, flush=True)


def _endpoints(options: ClaudeCodeOptions) -> dict[str, McpEndpoint]:
    if not options.mcp_servers or not isinstance(options.mcp_servers, dict):
        return {}
    from ._mcp_server import serve  # a few milliseconds that a program without tools does not need

    servers: dict[str, Any] = options.mcp_servers
    return {name: serve(config["instance"]) for name, config in servers.items() if config.get("type") == "sdk"}


def _single(error: BaseException) -> BaseException:
    """The one exception inside groups of one: what is logged and raised must not depend on our task groups."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
