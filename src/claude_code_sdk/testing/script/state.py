"""State: what of a script is used up, and the sessions that its fakes keep.

Above: `run.py`, `script.py`.  Below: `cassettes/number_claims.py`.  In one process it is a few tables; processes share
a directory, in which claims are files made with O_EXCL and each session is a file that is replaced as a whole.  On the
fake path.
"""

from __future__ import annotations

import os
from time import time_ns

from ...cassettes.number_claims import ClaimDirectory, ClaimTable
from ...protocol.later import json, re
from ..unwritten import Writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from ...cassettes.number_claims import NumberClaims

    class Store(Protocol):
        """Sessions by their id.  A session is a JSON object; its `cwd` is what `latest` looks at."""

        def get(self, session_id: str) -> dict[str, Any] | None:
            """A copy of the session, or None when there is none."""

        def put(self, session_id: str, session: dict[str, Any]) -> None:
            """Keep the session as it is now.

            Raises `ValueError` for an id that is no name (see `is_session_id`), `Unwritten` when it cannot be kept.
            """

        def latest(self, cwd: str) -> str | None:
            """The id of the session with this `cwd` that was kept last."""

        def ids(self) -> list[str]:
            """All ids, the one that was kept last at the end."""


_NAME = r"[A-Za-z0-9_-]{1,100}"
_SESSIONS = "sessions"
_SUFFIX = ".json"


def is_session_id(text: str) -> bool:
    """Whether it can be the id of a session that is kept: letters, digits, `-` and `_`, at most 100."""
    return re.fullmatch(_NAME, text) is not None


class State:
    """What the processes that play one script share: claims on its turns and expectations, process numbers, sessions.

    - `path`: a directory for several processes, made when missing.  None: only this process takes part.

    Raises `OSError` when the directory cannot be made.
    """

    __slots__ = ("expectations", "path", "processes", "sessions", "turns")

    def __init__(self, path: str | None = None) -> None:
        self.path = path
        self.turns: NumberClaims = _claims(path, "turn")
        self.expectations: NumberClaims = _claims(path, "expectation")
        self.processes: NumberClaims = _claims(path, "process")
        self.sessions: Store = MemoryStore() if path is None else DirectoryStore(os.path.join(path, _SESSIONS))


def _claims(path: str | None, kind: str) -> NumberClaims:
    return ClaimTable() if path is None else ClaimDirectory(path, kind)


class MemoryStore:
    """Sessions of this process.  They are kept as text, so that nobody shares what they hold."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def get(self, session_id: str) -> dict[str, Any] | None:
        text = self._texts.get(session_id)
        return None if text is None else json.loads(text)

    def put(self, session_id: str, session: dict[str, Any]) -> None:
        _check_id(session_id)
        self._texts.pop(session_id, None)  # so that it becomes the last
        self._texts[session_id] = json.dumps(session)

    def latest(self, cwd: str) -> str | None:
        return _latest(self, cwd)

    def ids(self) -> list[str]:
        return list(self._texts)


class DirectoryStore:
    """Sessions of several processes, in a directory that is made by the first."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def get(self, session_id: str) -> dict[str, Any] | None:
        if not is_session_id(session_id):
            return None
        try:
            with open(self._file(session_id), encoding="utf-8") as file:
                session: dict[str, Any] = json.loads(file.read())
        except FileNotFoundError:
            return None
        return session

    def put(self, session_id: str, session: dict[str, Any]) -> None:
        _check_id(session_id)
        unfinished = f"{self._file(session_id)}.{os.getpid()}"
        with Writing("FAKE_CLAUDE_STATE", self._file(session_id)):
            os.makedirs(self._path, exist_ok=True)
            try:
                with open(unfinished, "w", encoding="utf-8") as file:
                    file.write(json.dumps(session))
                now = time_ns()  # of a finer clock than the one that the system stamps files with
                os.utime(unfinished, ns=(now, now))
                os.replace(unfinished, self._file(session_id))
            except OSError:
                if os.path.exists(unfinished):
                    os.unlink(unfinished)
                raise

    def latest(self, cwd: str) -> str | None:
        return _latest(self, cwd)

    def ids(self) -> list[str]:
        try:
            found = [(entry.stat().st_mtime_ns, entry.name) for entry in os.scandir(self._path)]
        except FileNotFoundError:
            return []
        return [name.removesuffix(_SUFFIX) for _, name in sorted(found) if name.endswith(_SUFFIX)]

    def _file(self, session_id: str) -> str:
        return os.path.join(self._path, session_id + _SUFFIX)


def _check_id(session_id: str) -> None:
    if not is_session_id(session_id):
        raise ValueError(f"{session_id!r} cannot be the id of a session: letters, digits, - and _, at most 100")


def _latest(store: Store, cwd: str) -> str | None:
    return next((key for key in reversed(store.ids()) if (store.get(key) or {}).get("cwd") == cwd), None)
