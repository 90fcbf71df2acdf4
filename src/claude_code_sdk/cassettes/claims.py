"""Which episodes of a cassette, or replies of a script, are used up.

Above: `choice.py`, `testing/script/state.py`.  Below: nothing.  Within one process a table of who has which, so that a
run that could as well be another episode gives way to one that cannot; among several fake processes files made with
O_EXCL in the directory `FAKE_CLAUDE_STATE`, so that two that start at once never play the same episode.  On the fake
path.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Run(Protocol):
        """Who has claimed an episode."""

        def gives_way(self, number: int) -> bool:
            """Take another episode for this run, so that `number` is free; False when there is none."""

        def may_give_way(self) -> bool:
            """Whether the run is still going on."""

    class Claims(Protocol):
        """Episodes by their number; a claim is atomic."""

        def claim(self, number: int, run: Run | None = None, *, firmly: bool = False) -> bool:
            """Take the episode for a run; False when another has it and does not give way, which only `firmly` asks."""

        def release(self, number: int) -> None:
            """Give it back."""

        def claimed(self) -> set[int]:
            """All that are taken now."""

        def movable(self) -> set[int]:
            """Those of them whose run may still give way."""


class MemoryClaims:
    """Claims of one process, shared by its players."""

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: dict[int, Run | None] = {}

    def claim(self, number: int, run: Run | None = None, *, firmly: bool = False) -> bool:
        if number in self._runs:
            holder = self._runs[number]
            if holder is None or not firmly or not holder.gives_way(number):
                return False
        self._runs[number] = run
        return True

    def release(self, number: int) -> None:
        self._runs.pop(number, None)

    def claimed(self) -> set[int]:
        return set(self._runs)

    def movable(self) -> set[int]:
        return {number for number, run in self._runs.items() if run is not None and run.may_give_way()}


class ClaimDirectory:
    """Claims shared by processes: one empty file for each number.  The directory is made when it is missing.

    - `kind`: what is claimed; claims of several kinds lie in one directory.

    Nobody gives way here: whoever has the file cannot be asked.
    """

    __slots__ = ("_path", "_prefix")

    def __init__(self, path: str, kind: str = "episode") -> None:
        """Raises `OSError` when the directory cannot be made."""
        os.makedirs(path, exist_ok=True)
        self._path = path
        self._prefix = f"{kind}-"

    def claim(self, number: int, run: Run | None = None, *, firmly: bool = False) -> bool:
        try:
            os.close(os.open(self._file(number), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            return False
        return True

    def release(self, number: int) -> None:
        try:
            os.unlink(self._file(number))
        except FileNotFoundError:
            pass

    def claimed(self) -> set[int]:
        numbers = (name.removeprefix(self._prefix) for name in os.listdir(self._path) if name.startswith(self._prefix))
        return {int(number) for number in numbers if number.isdigit()}

    def movable(self) -> set[int]:
        return set()

    def _file(self, number: int) -> str:
        return os.path.join(self._path, f"{self._prefix}{number}")
