"""A file that one process at a time writes, and that its death sets free.

Above: `partial.py`.  Below: the locks of the system, which end with the process that holds them, however it ends; so a
leftover of a dead process is told from the file of a live one without asking for process ids, which are used again.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False

_ATTEMPTS = 100  # each but the last lost to a writer that was just ending


class Held(Exception):
    """Somebody has the file.  `fd` is open for reading what that one has written; the caller closes it."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd)
        self.fd = fd


def open_locked(path: str) -> int:
    """Open `path` for reading and writing, alone, and empty it; a descriptor that no child process inherits.

    Raises:
        Held: Another descriptor, of whatever process, has it.
        OSError: It cannot be opened.
    """
    for _ in range(_ATTEMPTS):
        fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if not _lock(fd):
                raise Held(fd)
            # Between the opening and the lock its last writer may have removed it: then we have a file without a name.
            if _is_at(fd, path):
                os.ftruncate(fd, 0)
                return fd
        except Held:
            raise
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
    raise OSError(f"{path} was removed {_ATTEMPTS} times while it was being opened")


def _is_at(fd: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


if os.name == "nt" and not TYPE_CHECKING:
    import msvcrt

    _FAR = 2**62  # a byte that nobody writes: a lock on Windows also keeps others from reading

    def _lock(fd: int) -> bool:
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(fd, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
