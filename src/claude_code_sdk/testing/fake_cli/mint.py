"""Mint: the ids that the CLI makes up, in the shapes that it gives them.

The real ones are random.  These are counted, so that two runs of one script give the same wire; the number of the
process within its script stands in each, so that several processes never share one.
"""

from __future__ import annotations

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class Mint:
    """Makes ids for process number `process` of a script."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._counts: dict[str, int] = {}

    def _next(self, kind: str) -> int:
        self._counts[kind] = count = self._counts.get(kind, 0) + 1
        return count

    def uuid(self) -> str:
        """A UUID of version 4."""
        return f"fa4ec11{self._process % 16:x}-{self._process // 16 % 0x10000:04x}-4000-8000-{self._next('uuid'):012x}"

    def session(self) -> str:
        """A session id: a UUID of another row, so that it is told apart from those of frames."""
        return (
            f"5e5510a{self._process % 16:x}-{self._process // 16 % 0x10000:04x}-4000-8000-{self._next('session'):012x}"
        )

    def agent(self) -> str:
        """An agent's id, which is its task's too: `a` and 16 hexadecimal digits."""
        return f"a{self._process % 0x10000:04x}{self._next('agent'):012x}"

    def shell_task(self) -> str:
        """A shell task's id: `b` and 8 letters or digits."""
        return f"b{self._process % 100:02d}{self._next('shell'):06d}"

    def run(self) -> str:
        """A task's run id: 9 letters or digits, a dash, 8 hexadecimal digits."""
        count = self._next("run")
        return f"0{_base36(self._process, 4)}{_base36(count, 4)}-{count:08x}"

    def blob(self) -> str:
        """What tells files of one moment apart: 6 letters or digits."""
        return _base36(self._process, 2) + _base36(self._next("blob"), 4)

    def message(self) -> str:
        """A model message's id."""
        return f"msg_01p{self._process % 0x10000:04x}m{self._next('message'):016x}"


def _base36(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits
