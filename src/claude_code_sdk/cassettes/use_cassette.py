"""record() and use_cassette(): cassettes around code that takes no transport.

Above: programs and their tests.  Below: `block.py` (the block itself), `uses.py` and `new_episodes.py` (what becomes of
the cassette), `live.py`, `record_mode.py` (which of them).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .._override import as_transport
from .answers import checked_answers
from .block import CassetteBlock
from .live import live_transport
from .matchers import DEFAULT_MATCH_ON, checked_matchers
from .player import PATIENCE
from .record_mode import NEW_EPISODES, NONE, ONCE, checked_record_mode, mode_in_force
from .transport import CassetteTransport
from .unplayed import checked_unplayed
from .uses import Recorded, Replayed

if TYPE_CHECKING:
    from ..transports.base import Transport
    from .block import Use
    from .cassette import Entry
    from .matchers import Matcher
    from .record_mode import RecordMode
    from .recording import Recording
    from .secrets.rules import Rule
    from .transport import Unplayed
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Transport = Use = Entry = Matcher = RecordMode = Recording = Rule = Unplayed = Any


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
        appends = mode == NEW_EPISODES
        recording = new_recording(self._path, self._rules, self._before_record, appends=appends)
        live = live_transport(self._live)
        if mode == NEW_EPISODES and os.path.lexists(self._path):
            from .new_episodes import NewEpisodes, NewEpisodesTransport

            return NewEpisodes(NewEpisodesTransport(self._path, recording, live, **self._settings(mode)))
        return Recorded(recording, live)

    def _settings(self, mode: RecordMode) -> dict[str, Any]:
        return {**self._replay, "record_mode": mode, "accept": command_to_accept()}


def new_recording(
    path: str,
    rules: Sequence[Rule] | None,
    before_record: Sequence[Callable[[Entry], Entry | None]],
    *,
    appends: bool = False,
) -> Recording:
    """A recording; one that `appends` is started with its first run.  Raises `CassetteError` when it cannot be."""
    from .recording import Recording

    recording = Recording(path, rules=rules, before_record=before_record, appends=appends)
    if not appends:
        recording.start()
    return recording


@cache
def command_to_accept() -> str:
    """The command that records again what this process does."""
    program, *arguments = sys.orig_argv or ["python"]
    return shlex.join(["CCSDK_RECORD_MODE=all", os.path.basename(program), *arguments])
