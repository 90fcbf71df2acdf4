"""Bodies of the fixtures: imported when a test uses one, so that the plugin costs nothing until then.

Above: `plugin.py`.  Below: `naming.py` and `marker.py`, which say what to replay, `CassetteTransport`, which does it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.startup.surroundings import SPOOL
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.base import Channel

from .marker import ReplaySettings, replay_settings
from .naming import candidates, first_existing
from .plugin import REPLAYED
from .reports import place_of


class ReplayedCassette:
    """What the fixture `claude_cassette` gives to a test.

    - `path`: the cassette's file; where it should be, when there is none.
    - `transport`: the transport that plays it, for code that takes one.
    """

    def __init__(self, path: Path, transport: CassetteTransport | NoCassette | Recording) -> None:
        self.path = path
        self.transport = transport
        self.test_failed = False

    def __repr__(self) -> str:
        return f"<cassette {self.path}>"

    def verdict(self) -> AssertionError | CassetteError | None:
        """What the replay says of the test; None when all is well."""
        try:
            self.transport.check()
        except (CassetteMismatch, UnplayedEpisode, CassetteError) as verdict:
            return verdict
        return None


class NoCassette:
    """The transport of a test that has no cassette.  Nothing happens unless it starts the CLI.

    - `text`: what to say then.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._raised: CassetteNotFound | None = None

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> NoReturn:
        """Raises `CassetteNotFound`."""
        if self._raised is None:
            self._raised = CassetteNotFound(self._text)
        raise self._raised

    def check(self) -> None:
        """Raises `CassetteNotFound` when a run was asked for."""
        if self._raised is not None:
            raise self._raised


class Recording:
    """The transport of a test that `claude-cassette record` runs: the one that it put there."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """Opens the run where it is recorded."""
        from claude_code_sdk._override import current
        from claude_code_sdk.transports.subprocess import SubprocessTransport

        return await (current() or SubprocessTransport()).open(command, on_stderr=on_stderr)

    def check(self) -> None:
        """Nothing was played."""


def replayed(request: pytest.FixtureRequest) -> Iterator[ReplayedCassette]:
    """Replay the test's cassette; afterwards fail with what the program swallowed, or with what was not played."""
    settings = replay_settings(request.node)
    if os.environ.get(SPOOL):
        yield ReplayedCassette(candidates(request, settings.path)[-1], Recording())
        return
    cassette = _cassette(request, settings)
    request.node.stash[REPLAYED] = cassette
    with use_transport(cassette.transport):
        yield cassette
    if cassette.test_failed:
        return  # what it left unplayed is a consequence, and what it swallowed is in its report
    verdict = cassette.verdict()
    if verdict is None or (isinstance(verdict, UnplayedEpisode) and settings.unplayed == "ignore"):
        return
    pytest.fail(_told(verdict), pytrace=False)


def _cassette(request: pytest.FixtureRequest, settings: ReplaySettings) -> ReplayedCassette:
    paths = candidates(request, settings.path)
    path = first_existing(paths)
    command = record_command(path or paths[-1], request.node.nodeid)
    if path is None:
        return ReplayedCassette(paths[-1], NoCassette(_not_found(request.node.nodeid, paths, command)))
    transport = CassetteTransport(path, match_on=settings.match_on, answers=settings.answers, accept=command)
    return ReplayedCassette(path, transport)


def record_command(path: Path, test: str) -> str:
    """The command that records the cassette of a test, as it is typed where pytest was started."""
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"claude-cassette record --out {shlex.quote(str(shown))} -- pytest {shlex.quote(test)}"


def _told(verdict: AssertionError | CassetteError) -> str:
    text = f"{type(verdict).__name__}: {verdict}"
    if isinstance(verdict, UnplayedEpisode):
        return f"{text}\n  or let the test stop early:  @pytest.mark.claude_cassette(unplayed='ignore')"
    place = place_of(verdict)
    return f"The program swallowed this error{f', raised at {place}' if place else ''}:\n{text}"


def _not_found(test: str, paths: list[Path], command: str) -> str:
    lines = [f"{test} has no cassette; looked for", *(f"  {path}" for path in paths), ""]
    lines += [
        f"  record it:                   {command}",
        '  or name another file:        @pytest.mark.claude_cassette("PATH, relative to the test\'s folder")',
    ]
    return "\n".join(lines)
