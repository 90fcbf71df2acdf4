"""The fixture `claude_cassette`: every run of the test is played from a recording, or recorded.

Above: `plugin.py`, `reports.py`.  Below: `naming.py` and `marker.py`, which say what is played; `far_end.py`, which
plays it; `recording.py`.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.mismatch import UnplayedEpisode
from claude_code_sdk.cassettes.startup.surroundings import SPOOL
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.run.wire_log import WireLog
from claude_code_sdk.transports.base import Channel, Transport

from .config import RECORD, Chosen, chosen, is_explicit
from .far_end import FAIL, FarEnd, Played
from .in_use import InUse, now_playing, told
from .ledger import MISSING, RECORDED, REPLAYED, UNPLAYED
from .marker import ReplaySettings
from .naming import CassetteNames, cassette_names
from .recording import Recording

if TYPE_CHECKING:
    from claude_code_sdk.cassettes.secrets.rules import Rule

ADVICE = '\n  or let the test stop early:  @pytest.mark.claude_cassette(unplayed="ignore")'


class ClaudeCassette:
    """What the fixture `claude_cassette` gives to a test.

    - `record_mode`: the mode in force; `accept`: the command that records the test again.
    """

    def __init__(self, path: str | Path, played: Played, record_mode: str, *, accept: str = "") -> None:
        self._path = str(path)
        self.record_mode = record_mode
        self.accept = accept
        self._played = played

    @property
    def is_live(self) -> bool:
        """Whether sessions are live, all or those that the cassette does not have, and are recorded."""
        return isinstance(self._played, (Recording, RecordedByCommand))

    @property
    def transport(self) -> Transport:
        """What plays or records it, for code that takes a transport."""
        return self._played.transport

    @property
    def path(self) -> Path:
        """The cassette's file; where it will be, when there is none."""
        return Path(self._path)

    @property
    def run(self) -> Run:
        """What happened so far, in all sessions of the test."""
        return self._played.run

    def __repr__(self) -> str:
        return f"<cassette {self._path}>"


class NoCassette:
    """What a test plays that has no cassette, and its transport.  Nothing happens unless it starts the CLI.

    - `text`: what to say then.
    """

    def __init__(self, text: str) -> None:
        self.transport = self
        self.run = Run.of(WireLog())
        self._text = text
        self._raised: CassetteNotFound | None = None

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> NoReturn:
        """Raises `CassetteNotFound`."""
        if self._raised is None:
            self._raised = CassetteNotFound(self._text)
        raise self._raised

    def check(self, *, unplayed: str = FAIL) -> None:
        """Raises `CassetteNotFound` when a run was asked for."""
        if self._raised is not None:
            raise self._raised


class RecordedByCommand:
    """What a test plays that `claude-cassette record` runs, and its transport: the one that it put there."""

    def __init__(self) -> None:
        self.transport = self
        self.run = Run.of(WireLog())

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """Opens the run where it is recorded."""
        from claude_code_sdk._override import current
        from claude_code_sdk.transports.subprocess import SubprocessTransport

        return await (current() or SubprocessTransport()).open(command, on_stderr=on_stderr)

    def check(self, *, unplayed: str = FAIL) -> None:
        """Nothing was played."""


def on_cassette(
    request: pytest.FixtureRequest, far_end: FarEnd, settings: ReplaySettings, rules: Sequence[Rule]
) -> Generator[ClaudeCassette, None, None]:
    """Play or record the test's cassette; afterwards save it, or fail with what the program swallowed or left.

    - `rules`: the user's own for secrets.
    """
    folder = request.config.getini("claude_cassettes")
    names = cassette_names(request.node, folder, given=settings.path, name=settings.name)
    test = _as_typed(request)
    if os.environ.get(SPOOL):
        yield ClaudeCassette(names.own, RecordedByCommand(), "none", accept=record_command(test, "all"))
        return
    mode = _record_mode(request.config, settings)
    cassette = _cassette(test, settings, rules, names, mode, far_end)
    played = cassette._played
    in_use = InUse("claude_cassette", played, advice=ADVICE, path=cassette._path)
    with now_playing(request.node, in_use), use_transport(cassette.transport, replaces_processes=True):
        yield cassette
    if isinstance(played, Recording):
        _end_recording(in_use, played)
    else:
        _end_replay(in_use, played, settings.unplayed)


def _record_mode(config: pytest.Config, settings: ReplaySettings) -> Chosen:
    try:
        return chosen(config, RECORD, marker=settings.record_mode, marked_as="@pytest.mark.claude_cassette")
    except ValueError as error:
        wrong = str(error)
    pytest.fail(wrong, pytrace=False)


def _cassette(
    test: str,
    settings: ReplaySettings,
    rules: Sequence[Rule],
    names: CassetteNames,
    mode: Chosen,
    far_end: FarEnd,
) -> ClaudeCassette:
    there = names.existing()
    accept = record_command(test, "all")
    how = {
        "match_on": settings.match_on,
        "answers": settings.answers,
        "accept": accept,
        "record_mode": mode.value,
        "unplayed": settings.unplayed,
        "rules": rules,
    }
    if mode.value == "none" or (mode.value == "once" and there is not None):
        if there is None:
            return ClaudeCassette(names.own, NoCassette(_not_found(test, names)), mode.value)
        return ClaudeCassette(there, far_end.cassette(there, how), mode.value, accept=accept)
    appends = mode.value == "new_episodes"
    path = Path(there) if appends and there is not None else names.own
    try:
        recording = Recording(path, appends=appends, settings=how, asked_for=is_explicit(mode, RECORD))
    except CassetteError as error:
        refused = told(error)
    else:
        return ClaudeCassette(path, recording, mode.value, accept=accept)
    pytest.fail(refused, pytrace=False)


def _end_replay(in_use: InUse, played: Played, unplayed: str) -> None:
    if isinstance(played, NoCassette):
        in_use.outcome = MISSING if in_use.swallowed() is not None else ""
    elif played.run.sessions:
        in_use.outcome = REPLAYED
    if in_use.test_failed:  # what it left unplayed is a consequence, and what it swallowed is in its report
        return
    left = in_use.left()
    if isinstance(left, UnplayedEpisode) and unplayed == FAIL:
        in_use.outcome = UNPLAYED
    in_use.judge(unplayed)


def _end_recording(in_use: InUse, recording: Recording) -> None:
    if in_use.test_failed:  # it is abandoned
        return
    if recording.run.sessions:
        in_use.outcome = RECORDED if recording.recorded else REPLAYED
    try:
        recording.save()
    except (AssertionError, CassetteError) as error:
        verdict = error
    else:
        return
    in_use.outcome = ""
    pytest.fail(told(verdict), pytrace=False)


def _as_typed(request: pytest.FixtureRequest) -> str:
    """The test's name where pytest was started, which may be below the root that pytest names tests from."""
    started = request.config.invocation_params.dir
    test: str = request.node.nodeid
    if started == request.config.rootpath:
        return test
    file, *inside = test.split("::")
    here = os.path.relpath(request.config.rootpath / file, started)
    return "::".join([here, *inside])


def record_command(test: str, mode: str) -> str:
    """The command that records the cassette of a test."""
    return f"pytest {shlex.quote(test)} --claude-record={mode}"


def from_here(path: Path) -> str:
    """A path as it is shown: from the working directory, where it is below that."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown


def _not_found(test: str, names: CassetteNames) -> str:
    lines = [f"{test} has no cassette; looked for", *(f"  {from_here(path)}" for path in names.shown), ""]
    lines += [
        f"  record it:              {record_command(test, 'once')}",
        '  or name another file:   @pytest.mark.claude_cassette("PATH, relative to the test\'s folder")',
    ]
    return "\n".join(lines)
