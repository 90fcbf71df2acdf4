"""Numbers that are taken once: episodes of a cassette, replies of a script.

Above: `shared_claims.py`, `testing/script/state.py`.  Below: nothing.  In one process a set; among several, files made
with O_EXCL in the directory `FAKE_CLAUDE_STATE`, so that two that start at once never take the same.  On the fake path.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class NumberClaims(Protocol):
        """Each step is atomic."""

        def claim(self, number: int) -> bool:
            """Take it; False when it is taken."""

        def release(self, number: int) -> None:
            """Give it back."""

        def claimed(self) -> set[int]:
            """All that are taken now."""


class ClaimTable:
    """Claims of one process."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def claim(self, number: int) -> bool:
        taken = number in self._numbers
        self._numbers.add(number)
        return not taken

    def release(self, number: int) -> None:
        self._numbers.discard(number)

    def claimed(self) -> set[int]:
        return set(self._numbers)


class ClaimDirectory:
    """Claims shared by processes: one file for each number, made with O_EXCL.  The directory is made when missing.

    - `kind`: what is claimed; claims of several kinds lie in one directory.
    """

    __slots__ = ("_path", "_prefix")

    def __init__(self, path: str, kind: str = "episode") -> None:
        """Raises `OSError` when the directory cannot be made."""
        os.makedirs(path, exist_ok=True)
        self._path = path
        self._prefix = f"{kind}-"

    def claim(self, number: int) -> bool:
        try:
            os.close(os.open(self.file(number), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            return False
        return True

    def release(self, number: int) -> None:
        try:
            os.unlink(self.file(number))
        except FileNotFoundError:
            pass

    def claimed(self) -> set[int]:
        numbers = (name.removeprefix(self._prefix) for name in os.listdir(self._path) if name.startswith(self._prefix))
        return {int(number) for number in numbers if number.isdigit()}

    def file(self, number: int) -> str:
        """Where a claim is."""
        return os.path.join(self._path, f"{self._prefix}{number}")
