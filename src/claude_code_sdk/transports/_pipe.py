"""One non-blocking read of a pipe, of the size that pays.  Shared by the asyncio and trio readers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import FileIO

READ_SIZE = 64 * 1024
"""Bytes per read, and the pipe's own size on Linux.  Larger ones are slower for small frames (measured: 0.84 times)."""

LARGE_SIZE = 1024 * 1024
"""Bytes per read, and the size asked of the pipe, inside a large frame: there it reads 1.4 times as fast (measured)."""

LARGE_AFTER = 4
"""Reads in a row without a line end that make a frame large.  Smaller frames then never pay for the larger buffers."""


class Pipe:
    """Reads `file`, which is made non-blocking."""

    __slots__ = ("_endless", "_fd", "_grown", "_size")

    def __init__(self, file: FileIO) -> None:
        self._fd = file.fileno()
        os.set_blocking(self._fd, False)
        self._size = READ_SIZE
        self._endless = 0
        self._grown = False

    def read(self) -> bytes | None:
        """What there is, `b""` at the end, `None` when there is nothing yet.  A read error is an end."""
        try:
            data = os.read(self._fd, self._size)
        except BlockingIOError:
            return None
        except OSError:
            return b""
        if b"\n" in data:
            self._endless = 0
            self._size = READ_SIZE
        else:
            self._endless += 1
            if self._endless == LARGE_AFTER:
                self._grow()
        return data

    def drain(self, deliver: Callable[[bytes], None]) -> None:
        """Hand over what lies in the pipe now; bounded, since whoever holds its other end may go on writing."""
        size = 0
        while size < LARGE_SIZE and (data := self.read()):
            size += len(data)
            deliver(data)

    def _grow(self) -> None:
        self._size = LARGE_SIZE
        if self._grown or sys.platform != "linux":
            return
        self._grown = True
        from fcntl import F_SETPIPE_SZ, fcntl

        try:
            fcntl(self._fd, F_SETPIPE_SZ, LARGE_SIZE)
        except OSError:  # above this user's quota for pipes: the usual size does
            pass
