"""Replayed, Recorded: what becomes of a cassette at the end of its block.

Above: `use_cassette.py`.  Below: `transport.py`, `recording.py`.  The third `Use` is in `new_episodes.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import CassetteError
from .exception_chain import chain
from .mismatch import UnplayedEpisode

if TYPE_CHECKING:
    from ..transports.base import Transport
    from .recording import Recording
    from .transport import CassetteTransport
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Transport = Recording = CassetteTransport = Any


class Replayed:
    """A cassette that is played."""

    size = 0

    def __init__(self, transport: CassetteTransport) -> None:
        self.transport: Transport = transport
        self._check = transport.check

    def finish(self) -> None:
        self._check()

    def abandon(self, error: BaseException) -> str:
        """What the program swallowed is the likely cause of `error`; what it left unplayed, a consequence."""
        try:
            self._check()
        except UnplayedEpisode:
            pass
        except Exception as verdict:
            if verdict not in chain(error):
                return f"before that the program swallowed {type(verdict).__name__}: {verdict}"
        return ""


class Recorded:
    """A cassette that is recorded.

    - `must_see`: whether a block without a run is an error.
    """

    def __init__(self, recording: Recording, live: Transport, *, must_see: bool = False) -> None:
        from .recording_transport import RecordingTransport

        self.transport: Transport = RecordingTransport(live, recording)
        self._recording = recording
        self._must_see = must_see

    @property
    def size(self) -> int:
        return self._recording.size

    def finish(self) -> None:
        recording = self._recording
        if recording.sessions or recording.failure is not None:
            recording.save()
            return
        recording.abandon()
        if self._must_see:
            raise CassetteError(
                f"{recording.path}: nothing was recorded: the program started no run of the CLI in this block. "
                "A query() or client that is given a transport= is not seen (wrap that transport in "
                "RecordingTransport), nor is another process (claude-cassette record --out PATH -- PROGRAM …)"
            )

    def abandon(self, error: BaseException) -> str:
        return self._recording.abandon()
