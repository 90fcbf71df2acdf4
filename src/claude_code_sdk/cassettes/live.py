"""Where runs are opened live, when a cassette does not have them.

Above: `use_cassette.py`, `startup/in_process.py`.  Below: `SubprocessTransport`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._override import current

if TYPE_CHECKING:
    from ..protocol.command import Command
    from ..transports.base import Channel, Transport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Command = Channel = Transport = Any


class LiveTransport:
    """A process for each run, with the settings that the run's options ask for."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """See `SubprocessTransport.open`."""
        from ..transports.subprocess import SubprocessTransport

        return await SubprocessTransport().open(command, on_stderr=on_stderr)

    def for_options(self, options: Any) -> Transport:
        """What a run with these options would be opened on without us."""
        from ..transports.subprocess import SubprocessTransport

        return SubprocessTransport(close_timeout=options.close_timeout, keep_background=options.keep_background)


def live_transport(given: Transport | None) -> Transport:
    """The transport given, or the one in force, or processes."""
    return given or current() or LiveTransport()
