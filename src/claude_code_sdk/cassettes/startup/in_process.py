"""The runs of a Python program are opened on a recording transport, in the program's own process.

Above: hook/sitecustomize.py, when the program imports an SDK.  Below: `use_transport()`, part.py.  Light to import:
what recording needs is loaded with the first run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..._override import use_transport
from .surroundings import CLI, RECORDER, SPOOL, VARIABLES, cli_behind, without_surroundings

_installed = False


def install() -> None:
    """Record whatever this process opens from now on, with `query()` and clients of this SDK and the official one.

    Idempotent.  Without a spool folder in the environment, runs are only led to the CLI that it names.
    """
    global _installed
    if not _installed and os.environ.get(RECORDER):
        _installed = True
        use_transport(SpoolingTransport()).__enter__()


class SpoolingTransport:
    """Opens runs as they would be opened without us, and records them into a part of this process."""

    def __init__(self, options: Any = None) -> None:
        self._options = options

    def for_options(self, options: Any) -> SpoolingTransport:
        """See `choose_transport`."""
        return SpoolingTransport(options)

    async def open(self, command: Any, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        """See `Transport.open`."""
        from ..live import LiveTransport

        live = LiveTransport()
        behind = _Behind(live if self._options is None else live.for_options(self._options))
        part = _part()
        if part is None:
            return await behind.open(command, on_stderr=on_stderr)
        from ..recording_transport import RecordingTransport

        return await RecordingTransport(behind, part).open(command, on_stderr=on_stderr)


class _Behind:
    """Opens runs in the environment and on the CLI that they would have if nobody recorded."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    async def open(self, command: Any, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        from ...protocol.command import Command

        surroundings = {name: os.environ[name] for name in VARIABLES if name in os.environ}
        named = command.argv[0]
        if CLI in surroundings or named != "claude":  # which the transport finds by itself, on the run's own PATH
            named = cli_behind(named, {**command.env, **surroundings})
        behind = Command(
            (named, *command.argv[1:]),
            env=without_surroundings({**command.env, **surroundings}),
            cwd=command.cwd,
            files=command.files,
            user=command.user,
        )
        return await self._transport.open(behind, on_stderr=on_stderr)


_parts: dict[int, Any] = {}


def _part() -> Any:
    """This process's part, another one in a fork; None when there is none: the program goes on unrecorded."""
    pid = os.getpid()
    if not os.environ.get(SPOOL):
        return None
    if pid not in _parts:
        from .failure import leave_failure

        try:
            from .part import Part

            _parts[pid] = Part(os.environ)
        except Exception as error:
            leave_failure(os.path.join(os.environ[SPOOL], str(pid)), error)
            _parts[pid] = None
    return _parts[pid]
