"""Which episodes of a cassette are used up.

Above: `choice.py`.  Below: nothing.  Within one process a set; among several fake processes files made with O_EXCL in
the directory `FAKE_CLAUDE_STATE`, so that two that start at once never play the same episode.  On the fake path.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Claims(Protocol):
        """Episodes by their number; a claim is atomic."""

        def claim(self, number: int) -> bool:
            """Take the episode; False when somebody has it."""

        def release(self, number: int) -> None:
            """Give it back."""

        def claimed(self) -> set[int]:
            """All that are taken now."""


class MemoryClaims:
    """Claims of one process, shared by its players."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def claim(self, number: int) -> bool:
        if number in self._numbers:
            return False
        self._numbers.add(number)
        return True

    def release(self, number: int) -> None:
        self._numbers.discard(number)

    def claimed(self) -> set[int]:
        return set(self._numbers)


class ClaimDirectory:
    """Claims shared by processes: one empty file for each episode.  The directory is made when it is missing."""

    __slots__ = ("_path",)

    _PREFIX = "episode-"

    def __init__(self, path: str) -> None:
        """Raises `OSError` when the directory cannot be made."""
        os.makedirs(path, exist_ok=True)
        self._path = path

    def claim(self, number: int) -> bool:
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
        numbers = (name.removeprefix(self._PREFIX) for name in os.listdir(self._path) if name.startswith(self._PREFIX))
        return {int(number) for number in numbers if number.isdigit()}

    def _file(self, number: int) -> str:
        return os.path.join(self._path, f"{self._PREFIX}{number}")
