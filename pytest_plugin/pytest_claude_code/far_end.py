"""FarEnd: what a test's runs of the CLI are opened on, in this process or as processes.

Above: the fixtures, which say what is played.  Below: the transports of scripts and cassettes, written executables, and
the logs that `Run` reads.  A further engine is a class more in `FAR_ENDS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from claude_code_sdk.cassettes.mismatch import UnplayedEpisode
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.executable import check_executable, write_executable
from claude_code_sdk.testing.moments import CLOCKS
from claude_code_sdk.testing.run.observed_engine import ObservedEngine
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.run.wire_directory import wires
from claude_code_sdk.testing.run.wire_log import WireLog
from claude_code_sdk.testing.script import Script, ScriptRun, State
from claude_code_sdk.testing.script_transport import ScriptTransport
from claude_code_sdk.testing.scripted_cli import fake_cli_for
from claude_code_sdk.transports.base import Channel, Transport

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Engine

FAIL, IGNORE = "fail", "ignore"


class Played(Protocol):
    """A script or a cassette while a test plays it."""

    @property
    def transport(self) -> Transport:
        """What runs are opened on."""

    @property
    def run(self) -> Run:
        """What happened in them."""

    def check(self, *, unplayed: str = FAIL) -> None:
        """Raise what it says of the program; with `unplayed="ignore"` only what a run has met."""


class FarEnd(Protocol):
    """An engine of one test."""

    def script(self, script: Script) -> Played:
        """Play a script, which may grow until a run is opened."""

    def cassette(self, path: str, settings: Mapping[str, Any]) -> Played:
        """Play a cassette; the settings are those of `CassetteTransport`."""


class InProcess:
    """Runs are played in this process.

    - `make_folder`: not needed.
    """

    def __init__(self, make_folder: Callable[[], Path]) -> None:
        pass

    def script(self, script: Script) -> Played:
        """See `FarEnd.script`."""
        return _ScriptInProcess(script)

    def cassette(self, path: str, settings: Mapping[str, Any]) -> Played:
        """See `FarEnd.cassette`."""
        return _CassetteInProcess(path, settings)


class Subprocess:
    """Each run is a process of `fake-claude`, which the official SDK starts by its own transport.

    - `make_folder`: makes an empty folder; called when a run is opened for the first time.
    """

    def __init__(self, make_folder: Callable[[], Path]) -> None:
        self._make_folder = make_folder

    def script(self, script: Script) -> Played:
        """See `FarEnd.script`."""
        return _ScriptAsProcess(script, self._make_folder)

    def cassette(self, path: str, settings: Mapping[str, Any]) -> Played:
        """See `FarEnd.cassette`."""
        return _CassetteAsProcess(path, settings, self._make_folder)


FAR_ENDS: dict[str, type[InProcess | Subprocess]] = {"in-process": InProcess, "subprocess": Subprocess}
"""By the name of the engine."""


class _ScriptInProcess:
    def __init__(self, script: Script) -> None:
        log = WireLog()
        self.run = Run.of(log)

        def make_engine(run: ScriptRun) -> Engine:
            return ObservedEngine(fake_cli_for(run), log)

        self.transport = ScriptTransport(script, make_engine=make_engine)

    def check(self, *, unplayed: str = FAIL) -> None:
        if unplayed == FAIL:
            self.transport.check()
        for run in self.transport.runs:
            if run.verdict is not None:
                raise run.verdict


class _CassetteInProcess:
    def __init__(self, path: str, settings: Mapping[str, Any]) -> None:
        log = WireLog()
        self.run = Run.of(log)
        self.transport = CassetteTransport(path, around=lambda player: ObservedEngine(player, log), **settings)

    def check(self, *, unplayed: str = FAIL) -> None:
        try:
            self.transport.check()
        except UnplayedEpisode:
            if unplayed == FAIL:
                raise


class _AsProcess:
    """What is played by processes.  The executable is written when a run is opened; all share what is used up."""

    def __init__(self, make_folder: Callable[[], Path]) -> None:
        self._make_folder = make_folder
        self._folder: Path | None = None
        self._written: dict[str, str] = {}  # executables by what they play
        self.transport = ExecutableTransport(self._executable)
        self.run = Run(lambda: wires(self._folder / "wire") if self._folder is not None else ())

    def _content(self) -> str:
        """What an executable that is written now plays."""
        raise NotImplementedError

    def _write(self, folder: Path, **shared: Any) -> str:
        raise NotImplementedError

    def _executable(self) -> str:
        content = self._content()
        if content not in self._written:
            if self._folder is None:
                self._folder = self._make_folder()
            # Each in a folder of its own: a process may be about to read what an earlier one is made of.
            folder = self._folder / str(len(self._written) + 1)
            folder.mkdir()
            shared = {"state": self._state, "wire": self._folder / "wire"}
            for clock in CLOCKS:
                shared["clock"] = self._folder / "moments"
                clock.follow_files(shared["clock"])
            self._written[content] = self._write(folder, **shared)
        return self._written[content]

    @property
    def _state(self) -> Path:
        assert self._folder is not None, "no run was opened"
        return self._folder / "state"

    @property
    def _last(self) -> str | None:
        """The executable that was written last; None when no run was opened."""
        return list(self._written.values())[-1] if self._written else None


class _ScriptAsProcess(_AsProcess):
    def __init__(self, script: Script, make_folder: Callable[[], Path]) -> None:
        super().__init__(make_folder)
        self._script = script

    def _content(self) -> str:
        return json.dumps(self._script.to_json())

    def _write(self, folder: Path, **shared: Any) -> str:
        return write_executable(folder, script=self._script, **shared)

    def check(self, *, unplayed: str = FAIL) -> None:
        if self._last is not None:
            check_executable(self._last, script=self._script, unplayed=unplayed, state=self._state)
        elif unplayed == FAIL:
            ScriptTransport(self._script, state=State()).check()


class _CassetteAsProcess(_AsProcess):
    def __init__(self, path: str, settings: Mapping[str, Any], make_folder: Callable[[], Path]) -> None:
        super().__init__(make_folder)
        self._path = path
        self._settings = {key: value for key, value in settings.items() if key != "record_mode"}

    def _content(self) -> str:
        return ""

    def _write(self, folder: Path, **shared: Any) -> str:
        return write_executable(folder, cassette=self._path, **self._settings, **shared)

    def check(self, *, unplayed: str = FAIL) -> None:
        if self._last is not None:
            accept = self._settings.get("accept", "")
            check_executable(self._last, cassette=self._path, unplayed=unplayed, accept=accept, state=self._state)


class ExecutableTransport:
    """Starts an executable for each run, whatever the run's options name.

    - `executable`: returns its path; called for each run.
    """

    def __init__(self, executable: Callable[[], str], options: Any = None) -> None:
        self._executable = executable
        self._options = options

    def for_options(self, options: Any) -> ExecutableTransport:
        """The transport of a run with these options, which say how it is closed."""
        return ExecutableTransport(self._executable, options)

    def official_cli(self) -> str:
        """The executable, for the official SDK, which starts it itself."""
        return self._executable()

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """See `SubprocessTransport.open`."""
        from claude_code_sdk.cassettes.live import LiveTransport

        live: Any = LiveTransport()
        argv = (self._executable(), *command.argv[1:])
        started = Command(argv, env=command.env, cwd=command.cwd, files=command.files, user=command.user)
        transport = live if self._options is None else live.for_options(self._options)
        channel: Channel = await transport.open(started, on_stderr=on_stderr)
        return channel
