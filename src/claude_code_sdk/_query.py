"""query(): one prompt in, an async iterator of messages out.

Not `query.py`: with lazy exports, a submodule named like an exported function would hide the function.
Below: `_host.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from ._feed import close_when_over, feed
from ._host import Host
from ._iterators import Messages
from ._open import choose_transport
from ._prompts import as_content, check_prompt, user_frame
from .errors import CLIConnectionError
from .messages import Message
from .options import ClaudeCodeOptions

if TYPE_CHECKING:
    from .transports.base import Transport
    from .transports.legacy import Transport as DictTransport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Transport = DictTransport = Any


def query(
    *,
    prompt: str | AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]],
    options: ClaudeCodeOptions | None = None,
    transport: Transport | DictTransport | None = None,
) -> QueryMessages:
    """Ask once and iterate over what comes.

    Nothing happens before the first message is asked for; then a CLI is started, and it is ended when the iteration
    ends, is left, cancelled, closed (`aclose()`) or dropped.

    - `prompt`: a string, a list of content blocks, or an iterable (async or not) of message dicts, sent as they come.
    - `options`: `ClaudeCodeOptions()` when None.
    - `transport`: where to run the CLI; one of `claude_code_sdk.transports` or a dict-style `Transport` of the older
      SDKs.  Default: the one that `use_transport()` set, else a subprocess.

    Raises at once `TypeError` for what cannot be a prompt.  Iterating raises `ValueError` and `TypeError` for options
    that cannot be, `CLINotFoundError`, `CLIConnectionError`, `ControlTimeoutError`, `ProcessError`, `ResultError`
    (after the result itself), `TurnIncompleteError`, `IdleTimeoutError`, `UnreadLimitError`, what an iterable `prompt`
    raised, and `RuntimeError` when two tasks ask for the first message.
    Cancelled, it ends the CLI by force; no task, process, descriptor or file is left.
    """
    check_prompt(prompt)
    return QueryMessages(prompt, options or ClaudeCodeOptions(), transport)


class QueryMessages(AsyncIterator[Message]):
    """The messages of one `query()`; see there."""

    def __init__(
        self,
        prompt: str | AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]],
        options: ClaudeCodeOptions,
        transport: Transport | DictTransport | None,
    ) -> None:
        self._prompt = prompt
        self._options = options
        self._transport = transport
        self._host: Host | None = None
        self._messages: Messages | None = None
        self._closed = False

    def __aiter__(self) -> QueryMessages:
        return self

    async def __anext__(self) -> Message:
        if self._closed:
            raise StopAsyncIteration
        if self._messages is None and self._host is not None:
            raise RuntimeError(
                "another task waits for this query() to begin; one of them may ask for the first message"
            )
        try:
            if self._messages is None:
                await self._start()
                assert self._messages is not None
            return await self._messages.__anext__()
        except StopAsyncIteration:
            await self.aclose()
            raise
        except CLIConnectionError as error:
            if self._host is None:  # closed by another task while it started
                raise StopAsyncIteration from error
            await self.aclose()
            raise
        except BaseException as error:
            if self._host is not None and not isinstance(error, Exception):
                # Cancelled.  A cancel scope would cancel what follows again, a raw asyncio cancellation comes once.
                self._host.kill()
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """End the run.  Idempotent; cancelled, it ends the run by force and waits for that."""
        self._closed = True
        host, self._host = self._host, None
        if host is not None:
            await host.aclose()

    def __del__(self) -> None:
        if self._host is not None:
            self._host.abandon()

    async def _start(self) -> None:
        options = self._options
        host = self._host = Host(options, choose_transport(self._transport, options))
        await host.start()
        content = as_content(self._prompt)
        if content is None:
            assert not isinstance(self._prompt, str)
            # Not a method: the task would keep this iterator from being collected when it is dropped.
            host.start_soon(partial(feed, host, self._prompt, verbatim=options.verbatim_prompts, close_input=True))
        else:
            frame = user_frame(content, session_id="", verbatim=options.verbatim_prompts)
            await host.dispatcher.send_message(frame)
            if host.run_end.needs:
                host.start_soon(close_when_over, host)
            else:
                await host.dispatcher.end_input()
        self._messages = Messages(host.inbox)
