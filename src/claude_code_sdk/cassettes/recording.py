"""Recording: a cassette that is being recorded, and each run of it as it goes on.

Above: `recording_transport.py`, `startup/`, `use_cassette.py`.  Below: `recorder.py` (what is written), `partial.py`
(where), `saving.py` (what becomes of it).

Recording never changes what the program sees: whatever goes wrong here (a full disk, a rule that raises) is kept, the
recording ends there, and `save` raises it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from ..errors import CassetteError
from .live_texts import places_of
from .partial import PartialWriter, mark, partial_path
from .recorder import Recorder, Send
from .saving import Saved, Stretches, save

if TYPE_CHECKING:
    from ..protocol.command import Command, ExitStatus
    from ..transports.base import Channel, Transport
    from .cassette import Entry, Episode
    from .secrets.rules import Rule
else:  # so that `typing.get_type_hints` works although these are imported only when used
    Command = ExitStatus = Channel = Transport = Entry = Episode = Rule = Any

logger = logging.getLogger("claude_code_sdk")

LOOK_AT_ALL = 4 * 1024 * 1024
"""Bytes of a recording up to which all of it is searched for secrets once more; of a longer one only what the scrubber
had to look at closely: the rest is long, and a second search of it costs as much as the recording."""


class Recording:
    """One cassette being recorded: several runs, one after another or at once.

    - `path`: the cassette that it will become.
    - `rules`: further rules for secrets; `before_record`: see `record`.
    - `partial`: the file that is written meanwhile; by default `path` + `.partial`.
    - `appends`: the runs come behind those that the cassette has, also when `recover` makes it of the partial file.

    `start` opens the partial file, `save` makes the cassette of it, `abandon` leaves it where it is.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        rules: Sequence[Rule] | None = None,
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
        partial: str | os.PathLike[str] | None = None,
        appends: bool = False,
    ) -> None:
        self.path = os.fspath(path)
        self.partial = partial_path(path) if partial is None else os.path.realpath(partial)
        self.sessions = 0
        """Runs of the CLI that were opened."""
        self.failure: Exception | None = None
        """What ended the recording before its time."""
        self._appends = appends
        self._rules = rules
        self._before_record = tuple(before_record)
        self._writer: PartialWriter | None = None
        self._runs: list[RunRecording] = []
        self._begun = 0
        self._suspicious = Stretches()

    @property
    def size(self) -> int:
        """Bytes recorded so far."""
        try:
            return os.path.getsize(self.partial) if self._writer is not None else 0
        except OSError:
            return 0

    def start(self) -> None:
        """Open the partial file, if it is not open.

        Raises:
            CassetteError: Somebody else records this cassette, or the file cannot be made.
        """
        if self._writer is None:
            self._writer = PartialWriter(self.partial, appends=self._appends)

    def begin(self, command: Command) -> RunRecording:
        """A run is about to be opened.  Raises nothing: what goes wrong is the recording's `failure`."""
        self._begun += 1
        run = RunRecording(self, self._begun)
        run.begin(command)
        return run

    def save(self) -> Saved:
        """Make the cassette of what was recorded, and remove the partial file.  What is still open is recorded up to
        here.

        Raises:
            CassetteError: Recording has failed, or the cassette cannot be written; it is as it was, and what was
                recorded is in the partial file.
        """
        self._end_runs()
        if self.failure is None and self._writer is not None:
            try:
                saved = save(
                    self.path,
                    [self.partial],
                    rules=self._rules,
                    look_at=None if self.size < LOOK_AT_ALL else self._suspicious,
                    checked=True,
                )
                self._writer.remove()
            except Exception as error:
                self.failure = error
            else:
                return saved
        self._close()
        raise self._error()

    def abandon(self) -> str:
        """Leave the cassette as it is, and what was recorded in the partial file; says so, as a note to an exception.

        Where no run was opened, the partial file is removed, and there is nothing to say.
        """
        self._end_runs()
        if self._writer is not None and not self.sessions:
            try:
                self._writer.remove()
            except OSError as error:
                self.fail(error)
        self._close()
        return self._left() if self.sessions else ""

    def fail(self, error: Exception) -> None:
        """The recording ends here, because of `error`; the program goes on."""
        if self.failure is None:
            self.failure = error
            logger.warning("recording %s failed; the program goes on without: %s", self.path, error)

    # For the runs

    def recorder(self, command: Command) -> Recorder:
        from .secrets.scrubber import Scrubber

        return Recorder(
            clock=time.monotonic,
            places=places_of(command),
            # Of both, since what is saved is searched with the environment of this process.
            scrubber=Scrubber(self._rules, environment={**os.environ, **command.env}),
            before_record=self._before_record,
            loads=orjson.loads,
        )

    def opened(self, run: RunRecording) -> None:
        self.sessions += 1
        self._runs.append(run)

    def write(self, run: int, data: bytes, began: int | None, *, suspicious: bool) -> None:
        self.start()
        assert self._writer is not None
        start, end = self._writer.write(run, data, began=began)
        if suspicious:
            self._suspicious.add(start, end)

    def closed(self, run: RunRecording) -> None:
        if run in self._runs:
            self._runs.remove(run)

    def _end_runs(self) -> None:
        for run in list(self._runs):
            logger.warning("a run is still open where the recording of %s ends; it is recorded up to here", self.path)
            run.exited(None)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _error(self) -> CassetteError:
        error = self.failure
        if isinstance(error, CassetteError):
            text = str(error)
        elif error is not None:
            text = f"{self.path}: recording failed: {type(error).__name__}: {error}"
        else:
            text = f"{self.path}: there is nothing to write: no run of the CLI was recorded"
        raised = CassetteError(f"{text}\n  {self._left()}")
        raised.__cause__ = error
        return raised

    def _left(self) -> str:
        state = "is as it was" if os.path.exists(self.path) else "was not written"
        text = f"the cassette {self.path} {state}"
        if os.path.exists(self.partial):
            text += (
                f"; what was recorded until then:  {self.partial}"
                f"\n  make a cassette of that:  claude-cassette recover {_shown(self.partial)}"
            )
        return text


class RunRecording:
    """One run of a recording.  No method raises; after the first failure they do nothing."""

    def __init__(self, recording: Recording, number: int) -> None:
        self._recording = recording
        self._number = number
        self._recorder: Recorder | None = None
        self._began: int | None = None
        self._open = False
        self._redacted: dict[str, int] = {}
        self._held = 0
        self._ended = False  # the CLI's output has

    def begin(self, command: Command) -> None:
        """The run is about to be opened with `command`; nothing is written before it is."""
        try:
            self._began = int(time.monotonic() * 1000)
            self._recorder = self._recording.recorder(command)
            self._recorder.spawn(command)
        except Exception as error:
            self._recording.fail(error)

    def opened(self) -> None:
        """The run is open."""
        self._open = True
        self._recording.opened(self)
        self._note(lambda recorder: None)

    def sending(self, data: bytes) -> Send | None:
        """See `Recorder.sending`."""
        send: Send | None = self._note(lambda recorder: recorder.sending(data), write=False)
        return send

    def sent(self, send: Send | None, *, arrived: bool = True) -> None:
        if send is not None:
            self._note(lambda recorder: recorder.sent(send, arrived=arrived))

    def received(self, data: bytes, *, decoded: bool = False) -> None:
        """See `Recorder.received`."""
        self._note(lambda recorder: recorder.received(data, decoded=decoded))

    def stderr(self, line: str) -> None:
        self._note(lambda recorder: recorder.stderr(line))

    def eof(self) -> None:
        """The host closes the CLI's input."""
        self._note(lambda recorder: recorder.eof("host"))

    def output_ended(self) -> None:
        """The CLI has ended its output."""
        self._ended = True
        self._note(lambda recorder: recorder.eof("cli"))

    def signalled(self, number: int) -> None:
        if not self._ended:
            self._note(lambda recorder: recorder.signalled(number))

    def exited(self, code: int | None) -> None:
        """The run is over; idempotent."""
        self._note(lambda recorder: recorder.exited(code), closed=True)
        self._recorder = None
        self._recording.closed(self)

    def _note(self, step: Callable[[Recorder], Any], *, write: bool = True, closed: bool = False) -> Any:
        """Take a step of the recorder and write what became ready."""
        recorder = self._recorder
        if recorder is None or self._recording.failure is not None:
            return None
        try:
            outcome = step(recorder)
            if write and self._open:
                self._write(recorder, closed)
        except Exception as error:
            self._recorder = None
            self._recording.fail(error)
            return None
        return outcome

    def _write(self, recorder: Recorder, closed: bool) -> None:
        lines, suspicious = recorder.take()
        if recorder.redacted != self._redacted:
            self._redacted = dict(recorder.redacted)
            lines += mark("redacted", self._redacted)
            suspicious = True
        held = recorder.held
        if held != self._held:
            self._held = held
            lines += mark("held", held)
        if closed:
            lines += mark("closed", True)
        if lines:
            self._recording.write(self._number, lines, self._began, suspicious=suspicious)
            self._began = None


def _shown(path: str) -> str:
    shown = os.path.relpath(path)
    return path if shown.startswith("..") else shown
