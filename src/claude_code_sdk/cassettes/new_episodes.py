"""Record mode `new_episodes`: a run that the cassette has is played, any other one runs live and is appended.

Above: `use_cassette.py`.  Below: `transport.py` (played runs), `recording.py` (live ones), `tentative.py` (from the one
to the other).

Whether a run is recorded shows step by step: first by its command line, then by each frame that the program sends.  Up
to its first prompt all that the program can have heard are answers to its own handshake, which a live CLI gives as
well.  So a run begins on the recording; as soon as it does something that no episode has, the CLI is started, told what
the program has said so far, and what it answers to that a second time is dropped.  The requests of the recording that
the program answered meanwhile (its tools are listed in the handshake) are nobody's any more; the live CLI makes its
own.  From the first prompt that fits on, the program hears the recorded conversation, and there is no way back: what
differs then is a `CassetteMismatch`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import CassetteError
from .mismatch import CassetteMismatch, UnplayedEpisode
from .recording import Recording
from .recording_transport import RecordingTransport
from .tentative import TentativeChannel
from .transport import CassetteChannel, CassetteTransport
from .unplayed import FAIL

if TYPE_CHECKING:
    from ..protocol.command import Command
    from ..transports.base import Channel, Transport
    from .player import Player
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Command = Channel = Transport = Player = Any


class NewEpisodesTransport(CassetteTransport):
    """Plays what the cassette has, and opens and records on `live` what it does not have."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        recording: Recording,
        live: Transport,
        *,
        unplayed: str = FAIL,
        **settings: Any,
    ) -> None:
        super().__init__(path, unplayed="ignore", **settings)  # of episodes that no run has begun
        self.recording = recording
        self._begun_must_be_played = unplayed == FAIL
        self._live = RecordingTransport(live, recording)

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        """Begin a run on the recording, or live; see `Transport.open`.

        Raises:
            CassetteError: The cassette is damaged.
        """

        async def go_live() -> Channel:
            return await self._live.open(command, on_stderr=on_stderr)

        player = self.new_player()
        try:
            player.open(command)
        except CassetteMismatch:
            self._forget(player)
            return await go_live()
        channel = CassetteChannel(player, on_stderr=on_stderr)
        return TentativeChannel(channel, go_live, forget=lambda: self._forget(player))

    def check(self) -> None:
        """Judge what was played.  Episodes that no run has begun are no matter: the program has new ones.

        Raises: as `CassetteTransport.check`.
        """
        super().check()
        if self._begun_must_be_played:
            from .verdicts import not_finished

            for player in self._players:
                if player.unplayed:
                    raise not_finished(player, self._accept)

    def _forget(self, player: Player) -> None:
        """The run of this player is live now."""
        self._players.remove(player)
        player.withdraw()


class NewEpisodes:
    """A cassette that is played and added to, from the beginning of a block to its end."""

    def __init__(self, transport: NewEpisodesTransport) -> None:
        self.transport: Transport = transport
        self._cassette = transport

    @property
    def size(self) -> int:
        return self._cassette.recording.size

    def finish(self) -> None:
        recording, transport = self._cassette.recording, self._cassette
        try:
            transport.check()
        except (CassetteMismatch, CassetteError, UnplayedEpisode) as verdict:
            note = recording.abandon()
            if note:
                verdict.add_note(note)
            raise
        if recording.sessions or recording.failure is not None:
            recording.save()
        else:
            recording.abandon()

    def abandon(self, error: BaseException) -> str:
        return self._cassette.recording.abandon()
