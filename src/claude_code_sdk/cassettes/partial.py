"""Partial files: what has been recorded so far, so that a kill takes next to nothing.

Above: `recording.py` (writes), `saving.py` and `recover.py` (read).  Below: `locked_file.py`, entry_line.py.
`X.jsonl.partial` lies beside the cassette that it will become.  Its first line is a header, with the process that
writes it, and whether it is appended to the cassette that is there.  Then come entries as in a cassette, already
scrubbed, of several runs at once, and between them marks, which no cassette has:

    {"run":2,"began":81234}   what follows belongs to run 2 (which began then, on this machine's monotonic clock, in ms)
    {"held":340}              340 bytes of this run were not written yet: a kill takes them
    {"redacted":{…}}          what the scrubber of this run has replaced so far
    {"closed":true}           nothing of this run is to come

Each write is of whole lines, so that only the last line of a partial can be torn.
"""

from __future__ import annotations

import os
import sys
from threading import Lock

from ..errors import CassetteError
from .cassette import JSON, encode_json
from .jsonl import FORMAT_VERSION
from .locked_file import Held, open_locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SUFFIX = ".partial"

_HEADER_SIZE = 4096


def partial_path(path: str | os.PathLike[str]) -> str:
    """Where the partial file of the cassette `path` lies: beside the file that a symbolic link leads to."""
    return os.path.realpath(path) + SUFFIX


class PartialWriter:
    """Writes the partial file `path`, alone.  Its folder is made when it is missing.

    `write` may be called from any thread.
    """

    def __init__(self, path: str, *, appends: bool = False) -> None:
        """Open the file; a leftover of a process that is gone is replaced.

        `appends`: its runs come behind those of the cassette that is there, and do not replace them.

        Raises:
            CassetteError: Somebody else is recording there, or the file cannot be made.
        """
        self.path = path
        self._lock = Lock()
        self._run = 0
        self._size = 0
        self._fd = -1
        header = {"cassette": FORMAT_VERSION, "partial": True, "pid": os.getpid(), "program": _program()}
        if appends:
            header["appends"] = True
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._fd = open_locked(path)
            self._append(encode_json(header) + b"\n")
        except Held as held:
            raise CassetteError(_held_text(path, held.fd)) from None
        except OSError as error:
            self.remove()
            raise CassetteError(f"{path}: cannot record: {error.strerror or error}") from error

    def write(self, run: int, data: bytes, *, began: int | None = None) -> tuple[int, int]:
        """Append whole lines that belong to the run with this number; `began` with its first ones.

        Returns where they begin and end in the file.  Raises `OSError`; the file may then end in a part of `data`.
        """
        with self._lock:
            mark = b""
            if began is not None:
                mark = b'{"run":%d,"began":%d}\n' % (run, began)
            elif run != self._run:
                mark = b'{"run":%d}\n' % run
            self._run = run
            start = self._size
            self._append(mark + data)
            return start, self._size

    def close(self) -> None:
        """Leave the file where it is and let others have it.  Idempotent."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1

    def remove(self) -> None:
        """Close, and remove the file.  Idempotent; raises `OSError`."""
        # First removed, then given up: the other way round it could be somebody else's by then.
        if self._fd >= 0:
            if os.name == "nt":  # which removes no file that is open
                self.close()
            os.unlink(self.path)
            self.close()

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.write(self._fd, view)
            self._size += written
            view = view[written:]


def mark(name: str, value: Any) -> bytes:
    """A line of a partial that no cassette has."""
    return encode_json({name: value}) + b"\n"


def _program() -> str:
    return os.path.basename(sys.argv[0]) if sys.argv and sys.argv[0] else os.path.basename(sys.executable)


def _held_text(path: str, fd: int) -> str:
    """Who has the file, as far as its header says."""
    try:
        os.lseek(fd, 0, os.SEEK_SET)
        header = JSON.decode(os.read(fd, _HEADER_SIZE).partition(b"\n")[0].decode("utf-8"))
        who = "this process" if header["pid"] == os.getpid() else f"process {header['pid']} ({header['program']})"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"
    finally:
        os.close(fd)
    cassette = path.removesuffix(SUFFIX)
    return (
        f"{cassette}: {who} is recording this cassette right now (its partial file is {path}); "
        "two cannot record one cassette. Wait for it, or record to another path"
    )
