"""Moments: what time it is in the sessions that are played, for a clock that follows them.

Above: `clock.py`; `fake-claude` (FAKE_CLAUDE_CLOCK), which tells the moment through files.  Below: whatever knows how
far it has come: a `Player`, the fake CLI.  Moments are milliseconds since 1970.  A played session is asked when
somebody wants to know the time and does nothing for it before; only one in another process has to write it down.  On
the fake path.
"""

from __future__ import annotations

import os

from ..protocol.engine import Write
from .unwritten import Writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    from ..protocol.command import Command
    from ..protocol.engine import Action, Engine

    class Timed(Protocol):
        """Something that plays a session."""

        @property
        def at(self) -> int:
            """Milliseconds since the session began at which it came to where it is now."""

        @property
        def over(self) -> bool:
            """Whether it has ended."""

    class FollowsFiles(Protocol):
        """A clock."""

        def follow_files(self, directory: str | os.PathLike[str]) -> None:
            """Follow the sessions of `fake-claude` processes that have `directory` as FAKE_CLAUDE_CLOCK."""


SCRIPTS_BEGIN = 1_767_225_600_000
"""When each session of a script begins: 2026-01-01, the `EPOCH` of the fake CLI's own clock."""

CLOCKS: list[FollowsFiles] = []
"""The clocks in force: whoever starts processes of `fake-claude` lets these follow them."""

_PREFIX = "moment-"
_WIDTH = 20


def beginning(header: Mapping[str, Any]) -> int:
    """When the recording with this header was made; that of scripts where it does not say."""
    from datetime import UTC, datetime

    try:
        recorded = datetime.fromisoformat(header["recorded"])
    except (KeyError, TypeError, ValueError):
        return SCRIPTS_BEGIN
    if recorded.tzinfo is None:
        recorded = recorded.replace(tzinfo=UTC)
    return round(recorded.timestamp() * 1000)


class Moments:
    """The time in the sessions that are followed: with several open ones the latest of theirs."""

    def __init__(self) -> None:
        self._sessions: list[tuple[int, Timed]] = []

    def follow(self, began: int, session: Timed) -> None:
        """Follow a session that has begun at the moment `began`."""
        if all(other.over for _, other in self._sessions):
            self._sessions.clear()
        self._sessions.append((began, session))

    def now(self) -> int | None:
        """The moment in the open sessions; when none is open, that at which they ended; None when there was none."""
        running = [began + session.at for began, session in self._sessions if not session.over]
        return max(running or (began + session.at for began, session in self._sessions), default=None)


class FiledSession:
    """A session of another process, as its file tells it: a `Timed` whose beginning is 1970."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._over = False
        self._at = 0

    @property
    def at(self) -> int:
        """The moment that the process told last."""
        self._read()
        return self._at

    @property
    def over(self) -> bool:
        """Whether it told that it ended, or was killed."""
        self._read()
        return self._over

    def _read(self) -> None:
        if self._over:
            return
        with open(self._path, "rb") as file:
            said = file.read().split()
        if len(said) == 3:  # a process that has just made its file has told nothing yet
            self._at = int(said[0])
            self._over = said[1] == b"over" or not _alive(int(said[2]))


def new_files(directory: str, known: set[str]) -> list[FiledSession]:
    """The sessions in `directory` that are not among the `known` names, which are added to."""
    try:
        names = [name for name in os.listdir(directory) if name.startswith(_PREFIX) and name not in known]
    except FileNotFoundError:
        return []
    known.update(names)
    return [FiledSession(os.path.join(directory, name)) for name in sorted(names, key=_number)]


class MomentFile:
    """The file in which one process tells the moment; the directory is made when it is missing."""

    def __init__(self, directory: str) -> None:
        """Raises `OSError` when there cannot be one."""
        os.makedirs(directory, exist_ok=True)
        number = 1
        while True:
            name = os.path.join(directory, f"{_PREFIX}{number}")
            try:
                self._fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except FileExistsError:
                number += 1
            else:
                self._writing = Writing("FAKE_CLAUDE_CLOCK", name)
                break

    def tell(self, moment: int, *, over: bool) -> None:
        """The session has come to `moment`.  Raises `Unwritten`."""
        state = "over" if over else "open"
        with self._writing:
            os.pwrite(self._fd, f"{moment:<{_WIDTH}} {state} {os.getpid():<{_WIDTH}}".encode(), 0)


class MomentEngine:
    """Runs `engine` and tells the moment of what is delivered before it is.

    - `played`: what knows it: `engine`, or what `engine` is wrapped around.
    """

    __slots__ = ("_began", "_engine", "_file", "_played")

    def __init__(self, engine: Engine, played: Timed, began: int, file: MomentFile) -> None:
        self._engine = engine
        self._played = played
        self._began = began
        self._file = file

    def open(self, command: Command) -> None:
        """See `Engine.open`."""
        self._engine.open(command)
        self._tell()

    def receive_data(self, data: bytes) -> None:
        """See `Engine.receive_data`."""
        self._engine.receive_data(data)

    def receive_signal(self, number: int) -> None:
        """See `Engine.receive_signal`."""
        self._engine.receive_signal(number)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        """See `Engine.receive_result`."""
        self._engine.receive_result(call_id, value, error)

    def next_action(self, now: float) -> Action:
        """See `Engine.next_action`."""
        action = self._engine.next_action(now)
        if isinstance(action, Write) or self._played.over:
            self._tell()
        return action

    def close(self) -> None:
        """See `Engine.close`."""
        self._engine.close()

    def _tell(self) -> None:
        self._file.tell(self._began + self._played.at, over=self._played.over)


def _number(name: str) -> int:
    digits = name.removeprefix(_PREFIX)
    return int(digits) if digits.isdigit() else 0


def _alive(pid: int) -> bool:
    """Whether there is such a process: one that was killed could not say that it is over."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
