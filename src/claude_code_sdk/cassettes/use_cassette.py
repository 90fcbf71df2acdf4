"""record() and use_cassette(): cassettes around code that takes no transport.

Above: programs and their tests.  Below: `use_transport()`, `recording.py` (live runs), `transport.py` (replayed ones),
`new_episodes.py` (both), `record_mode.py` (which of them).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .._override import as_transport, current, use_transport
from ..errors import CassetteError
from .answers import checked_answers
from .matchers import DEFAULT_MATCH_ON, checked_matchers
from .player import PATIENCE
from .record_mode import NEW_EPISODES, NONE, ONCE, checked_record_mode, mode_in_force
from .transport import CassetteTransport
from .unplayed import checked_unplayed

if TYPE_CHECKING:
    from types import TracebackType

    from ..protocol.command import Command
    from ..transports.base import Channel, Transport
    from .cassette import Entry
    from .matchers import Matcher
    from .record_mode import RecordMode
    from .recording import Recording
    from .secrets.rules import Rule
    from .transport import Unplayed
else:  # so that `typing.get_type_hints` works although these are imported only when used
    TracebackType = Command = Channel = Transport = Entry = Matcher = RecordMode = Recording = Rule = Unplayed = Any

_F = TypeVar("_F", bound=Callable[..., Any])

IN_A_THREAD = 1024 * 1024
"""Bytes of a recording from which on an `async with` block makes the cassette in a thread, beside the event loop."""


class Use(Protocol):
    """A cassette in use, from the beginning of one block to its end."""

    @property
    def transport(self) -> Transport:
        """What the block's runs are opened on."""

    @property
    def size(self) -> int:
        """Bytes that `finish` has to work through."""

    def finish(self) -> None:
        """The block has ended without an exception.  Raises the verdict, or why the cassette cannot be written."""

    def abandon(self) -> str:
        """It has ended with one.  Returns what the exception should say besides, or nothing."""


class CassetteBlock:
    """A `with` or `async with` block, or a decorator, in which the CLI's runs are on a cassette."""

    def __init__(self) -> None:
        self._entered: list[tuple[Use, use_transport]] = []  # several when one object is entered again

    def _use(self) -> Use:
        raise NotImplementedError

    def __enter__(self) -> Transport:
        use = self._use()
        block = use_transport(use.transport)
        try:
            block.__enter__()
        except BaseException:
            use.abandon()
            raise
        self._entered.append((use, block))
        return use.transport

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        use = self._leave(exc)
        if use is not None:
            use.finish()

    async def __aenter__(self) -> Transport:
        return self.__enter__()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        use = self._leave(exc)
        if use is None:
            return
        if use.size < IN_A_THREAD:
            use.finish()
            return
        import anyio
        from anyio.to_thread import run_sync

        with anyio.CancelScope(shield=True):  # bounded by the work; half a cassette is no cassette
            await run_sync(use.finish)

    def _leave(self, exc: BaseException | None) -> Use | None:
        """The transports before the block are back; returns what is to be finished."""
        use, block = self._entered.pop()
        try:
            block.__exit__(None, None, None)
        except BaseException as error:
            _note(error, use.abandon())
            raise
        if exc is None:
            return use
        _note(exc, use.abandon())
        return None

    def __call__(self, function: _F) -> _F:
        """Decorate a function, `async def` or not: each call runs in a block of its own."""
        if iscoroutinefunction(function):

            @wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                async with self:
                    return await function(*args, **kwargs)

            return call_async  # type: ignore[return-value]  # of the same signature

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return call  # type: ignore[return-value]  # of the same signature


class record(CassetteBlock):
    """Record the CLI's runs in a `with` or `async with` block, or of each call of a function, into a cassette.

        with record("cassettes/triage.jsonl"):
            ...

    - `path`: the cassette.  Its folder is made; a cassette that is there is replaced, and stays byte for byte where the
      behaviour is the same.
    - `before_record`: functions that see each `Entry` before secrets are taken out, and return it, changed or not, or
      None to leave it out.
    - `rules`: further rules for secrets.
    - `live`: the transport that runs are opened on.  By default the one of the `use_transport()` around this block, or
      a process for each run.

    Works for `query()` and clients of this SDK and of the official `claude_agent_sdk`, which take no `transport=`;
    several runs may follow one another or go on at once.  What is still open at the end of the block is recorded up to
    there.  The block's value is the `RecordingTransport`.

    The program sees what it would see without.  At the end of the block:

    - Without an exception the cassette is written as a whole, or `CassetteError` is raised: recording has failed
      meanwhile (a full disk), the program started no run, a secret would stand in the cassette.
    - With one the cassette stays as it was; a note on the exception says where the recording lies
      (`claude-cassette recover`).

    Raises `CassetteError` on entering when somebody else is recording this cassette or its folder cannot be written.
    Cancelled, the block ends as with any exception.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
        rules: Sequence[Rule] | None = None,
        live: Transport | None = None,
    ) -> None:
        super().__init__()
        self._path = os.fspath(path)
        self._before_record = tuple(before_record)
        self._rules = rules
        self._live = None if live is None else as_transport(live)

    def _use(self) -> Use:
        recording = new_recording(self._path, self._rules, self._before_record)
        return Recorded(recording, live_transport(self._live), must_see=True)


class use_cassette(CassetteBlock):
    """Play the CLI's runs in a `with` or `async with` block, or of each call of a function, from a cassette.

        with use_cassette("cassettes/triage.jsonl"):
            ...

    - `path`: the cassette.
    - `record_mode`: when to run the CLI live and record.  `"none"`: never.  `"once"`: when there is no cassette.
      `"new_episodes"`: what the cassette does not have, which is appended.  `"all"`: always; the cassette is replaced.
      The environment variable `CCSDK_RECORD_MODE` overrides it.
    - `match_on`, `answers`, `patience`, `unplayed`: as in `CassetteTransport`.
    - `before_record`, `rules`, `live`: as in `record`.  A cassette that was recorded with `rules` is replayed with the
      same: a live text that holds such a secret then fits the recorded one.

    Which programs it works for, and what becomes of a recording: as in `record`, but a block without a run is no error.
    The block's value is the transport in use.

    At the end of a block without an exception a verdict that the program swallowed is raised: `CassetteMismatch`,
    `CassetteError`, `UnplayedEpisode`.  Raises `ValueError` for a word that does not exist, here or in the variable
    (then on entering).
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        record_mode: RecordMode = NONE,
        match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
        answers: str | None = None,
        patience: float = PATIENCE,
        unplayed: Unplayed = "fail",
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
        rules: Sequence[Rule] | None = None,
        live: Transport | None = None,
    ) -> None:
        super().__init__()
        self._path = os.fspath(path)
        self._record_mode = checked_record_mode(record_mode)
        checked_answers(answers)
        checked_unplayed(unplayed)
        self._replay = {
            "match_on": checked_matchers(match_on),
            "answers": answers,
            "patience": patience,
            "unplayed": unplayed,
            "rules": rules or (),
        }
        self._before_record = tuple(before_record)
        self._rules = rules
        self._live = None if live is None else as_transport(live)

    def _use(self) -> Use:
        mode = mode_in_force(self._record_mode)
        if mode == NONE or (mode == ONCE and os.path.lexists(self._path)):
            return Replayed(CassetteTransport(self._path, **self._settings(mode)))
        recording = new_recording(self._path, self._rules, self._before_record, start=mode != NEW_EPISODES)
        live = live_transport(self._live)
        if mode == NEW_EPISODES and os.path.lexists(self._path):
            from .new_episodes import NewEpisodes, NewEpisodesTransport

            return NewEpisodes(NewEpisodesTransport(self._path, recording, live, **self._settings(mode)))
        return Recorded(recording, live)

    def _settings(self, mode: RecordMode) -> dict[str, Any]:
        return {**self._replay, "record_mode": mode, "accept": command_to_accept()}


class Replayed:
    """A cassette that is played."""

    size = 0

    def __init__(self, transport: CassetteTransport) -> None:
        self.transport: Transport = transport
        self._check = transport.check

    def finish(self) -> None:
        self._check()

    def abandon(self) -> str:
        return ""


class Recorded:
    """A cassette that is recorded.

    - `must_see`: whether a block without a run is an error.
    """

    def __init__(self, recording: Recording, live: Transport, *, must_see: bool = False) -> None:
        from .recording import RecordingTransport

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

    def abandon(self) -> str:
        return self._recording.abandon()


class LiveTransport:
    """A process for each run, with the settings that the run's options ask for."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
        """See `SubprocessTransport.open`."""
        from ..transports.subprocess import SubprocessTransport

        return await SubprocessTransport().open(command, on_stderr=on_stderr)

    def for_options(self, options: Any) -> Transport:
        """What a run with these options would be opened on without us."""
        from ..transports.subprocess import SubprocessTransport

        return SubprocessTransport(close_timeout=options.close_timeout, keep_background=options.keep_background)


def live_transport(given: Transport | None) -> Transport:
    """The transport given, or the one in force, or processes."""
    return given or current() or LiveTransport()


def new_recording(
    path: str,
    rules: Sequence[Rule] | None,
    before_record: Sequence[Callable[[Entry], Entry | None]],
    *,
    start: bool = True,
) -> Recording:
    """A recording, `start`ed or not.  Raises `CassetteError` when it cannot be."""
    from .recording import Recording

    recording = Recording(path, rules=rules, before_record=before_record)
    if start:
        recording.start()
    return recording


def command_to_accept() -> str:
    """The command that records again what this process does."""
    program, *arguments = sys.orig_argv or ["python"]
    return shlex.join(["CCSDK_RECORD_MODE=all", os.path.basename(program), *arguments])


def _note(exc: BaseException, text: str) -> None:
    if text:
        exc.add_note(text)
