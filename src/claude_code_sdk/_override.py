"""use_transport(): another transport for code that takes no transport argument.

A process-global stack, used last in, first out.  Not a context variable: one that a test's fixture sets is not seen by
the test's own task.  So tests that run concurrently in one process cannot each have their own.
Above: programs, the pytest plugin, and `_open.py`, which asks for `current()`.  Below: `_official_patch.py`, which
makes the official SDK ask too while the stack is not empty.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from .transports.base import Transport
    from .transports.legacy import Transport as DictTransport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    TracebackType = Transport = DictTransport = Any

_F = TypeVar("_F", bound=Callable[..., Any])


class _Entry:
    __slots__ = ("replaces_processes", "transport")

    def __init__(self, transport: Transport, replaces_processes: bool) -> None:
        self.transport = transport
        self.replaces_processes = replaces_processes


_stack: list[_Entry] = []


def current() -> Transport | None:
    """The transport that was pushed last, or None."""
    return _stack[-1].transport if _stack else None


def is_replaced(given: Any) -> bool:
    """Whether a run that names the transport `given` is opened on the current one all the same."""
    if not _stack or not _stack[-1].replaces_processes:
        return False
    processes = sys.modules.get(f"{__package__}.transports.subprocess")
    return processes is not None and type(given) is processes.SubprocessTransport


def as_transport(given: Any) -> Transport:
    """One of our transports: `given` itself when it has `open()`, wrapped when it is a dict-style one.

    Raises `TypeError` for anything else.
    """
    if hasattr(given, "open"):
        transport: Transport = given
        return transport
    if hasattr(given, "read_messages"):
        from .transports.legacy import LegacyTransport

        return LegacyTransport(given)
    raise TypeError(
        "transport must have open() (claude_code_sdk.transports) or connect(), write() and read_messages() "
        f"(the older SDKs' shape); this is a {type(given).__name__}: {given!r}"
    )


class use_transport:
    """Open every run on `transport`, unless the call names one: in a `with` or `async with` block, or as a decorator.

    - `transport`: one of `claude_code_sdk.transports`, or a dict-style `Transport` of the older SDKs (one connection).
    - `replaces_processes`: also where the call names a `SubprocessTransport`.

    `query()` and `ClaudeSDKClient` of this SDK ask for it when they connect; what is connected already stays as it is.
    Those of the official `claude_agent_sdk` do so too, whether it is imported before or after.  Blocks may be nested
    and must be left in the reverse order; they hold for the whole process, so they cannot be used in threads or tests
    that run at the same time.  The block's value is the transport.

        with use_transport(InProcessTransport(lambda command: FakeCLI(script))):
            ...

    Raises `TypeError` for what is not a transport, `RuntimeError` when blocks are left out of order (the block is left
    all the same), and when the official SDK is imported in a version that it cannot be made to ask in.
    """

    def __init__(self, transport: Transport | DictTransport, *, replaces_processes: bool = False) -> None:
        self._transport = as_transport(transport)
        self._replaces_processes = replaces_processes
        self._entered: list[_Entry] = []  # several when one object is entered again

    def __enter__(self) -> Transport:
        from . import _official_patch

        entry = _Entry(self._transport, self._replaces_processes)
        _stack.append(entry)
        try:
            _official_patch.install()
        except BaseException:
            self._leave(entry)
            raise
        self._entered.append(entry)
        return self._transport

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave(self._entered.pop())

    def _leave(self, entry: _Entry) -> None:
        from . import _official_patch

        inner = _stack[_stack.index(entry) + 1 :]
        _stack.remove(entry)
        if not _stack:
            _official_patch.remove()
        if inner:
            raise RuntimeError(
                f"use_transport({entry.transport!r}) was left while {len(inner)} block(s) entered after it are open, "
                f"the last with {inner[-1].transport!r}: leave them in the reverse order, and do not use it in tests "
                "or threads that run at the same time"
            )

    async def __aenter__(self) -> Transport:
        return self.__enter__()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(exc_type, exc, traceback)

    def __call__(self, function: _F) -> _F:
        """Decorate a function, `async def` or not: each call runs in a block of its own."""
        if iscoroutinefunction(function):

            @wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                with self:
                    return await function(*args, **kwargs)

            return call_async  # type: ignore[return-value]  # of the same signature

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return call  # type: ignore[return-value]  # of the same signature
