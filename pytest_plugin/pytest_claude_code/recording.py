"""A test's cassette while it is recorded: the CLI runs live, and what it says is saved when the test passes.

Above: `cassette_fixture.py`.  Below: the record modes of `use_cassette`, whose parts these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from claude_code_sdk.cassettes.block import Use
from claude_code_sdk.cassettes.live import live_transport
from claude_code_sdk.cassettes.mismatch import UnplayedEpisode
from claude_code_sdk.cassettes.new_episodes import NewEpisodes, NewEpisodesTransport
from claude_code_sdk.cassettes.use_cassette import new_recording
from claude_code_sdk.cassettes.uses import Recorded
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.run.observed_transport import ObservedTransport
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.run.wire_log import WireLog
from claude_code_sdk.transports.base import Channel
from claude_code_sdk.transports.live_guard import permitted

from .far_end import FAIL


class PermittedTransport:
    """Opens runs live although nothing else in the run of tests may: somebody asked for this recording."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def for_options(self, options: Any) -> PermittedTransport:
        """The same, with the settings of a run with these options."""
        ask = getattr(self._transport, "for_options", None)
        return self if ask is None else PermittedTransport(ask(options))

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """See `Transport.open`."""
        with permitted():
            channel: Channel = await self._transport.open(command, on_stderr=on_stderr)
        return channel


class Recording:
    """What a test plays whose cassette is recorded, whole or in part.

    - `appends`: what the cassette has is played, and what it does not have is appended.
    - `settings`: those of `CassetteTransport`, for what is played; its `rules` are for what is recorded too.
    - `asked_for`: whether the environment or the command line asks for it; the guard lets nothing else run live.

    Raises `CassetteError` when somebody else is recording this cassette, or its folder cannot be written.
    """

    def __init__(self, path: Path, *, appends: bool, settings: Mapping[str, Any], asked_for: bool) -> None:
        live: Any = live_transport(None)
        if asked_for:
            live = PermittedTransport(live)
        recording = new_recording(str(path), settings.get("rules"), (), appends=appends)
        self.use: Use
        if appends and path.exists():
            self.use = NewEpisodes(NewEpisodesTransport(path, recording, live, **settings))
        else:
            self.use = Recorded(recording, live)
        log = WireLog()
        self.run = Run.of(log)
        self.transport = ObservedTransport(self.use.transport, log)
        self._recording = recording

    @property
    def recorded(self) -> bool:
        """Whether a run was live."""
        return self._recording.sessions > 0

    def check(self, *, unplayed: str = FAIL) -> None:
        """Raises what the played part says of the program."""
        if isinstance(self.use.transport, NewEpisodesTransport):
            try:
                self.use.transport.check()
            except UnplayedEpisode:
                if unplayed == FAIL:
                    raise

    def save(self) -> None:
        """The test has passed.  Raises `CassetteError` when the cassette cannot be written, or a verdict."""
        self.use.finish()

    def abandon(self, failure: BaseException) -> str:
        """It has not: the cassette stays as it was.  Returns where the recording lies, or nothing."""
        return self.use.abandon(failure)
