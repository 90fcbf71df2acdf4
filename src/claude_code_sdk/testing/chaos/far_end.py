"""Where the runs of an attempt are opened: in this process, or as processes of `fake-claude`.

Above: `attempt.py`.  Below: `ScriptTransport`, `write_executable`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...cassettes.live import LiveTransport
from ...protocol.command import Command
from ..executable import check_executable, write_executable
from ..run.observed_engine import ObservedEngine
from ..script import Script, ScriptError, ScriptRun, State
from ..script_transport import ScriptTransport
from ..scripted_cli import fake_cli_for, with_faults

if TYPE_CHECKING:
    from ...protocol.engine import Engine
    from ...transports.base import Channel, Transport
    from ..run.wire_log import WireLog

IN_PROCESS, SUBPROCESS = "in-process", "subprocess"


class FarEnd(Protocol):
    """A script that is played from its beginning."""

    @property
    def transport(self) -> Transport:
        """What plays it."""

    @property
    def state(self) -> State:
        """What was used up."""

    def verdict(self) -> ScriptError | None:
        """What it says of the program; nothing of replies that are left."""


class InProcess:
    """Played by the fake CLI in this process.

    - `log`: what the fake CLI writes, before a fault of the script spoils it.
    """

    def __init__(self, script: Script, log: WireLog | None = None) -> None:
        self.state = State()
        make_engine = fake_cli_for if log is None else _observed(log)
        self._transport = ScriptTransport(script, state=self.state, unplayed="ignore", make_engine=make_engine)
        self.transport: Transport = self._transport

    def verdict(self) -> ScriptError | None:
        """See `FarEnd.verdict`."""
        return next((run.verdict for run in self._transport.runs if run.verdict is not None), None)


def _observed(log: WireLog) -> Callable[[ScriptRun], Engine]:
    def make(run: ScriptRun) -> Engine:
        from ..fake_cli import FakeCLI

        return with_faults(ObservedEngine(FakeCLI(run), log), run)

    return make


class AsProcesses:
    """Played by a process for each run.

    - `folder`: an empty one for what is written.
    """

    def __init__(self, script: Script, folder: Path) -> None:
        self._script = script
        self._path = write_executable(folder, script=script)
        self.transport: Transport = _Started(self._path, LiveTransport())

    @property
    def state(self) -> State:
        return State(f"{self._path}.state")

    def verdict(self) -> ScriptError | None:
        """See `FarEnd.verdict`."""
        try:
            check_executable(self._path, script=self._script, unplayed="ignore")
        except ScriptError as verdict:
            return verdict
        return None


class _Started:
    """Starts this executable, whatever the run's options name."""

    def __init__(self, path: str, transport: Transport) -> None:
        self._path = path
        self._transport = transport

    def for_options(self, options: Any) -> _Started:
        return _Started(self._path, LiveTransport().for_options(options))

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        argv = (self._path, *command.argv[1:])
        started = Command(argv, env=command.env, cwd=command.cwd, files=command.files, user=command.user)
        return await self._transport.open(started, on_stderr=on_stderr)
