"""Claims that the fake processes of one test share, as files in the directory `FAKE_CLAUDE_STATE`.

Above: `fake_claude.py`.  Below: `claims.py`, `number_claims.py`, `locked_file.py`.  Each process plays one run, and
cannot be asked what else that could be, so it leaves it there:

    episode-N     the episode is taken; holds the name of the run that has it
    run-NAME      what that run could be as well, as long as it goes on and there is a choice
    claims.lock   held while any of them is changed

A run that needs an episode moves others out of its way, as within one process; such a one finds another name in its
file when it next hears its host.  On the fake path.
"""

from __future__ import annotations

import os
import time
from itertools import pairwise

from .claims import way_to
from .locked_file import Held, open_locked
from .number_claims import ClaimDirectory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .claims import Run

LOCK_WAIT = 10.0
"""Seconds that a process waits for the others, each of which has the lock for a few file operations."""

_POLL = 0.001
_RUN = "run-"


class SharedClaims:
    """The claims of this process's one run, among those of all.

    `claim` and `heed` raise `TimeoutError` when another process keeps the lock for `LOCK_WAIT` seconds.
    """

    __slots__ = ("_claims", "_name", "_number", "_path", "_told")

    def __init__(self, path: str) -> None:
        """Raises `OSError` when the directory cannot be made."""
        self._claims = ClaimDirectory(path)
        self._path = path
        self._name = f"{os.getpid()}-{time.monotonic_ns()}"
        self._number: int | None = None
        self._told: list[int] = []  # what the run's file says

    def claim(self, wanted: Sequence[int], run: Run) -> int | None:
        with _Lock(self._path):
            taken = self._claims.claimed()
            free = next((number for number in wanted if number not in taken), None)
            way = [free] if free is not None else way_to(wanted, self._others(taken), self._could_be)
            if not way:
                return None
            self._give_back()
            for number, other in reversed(list(pairwise(way))):
                self._take(other, self._holder(number))
            self._number = way[0]
            self._take(way[0], self._name)
            self._tell(run)
        return way[0]

    def release(self, run: Run) -> None:
        with _Lock(self._path):
            self._give_back()
            self._number = None
            self._tell(run)

    def heed(self, run: Run) -> None:
        if self._number is None:
            return
        if self._holder(self._number) != self._name:
            with _Lock(self._path):
                moved = (number for number in self._claims.claimed() if self._holder(number) == self._name)
                self._number = next(moved, self._number)  # none where somebody has emptied the directory
            run.becomes(self._number)
        if self._told != _choice(run):
            with _Lock(self._path):
                self._tell(run)

    def claimed(self) -> set[int]:
        return self._claims.claimed()

    def movable(self) -> set[int]:
        runs = {name.removeprefix(_RUN) for name in os.listdir(self._path) if name.startswith(_RUN)}
        return {number for number in self._claims.claimed() if self._holder(number) in runs} if runs else set()

    # What is in the files; changed with the lock only

    def _holder(self, number: int) -> str:
        return self._read(self._claims.file(number))

    def _others(self, taken: Iterable[int]) -> dict[int, str]:
        return {number: name for number in taken if (name := self._holder(number)) != self._name}

    def _could_be(self, name: str) -> list[int]:
        return [int(number) for number in self._read(self._run_file(name)).split()]

    def _take(self, number: int, name: str) -> None:
        with open(self._claims.file(number), "w", encoding="ascii") as file:
            file.write(name)

    def _give_back(self) -> None:
        if self._number is not None and self._holder(self._number) == self._name:
            self._claims.release(self._number)

    def _tell(self, run: Run) -> None:
        self._told = _choice(run)
        file = self._run_file(self._name)
        if self._told:
            with open(file, "w", encoding="ascii") as opened:
                opened.write(" ".join(map(str, self._told)))
        elif os.path.exists(file):
            os.unlink(file)

    def _run_file(self, name: str) -> str:
        return os.path.join(self._path, f"{_RUN}{name}")

    def _read(self, path: str) -> str:
        try:
            with open(path, encoding="ascii") as file:
                return file.read()
        except FileNotFoundError:
            return ""


def _choice(run: Run) -> list[int]:
    """What the run could be, where that is more than one episode."""
    could_be = run.could_be()
    return list(could_be) if len(could_be) > 1 else []


class _Lock:
    """Nobody else is in such a block on this directory."""

    __slots__ = ("_fd", "_path")

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, "claims.lock")
        self._fd = -1

    def __enter__(self) -> None:
        until = time.monotonic() + LOCK_WAIT
        while self._fd < 0:
            try:
                self._fd = open_locked(self._path)
            except Held as held:
                os.close(held.fd)
                if time.monotonic() > until:
                    raise TimeoutError(f"{self._path}: another process has kept it for {LOCK_WAIT:g} s") from None
                time.sleep(_POLL)

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)
