"""A table from ids to numbers that takes some twenty bytes an id, however long the ids are.

Above: aliases.py, canonical.py, which meet tens of thousands of ids in a long recording.  Below: nothing.  Open
addressing over two arrays.  Of an id it keeps the hash, which is 64 bits with a secret of the process: among a million
ids two are taken for one with a chance of 1 in 30 million.
"""

from __future__ import annotations

from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST_SIZE = 256
_WHOLE = (1 << 64) - 1


class IdTable:
    """Ids as bytes, each with a number from 1 to 2^32 - 1."""

    __slots__ = ("_hashes", "_numbers", "_used")

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _FIRST_SIZE))
        self._numbers = array("I", bytes(4 * _FIRST_SIZE))
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def get(self, key: bytes) -> int:
        """The number of `key`, 0 if it has none."""
        return self._numbers[self._place(hash(key) & _WHOLE)]

    def has_any(self, keys: Iterable[bytes]) -> bool:
        """Whether any of these has a number."""
        numbers, mask = self._numbers, len(self._numbers) - 1
        # Nearly none does, and then the first place it could have is free in one case of three or more.
        return any(numbers[hash(key) & mask] and self.get(key) for key in keys)

    def put(self, key: bytes, number: int) -> None:
        """Give `key` a number."""
        if self._used * 4 >= len(self._hashes) * 3:
            self._grow()
        self._set(hash(key) & _WHOLE, number)

    def _set(self, code: int, number: int) -> None:
        place = self._place(code)
        self._used += not self._numbers[place]
        self._hashes[place] = code
        self._numbers[place] = number

    def _place(self, code: int) -> int:
        """Where `code` stands, or would."""
        hashes, numbers = self._hashes, self._numbers
        mask = len(hashes) - 1
        place = code & mask
        while numbers[place] and hashes[place] != code:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        hashes, numbers = self._hashes, self._numbers
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._numbers = array("I", bytes(8 * len(numbers)))
        self._used = 0
        for code, number in zip(hashes, numbers, strict=True):
            if number:
                self._set(code, number)
