"""CassetteBlock: a `with` block, or a decorator, in which the CLI's runs are on a cassette, or on a script.

Above: `use_cassette.py`, which says on which cassette and how; `testing/script_transport.py`.  Below:
`use_transport()`; a `Use`, of `uses.py` or `new_episodes.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import aclosing
from copy import copy
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .._override import use_transport

if TYPE_CHECKING:
    from types import TracebackType

    from ..transports.base import Transport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    TracebackType = Transport = Any

_F = TypeVar("_F", bound=Callable[..., Any])

IN_A_THREAD = 1024 * 1024
"""Bytes of a recording from which on an `async with` block makes the cassette in a thread, beside the event loop."""


class Use(Protocol):
    """A cassette in use, from the beginning of one block to its end."""

    @property
    def transport(self) -> Transport:
        """What the block's runs are opened on."""

    @property
    def size(self) -> int:
        """Bytes that `finish` has to work through."""

    def finish(self) -> None:
        """The block has ended without an exception.  Raises the verdict, or why the cassette cannot be written."""

    def abandon(self, error: BaseException) -> str:
        """It has ended with `error`.  Returns what that should say besides, or nothing."""


class CassetteBlock:
    """A `with` or `async with` block, or a decorator, in which the CLI's runs are on a cassette."""

    def __init__(self) -> None:
        self._entered: list[tuple[Use, use_transport]] = []  # several when one object is entered again

    def _use(self) -> Use:
        raise NotImplementedError

    def __enter__(self) -> Transport:
        use = self._use()
        block = use_transport(use.transport)
        try:
            block.__enter__()
        except BaseException as error:
            use.abandon(error)
            raise
        self._entered.append((use, block))
        return use.transport

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        use = self._leave(exc)
        if use is not None:
            use.finish()

    async def __aenter__(self) -> Transport:
        return self.__enter__()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        use = self._leave(exc)
        if use is None:
            return
        if use.size < IN_A_THREAD:
            use.finish()
            return
        import anyio
        from anyio.to_thread import run_sync

        with anyio.CancelScope(shield=True):  # bounded by the work; half a cassette is no cassette
            await run_sync(use.finish)

    def _leave(self, exc: BaseException | None) -> Use | None:
        """The transports before the block are back; returns what is to be finished."""
        use, block = self._entered.pop()
        try:
            block.__exit__(None, None, None)
        except BaseException as error:
            _note(error, use.abandon(error))
            raise
        if exc is None:
            return use
        _note(exc, use.abandon(exc))
        return None

    def __call__(self, function: _F) -> _F:
        """Decorate a function, a generator, or one of them that is `async`: each call runs in a block of its own."""
        return _decorated(function, self._again)  # type: ignore[return-value]  # of the same signature

    def _again(self) -> CassetteBlock:
        """The same, as if it had never been entered."""
        again = copy(self)
        again._entered = []
        return again


def _decorated(function: Callable[..., Any], block: Callable[[], CassetteBlock]) -> Callable[..., Any]:
    # A generator does its work after the call that made it: the block is around that.
    if isasyncgenfunction(function):

        @wraps(function)
        async def generate_async(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            async with block(), aclosing(function(*args, **kwargs)) as items:
                async for item in items:
                    yield item

        return generate_async
    if isgeneratorfunction(function):

        @wraps(function)
        def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            with block():
                return (yield from function(*args, **kwargs))

        return generate
    if iscoroutinefunction(function):

        @wraps(function)
        async def call_async(*args: Any, **kwargs: Any) -> Any:
            async with block():
                return await function(*args, **kwargs)

        return call_async

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with block():
            return function(*args, **kwargs)

    return call


def _note(exc: BaseException, text: str) -> None:
    if text:
        exc.add_note(text)
