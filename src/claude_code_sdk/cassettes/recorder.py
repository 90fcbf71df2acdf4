"""Recorder: what crosses the seam during one run becomes lines of a cassette.  Sans-IO: bytes in, lines out.

Above: `recording.py`, which feeds it and appends its lines to a partial file.  Below: entry_line.py (lines),
placeholders.py (paths), the scrubber (secrets).  Both directions are cut at newlines, as the reader cuts them; a line
that is not a JSON object is `noise`, and so is a last line without its newline.  The CLI's frames keep their bytes;
those of the host are written compactly, whatever its SDK's way of writing is.

Frames of the CLI come by the ten thousand, so they are worked on by the read and not one by one: a read of whole frames
with nothing to hide costs a few searches, one decoding to see that it is JSON, and one `replace`.
"""

from __future__ import annotations

import os
from collections import deque

from ..protocol.command import FILE_TOKEN
from .cassette import JSON, Entry, encode_json
from .entry_line import encode_entry
from .environment import recorded_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..protocol.command import Command
    from .cassette import Kind, Source
    from .placeholders import Places
    from .secrets.scrubber import Scrubber

QUEUE_LIMIT = 1024 * 1024
"""Bytes that are kept back for a send that does not end."""

ARRIVED = "arrived"
REFUSED = "refused"

_SPACE = b" \t\r\n"


class Send:
    """Lines that the host sends: as `entries`, and what became of them, once that is known."""

    __slots__ = ("entries", "outcome")

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.outcome = ""


class Recorder:
    """One run on its way into a cassette.

    - `clock`: seconds, from any moment on.
    - `places`: paths of this run, which become placeholders.
    - `scrubber`: takes secrets out; this run's own.
    - `before_record`: functions that see each entry, paths replaced and secrets not yet; what they return is recorded
      instead, nothing when it is None.
    - `loads`: decodes JSON faster than `json` does; what it refuses is judged by `json`.

    `take()` gives the lines that are ready; nothing else leaves the recorder.  What happens while a send is under way
    is kept until it is known whether the CLI got it.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        places: Places,
        scrubber: Scrubber,
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
        loads: Callable[[bytes], Any] | None = None,
    ) -> None:
        self._clock = clock
        self._places = places
        self._scrubber = scrubber
        self._before_record = tuple(before_record)
        self._loads = _loads if loads is None else loads
        self._began = clock()
        self._unfinished: dict[Source, bytearray] = {"host": bytearray(), "cli": bytearray()}
        self._lines: list[bytes] = []
        self._queue: deque[Send | tuple[Callable[..., None], tuple[Any, ...]]] = deque()  # a send first, or empty
        self._queued = 0  # bytes
        self._input_ended = False
        # Bytes of lines: given to the scrubber so far; of them up to the last that looked like a secret; and taken.
        self._scrubbed = self._doubtful = self._taken = 0
        self._output_ended = False
        self.ended = False
        """Whether the run is over; what comes then is not recorded."""

    @property
    def redacted(self) -> dict[str, int]:
        """How often each rule of the scrubber has found something."""
        return self._scrubber.redacted

    @property
    def held(self) -> int:
        """Bytes that are not in any line yet: unfinished lines, and what the scrubber must see the rest of."""
        return sum(map(len, self._unfinished.values())) + self._queued + self._scrubber.held

    def take(self) -> tuple[bytes, bool]:
        """The lines that became ready since the last time, whole ones with their ends; and whether they are worth a
        second look before they are committed: False where the scrubber knows that nothing in them looks like a secret.
        """
        data, suspicious = b"".join(self._lines), self._taken < self._doubtful
        self._lines.clear()
        self._taken = self._scrubbed - self._scrubber.held
        return data, suspicious

    def spawn(self, command: Command) -> None:
        """The run begins.  Of the executable only its name is kept: where it lies is the machine's business."""
        text = self._places.text_to_placeholders
        executable, *arguments = command.argv
        value: dict[str, Any] = {
            "argv": [_name(executable), *map(self._places.argument_to_placeholders, arguments)],
            "cwd": text(command.cwd or os.getcwd()),
            "env": {name: text(value) for name, value in recorded_environment(command.env).items()},
        }
        used = [item.removeprefix(FILE_TOKEN) for item in arguments if item.startswith(FILE_TOKEN)]
        if used:
            contents = {name: command.files[name].decode("utf-8", "replace") for name in used}
            value["files"] = {name: self._places.argument_to_placeholders(text) for name, text in contents.items()}
        self._began = self._clock()  # times count from here: to find the places and the scrubber's rules took a while
        self._add(self._entry("host", "spawn", value))

    def sending(self, data: bytes) -> Send:
        """The host is about to send `data`: called before the send is awaited, or a reply may stand ahead of it.

        `sent` must follow, with the value returned.
        """
        lines = [] if self.ended else self._whole_lines("host", data).split(b"\n")[:-1]
        send = Send([self._line("host", line) for line in lines])
        self._queue.append(send)
        self._queued += len(data)
        return send

    def sent(self, send: Send, *, arrived: bool = True) -> None:
        """The send is over; where it was refused, the CLI never got it, and it is not recorded.  Idempotent."""
        send.outcome = send.outcome or (ARRIVED if arrived else REFUSED)
        self._work_off()

    def received(self, data: bytes, *, decoded: bool = False) -> None:
        """The CLI has written `data` to its output.

        `decoded`: somebody has decoded each line that begins in `data` and is completed, with `loads`, to an object.
        """
        if self.ended:
            return
        begun = bool(self._unfinished["cli"])
        whole = self._whole_lines("cli", data)
        if not whole:
            return
        unknown = whole if not decoded else whole[: whole.index(b"\n") + 1] if begun else b""
        if not self._before_record and _one_a_line(whole) and self._are_frames(unknown):
            placed = self._places.to_placeholders(whole)
            self._put(self._add_frames, self._at(), placed, size=len(placed))
        else:
            self._put(self._add, *[self._line("cli", line) for line in whole.split(b"\n")[:-1]], size=len(whole))

    def stderr(self, line: str) -> None:
        """The CLI has written a line to its stderr."""
        if not self.ended:
            self._put(self._add, self._entry("cli", "stderr", line), size=len(line))

    def eof(self, source: Source) -> None:
        """`source` will send no more.  Of the host an entry; of the CLI nothing but its last line, if that is torn.

        Where the CLI ended its output first, the run ends by itself: the host's end is no cause of anything, and a
        replay must not wait for it.
        """
        torn = self._unfinished[source]
        if torn and not self.ended:
            self._put(self._add, self._noise(source, bytes(torn), torn=True))
            torn.clear()
        if source == "cli":
            self._output_ended = True
        elif not self._output_ended and not self._input_ended and not self.ended:
            self._input_ended = True
            self._put(self._add, self._entry("host", "eof", True))

    def signalled(self, number: int) -> None:
        """The host sends a signal."""
        if not self.ended:
            self._put(self._add, self._entry("host", "signal", _signal_name(number)))

    def exited(self, code: int | None) -> None:
        """The run is over: with an exit code, or None when nobody knows how.  Idempotent."""
        if self.ended:
            return
        self.eof("cli")
        self._settle_all()
        if code is not None:
            self._add(self._entry("cli", "exit", code))
        self._lines.append(self._scrubber.flush())
        self.ended = True

    def _at(self) -> int:
        return max(0, int((self._clock() - self._began) * 1000))

    def _whole_lines(self, source: Source, data: bytes) -> bytes:
        """The lines that `data` completes, with their ends."""
        unfinished = self._unfinished[source]
        end = data.rfind(b"\n") + 1
        whole = data[:end]
        if unfinished:
            if not end:
                unfinished += data
                return b""
            whole = bytes(unfinished) + whole
            unfinished.clear()
        unfinished += data[end:]
        return whole

    def _are_frames(self, lines: bytes) -> bool:
        """Whether every one of `lines`, which begin and end with braces, is a JSON object."""
        if not lines:
            return True
        try:
            frames = self._loads(b"[%b]" % lines[:-1].replace(b"\n", b","))
        except (ValueError, RecursionError):
            return False  # which line it is shows when they are judged one by one
        return len(frames) == lines.count(b"\n") and all(type(frame) is dict for frame in frames)

    def _line(self, source: Source, line: bytes) -> Entry:
        """What one line is: the frame or noise."""
        try:
            frame = _loads(line)
        except (ValueError, RecursionError):
            return self._noise(source, line)
        if not isinstance(frame, dict):
            return self._noise(source, line)
        data = line.strip(_SPACE) if source == "cli" else encode_json(frame)
        return Entry(source, "frame", at=self._at(), data=self._places.to_placeholders(data))

    def _noise(self, source: Source, line: bytes, *, torn: bool = False) -> Entry:
        text = self._places.text_to_placeholders(line.decode("utf-8", "surrogateescape"))
        return Entry(source, "noise", text, at=self._at(), extra={"torn": True} if torn else None)

    def _entry(self, source: Source, kind: Kind, value: Any) -> Entry:
        if kind == "stderr":
            value = self._places.text_to_placeholders(value)
        return Entry(source, kind, value, at=self._at())

    # In order: nothing is passed on before the sends ahead of it are settled

    def _put(self, step: Callable[..., None], *given: Any, size: int = 0) -> None:
        if not self._queue:
            step(*given)
            return
        self._queue.append((step, given))
        self._queued += size
        if self._queued > QUEUE_LIMIT:  # a CLI that writes and does not read: its input takes what comes in the end
            self._settle_all()

    def _settle_all(self) -> None:
        for item in self._queue:
            if isinstance(item, Send):
                item.outcome = item.outcome or ARRIVED
        self._work_off()

    def _work_off(self) -> None:
        while self._queue:
            first = self._queue[0]
            if not isinstance(first, Send):
                step, given = first
                step(*given)
            elif first.outcome == ARRIVED:
                self._add(*first.entries)
            elif not first.outcome:
                return
            self._queue.popleft()
        self._queued = 0

    def _add_frames(self, at: int, frames: bytes) -> None:
        """Lines that the CLI wrote, each of them a frame."""
        head = b'{"at":%d,"from":"cli","frame":' % at
        lines = head + frames[:-1].replace(b"\n", b"}\n" + head) + b"}\n"
        self._scrub(lines)

    def _add(self, *entries: Entry) -> None:
        lines: list[bytes] = []
        for entry in entries:
            changed: Entry | None = entry
            for change in self._before_record:
                changed = None if changed is None else change(changed)
            if changed is not None:
                lines += encode_entry(changed), b"\n"
        if lines:
            self._scrub(b"".join(lines))

    def _scrub(self, lines: bytes) -> None:
        before = self._scrubber.looks
        self._lines.append(self._scrubber.lines(lines))
        self._scrubbed += len(lines)
        if self._scrubber.looks != before:
            self._doubtful = self._scrubbed


def _one_a_line(lines: bytes) -> bool:
    """Whether every line begins with an opening brace and ends with a closing one."""
    return lines.startswith(b"{") and lines.endswith(b"}\n") and lines.count(b"}\n{") + 1 == lines.count(b"\n")


def _loads(line: bytes) -> Any:
    return JSON.decode(line.decode("utf-8"))


def _signal_name(number: int) -> str:
    from signal import Signals

    try:
        return Signals(number).name
    except ValueError:
        return f"signal {number}"


def _name(executable: str) -> str:
    return executable.replace("\\", "/").rpartition("/")[2] or executable
