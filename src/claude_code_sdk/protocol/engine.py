"""Engine: whatever plays the CLI.  No I/O and no clock of its own.

Above: the two drivers, `InProcessTransport` (a memory channel) and `serve_stdio` (the body of a fake executable).
Below: nothing.  Bytes and signals go in, actions come out; a driver asks `next_action` until it gets `NeedData`, `Exit`
or a `Call`, and then waits for what was asked for.  Delays, hook timeouts and pauses are `NeedData(until)`; callables
and file tools are `Call`s.  So an engine behaves alike under every driver and on every event loop.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol, TypeAlias

    from .command import Command


class Write:
    """`data` goes to the host's reader (the CLI's stdout)."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class WriteErr:
    """One line, without its end, goes to stderr."""

    __slots__ = ("line",)

    def __init__(self, line: str) -> None:
        self.line = line


class Call:
    """The driver calls `function(*args)`, awaits what it returns if that is awaitable, and reports the outcome through
    `receive_result(call_id, value, error)`."""

    __slots__ = ("args", "call_id", "function")

    def __init__(self, call_id: int, function: Callable[..., Any], args: tuple[Any, ...] = ()) -> None:
        self.call_id = call_id
        self.function = function
        self.args = args


class Exit:
    """The run is over: both outputs are closed and the process ends with `code` (negative: by that signal)."""

    __slots__ = ("code",)

    def __init__(self, code: int) -> None:
        self.code = code


class NeedData:
    """Nothing to do before more arrives, or before the driver's clock says `until` (seconds; `None`: no limit)."""

    __slots__ = ("until",)

    def __init__(self, until: float | None = None) -> None:
        self.until = until


if TYPE_CHECKING:
    Action: TypeAlias = Write | WriteErr | Call | Exit | NeedData

    class Engine(Protocol):
        """The contract; `testing/engine_checks.py` holds the kit that checks an implementation.

        A method may raise the engine's own verdict (`CassetteMismatch`, `ScriptError`): in process it surfaces in the
        task that wrote, in a fake executable it goes to stderr and the exit code is 70.
        """

        def open(self, command: Command) -> None:
            """The run begins.  Called once, before anything else."""

        def receive_data(self, data: bytes) -> None:
            """Bytes from the host; `b""` is the end of its input."""

        def receive_signal(self, number: int) -> None:
            """A signal from the host."""

        def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
            """Outcome of a `Call`."""

        def next_action(self, now: float) -> Action:
            """What to do now; `now` is the driver's monotonic clock in seconds."""

        def close(self) -> None:
            """The host is gone (it closed its end, or killed the run).  Nothing is asked of the engine afterwards."""
