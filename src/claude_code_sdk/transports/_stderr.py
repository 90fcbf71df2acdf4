"""stderr as lines: for the caller's callback, and the bounded tail of them that errors quote.  No I/O.

A line is decoded with replacement characters, loses its trailing white space, and does not count when it is blank then.
"""

from __future__ import annotations

from collections import deque

LONGEST_LINE = 64 * 1024
"""Bytes without a line end after which they are passed on as a line, so that a run cannot fill the memory with one."""


class StderrLines:
    """Splits what is fed to it, and keeps the last lines, `tail_bytes` of UTF-8 text at most."""

    __slots__ = ("_kept", "_kept_size", "_pending", "_tail_bytes")

    def __init__(self, tail_bytes: int) -> None:
        self._tail_bytes = tail_bytes
        self._pending = b""
        self._kept: deque[tuple[str, int]] = deque()
        self._kept_size = 0

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` completes."""
        *complete, rest = (self._pending + data).split(b"\n")
        if len(rest) > LONGEST_LINE:
            complete.append(rest)
            rest = b""
        self._pending = rest
        return self._keep(complete)

    def end(self) -> list[str]:
        """What is left, if it never got its line end."""
        rest, self._pending = self._pending, b""
        return self._keep([rest])

    @property
    def tail(self) -> str:
        """The last lines so far, joined by newlines; with the unfinished one."""
        lines = [line for line, _ in self._kept]
        if unfinished := _text(self._pending):
            lines.append(unfinished)
        return "\n".join(lines)

    def _keep(self, raw_lines: list[bytes]) -> list[str]:
        lines = [line for raw in raw_lines if (line := _text(raw))]
        for line in lines:
            kept = line
            size = len(line.encode()) + 1
            if size > self._tail_bytes:
                kept = line.encode()[-self._tail_bytes :].decode(errors="ignore")
                size = self._tail_bytes
            self._kept.append((kept, size))
            self._kept_size += size
            while self._kept_size > self._tail_bytes:
                self._kept_size -= self._kept.popleft()[1]
        return lines


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace").rstrip()
