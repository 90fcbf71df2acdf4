"""Record mode `new_episodes`: a run that the cassette has is played, any other one runs live and is appended.

Above: `use_cassette.py`.  Below: `transport.py` (played runs), `recording.py` (live ones).

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
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import anyio

from .._json import loads
from ..errors import CassetteError
from .mismatch import CassetteMismatch, UnplayedEpisode
from .recording import Recording, RecordingTransport
from .transport import CassetteChannel, CassetteTransport
from .unplayed import FAIL

if TYPE_CHECKING:
    from ..protocol.command import Command, ExitStatus
    from ..transports.base import Channel, Transport
    from .claims import Claims, Run
    from .player import Player
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Command = ExitStatus = Channel = Transport = Claims = Run = Player = Any

SWITCH_WAIT = 10.0
"""Seconds that a closing channel waits for a live run that is just being started."""

ANSWER_WAIT = 10.0
"""Seconds that a live CLI which is told what the program has said gets for each answer that the program has already."""


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
        self._holders: dict[int, OwnClaims] = {}

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        """Begin a run on the recording, or live; see `Transport.open`.

        Raises:
            CassetteError: The cassette is damaged.
        """

        async def go_live() -> Channel:
            return await self._live.open(command, on_stderr=on_stderr)

        shared = self._claims
        claims = self._claims = OwnClaims(shared, self._holders)  # type: ignore[assignment]  # of this run
        try:
            channel = await super().open(command, on_stderr=on_stderr)  # which awaits nothing
        except CassetteMismatch:
            self._forget(self._players[-1], claims)
            return await go_live()
        finally:
            self._claims = shared
        player = self._players[-1]
        return TentativeChannel(channel, go_live, forget=lambda: self._forget(player, claims))

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

    def _forget(self, player: Player, claims: OwnClaims) -> None:
        """The run of this player is live now."""
        self._players.remove(player)
        claims.release_all()


class OwnClaims:
    """The claims of one run among those of all (`shared`): what it has taken can be given back.

    - `holders`: who has which; shared as well, since a run may give way to another.
    """

    def __init__(self, shared: Claims, holders: dict[int, OwnClaims]) -> None:
        self._shared = shared
        self._holders = holders

    def claim(self, number: int, run: Run | None = None, *, firmly: bool = False) -> bool:
        taken = self._shared.claim(number, run, firmly=firmly)
        if taken:
            self._holders[number] = self
        return taken

    def release(self, number: int) -> None:
        self._holders.pop(number, None)
        self._shared.release(number)

    def claimed(self) -> set[int]:
        return self._shared.claimed()

    def movable(self) -> set[int]:
        return self._shared.movable()

    def release_all(self) -> None:
        """Give back what this run has taken."""
        for number in [number for number, holder in self._holders.items() if holder is self]:
            self.release(number)


class TentativeChannel:
    """A run that is played until it turns out not to be recorded; see `transports/base.py` for the methods.

    - `go_live`: opens the live run; `forget`: the played one is none.
    """

    def __init__(
        self, replay: CassetteChannel, go_live: Callable[[], Awaitable[Channel]], *, forget: Callable[[], None]
    ) -> None:
        self._replay = replay
        self._open_live = go_live
        self._forget = forget
        self._recorded = False  # the program's first prompt fits: there is no way back
        self._said: list[bytes] = []  # lines of the program until then
        self._answers = Answers()
        self._goes_live = False  # from here on the live run counts
        self._opened = anyio.Event()  # it is open, or could not be opened,
        self._caught_up = anyio.Event()  # … and has been told what the program has said
        self._live: Channel | None = None
        self._failure: BaseException | None = None

    @property
    def pid(self) -> int | None:
        return None if self._live is None else self._live.pid

    @property
    def stderr_tail(self) -> str:
        return (self._live or self._replay).stderr_tail

    async def send(self, data: bytes) -> None:
        if self._goes_live:
            # The live CLI may need an answer before it gives its own, which the catching up waits for.
            await (self._opened if all(map(_answers_the_cli, data.splitlines())) else self._caught_up).wait()
            await self._live_channel().send(data)
            return
        if not self._recorded:
            self._said.append(data)
        try:
            await self._replay.send(data)
        except CassetteMismatch:
            if self._recorded:
                raise
            await self._go_live()
            return
        if not self._recorded and any(map(_is_prompt, data.splitlines())):
            self._recorded = True
            self._said.clear()

    async def send_eof(self) -> None:
        if not self._goes_live:
            try:
                return await self._replay.send_eof()
            except CassetteMismatch:  # others play all that it could have been
                if self._recorded:
                    raise
                await self._go_live()
        await self._caught_up.wait()
        await self._live_channel().send_eof()

    async def receive(self) -> bytes:
        while not self._goes_live:
            try:
                data = await self._replay.receive()
            except CassetteMismatch:
                if self._recorded:
                    raise
                await self._go_live()
                break
            if self._ended_by_going_live():
                break  # what the recording still had to say is nobody's
            if not self._recorded:
                self._answers.given(data)
            return data
        await self._opened.wait()
        live = self._live_channel()
        while True:
            data = await live.receive()
            new = self._answers.without_given(data)
            if new or not data:
                return new

    async def send_signal(self, number: int) -> None:
        if self._goes_live:
            await self._opened.wait()
        await (self._live or self._replay).send_signal(number)

    async def wait(self) -> ExitStatus:
        if not self._goes_live:
            status = await self._replay.wait()
            if not self._ended_by_going_live():
                return status
        await self._opened.wait()
        return await self._live_channel().wait()

    def kill(self) -> None:
        (self._live or self._replay).kill()

    async def aclose(self) -> None:
        try:
            await self._replay.aclose()
        finally:
            if self._goes_live:
                with anyio.move_on_after(SWITCH_WAIT, shield=True):
                    await self._opened.wait()
                if self._live is not None:
                    await self._live.aclose()

    def _ended_by_going_live(self) -> bool:
        """Whether what was awaited of the recording came to its end because the live run counts now."""
        return self._goes_live

    def _live_channel(self) -> Channel:
        if self._live is None:
            assert self._failure is not None
            raise self._failure
        return self._live

    async def _go_live(self) -> None:
        """Start the live run and tell it what the program has said.  Cancelled, or on an error, no run is left."""
        if self._goes_live:  # another task was refused at the same time
            await self._caught_up.wait()
            return
        self._goes_live = True
        try:
            self._forget()
            self._replay.kill()  # whoever receives from it, receives from the live run from now on
            self._live = await self._open_live()
            self._opened.set()
            for line in b"".join(self._said).splitlines(keepends=True):
                if not _answers_the_cli(line):
                    await self._live.send(line)
                    # What the program has said after it had the answer, the live CLI hears after it has given it.
                    await self._answers.taken(_frame(line).get("request_id"))
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._said.clear()
            self._opened.set()
            self._caught_up.set()


class Answers:
    """Answers of the CLI that the program has, so that it gets none of them twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._unfinished = b""
        self._taken = anyio.Event()

    async def taken(self, request_id: Any) -> None:
        """Wait until the answer has come that is taken out, `ANSWER_WAIT` seconds at most; at once if there is none."""
        with anyio.move_on_after(ANSWER_WAIT):
            while request_id in self._given:
                self._taken = anyio.Event()
                await self._taken.wait()

    def given(self, data: bytes) -> None:
        """The program was given these lines."""
        self._given.update(filter(None, map(_answered, data.splitlines())))

    def without_given(self, data: bytes) -> bytes:
        """The same bytes, from which each answer that was given is taken out once; a line is kept until it is whole."""
        if not self._given and not self._unfinished:
            return data
        if not data:  # the CLI has ended
            self._given.clear()
            self._taken.set()
            return self._unfinished
        lines = (self._unfinished + data).split(b"\n")
        self._unfinished = lines.pop()
        kept = []
        for line in lines:
            answered = _answered(line)
            if answered in self._given:
                self._given.remove(answered)
                self._taken.set()
            else:
                kept.append(line + b"\n")
        if not self._given:
            kept.append(self._unfinished)
            self._unfinished = b""
        return b"".join(kept)


def _frame(line: bytes) -> dict[str, Any]:
    try:
        frame = loads(line)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _is_prompt(line: bytes) -> bool:
    """Whether the line belongs to the conversation, and not to what the program and the CLI arrange."""
    return not str(_frame(line).get("type")).startswith(("control_", "keep_alive"))


def _answers_the_cli(line: bytes) -> bool:
    """Whether the line is about a request of the recorded CLI, which the live one has not made."""
    return _frame(line).get("type") in ("control_response", "control_cancel_request")


def _answered(line: bytes) -> str | None:
    """The request of the host that the line answers, if it is an answer."""
    frame = _frame(line)
    response = frame.get("response")
    if frame.get("type") != "control_response" or not isinstance(response, dict):
        return None
    request_id = response.get("request_id")
    return request_id if isinstance(request_id, str) else None


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
            cassette = transport.cassette
            recording.save(kept=cassette.episodes, header=cassette.header)
        else:
            recording.abandon()

    def abandon(self) -> str:
        return self._cassette.recording.abandon()
