"""The fixture `claude_cassette`: every run of the test is played from a recording.

Above: `plugin.py`, `reports.py`.  Below: `naming.py` and `marker.py`, which say what is played; `far_end.py`, which
plays it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.startup.surroundings import SPOOL
from claude_code_sdk.errors import CassetteNotFound
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.run.wire_log import WireLog
from claude_code_sdk.transports.base import Channel, Transport

from .far_end import FAIL, FarEnd, Played
from .in_use import InUse, now_playing
from .marker import ReplaySettings, replay_settings
from .naming import candidates, first_existing

ADVICE = "\n  or let the test stop early:  @pytest.mark.claude_cassette(unplayed='ignore')"


class ReplayedCassette:
    """What the fixture `claude_cassette` gives to a test.

    - `path`: the cassette's file; where it should be, when there is none.
    """

    def __init__(self, path: Path, played: Played) -> None:
        self.path = path
        self._played = played

    @property
    def transport(self) -> Transport:
        """What plays it, for code that takes a transport."""
        return self._played.transport

    @property
    def run(self) -> Run:
        """What happened so far, in all sessions of the test."""
        return self._played.run

    def __repr__(self) -> str:
        return f"<cassette {self.path}>"


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


def replayed(request: pytest.FixtureRequest, far_end: FarEnd) -> Iterator[ReplayedCassette]:
    """Replay the test's cassette; afterwards fail with what the program swallowed, or with what was not played."""
    settings = replay_settings(request.node)
    if os.environ.get(SPOOL):
        yield ReplayedCassette(candidates(request, settings.path)[-1], RecordedByCommand())
        return
    cassette = _cassette(request, settings, far_end)
    in_use = InUse("claude_cassette", cassette._played, advice=ADVICE)
    with now_playing(request.node, in_use), use_transport(cassette.transport):
        yield cassette
    if not in_use.test_failed:  # else what it left unplayed is a consequence, and what it swallowed is in its report
        in_use.judge(settings.unplayed)


def _cassette(request: pytest.FixtureRequest, settings: ReplaySettings, far_end: FarEnd) -> ReplayedCassette:
    paths = candidates(request, settings.path)
    path = first_existing(paths)
    command = record_command(path or paths[-1], request.node.nodeid)
    if path is None:
        return ReplayedCassette(paths[-1], NoCassette(_not_found(request.node.nodeid, paths, command)))
    how = {"match_on": settings.match_on, "answers": settings.answers, "accept": command}
    return ReplayedCassette(path, far_end.cassette(path, how))


def record_command(path: Path, test: str) -> str:
    """The command that records the cassette of a test, as it is typed where pytest was started."""
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"claude-cassette record --out {shlex.quote(str(shown))} -- pytest {shlex.quote(test)}"


def _not_found(test: str, paths: list[Path], command: str) -> str:
    lines = [f"{test} has no cassette; looked for", *(f"  {path}" for path in paths), ""]
    lines += [
        f"  record it:                   {command}",
        '  or name another file:        @pytest.mark.claude_cassette("PATH, relative to the test\'s folder")',
    ]
    return "\n".join(lines)
