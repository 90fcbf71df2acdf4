"""The spool folder: the parts of a recording while its program runs, and how they become one cassette.

Above: `cassettes/cli/record.py` and `recover.py`.  Below: `partial.py`, `saving.py`, `locked_file.py`.  The folder
`X.jsonl.parts` lies beside the cassette `X.jsonl`; its files are partial files, scrubbed as all of them are, one for
each process that recorded.  The recording as a whole holds the partial file of the cassette, so that nobody else
records it meanwhile.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from ...errors import CassetteError
from ..partial import SUFFIX, PartialWriter, partial_path
from ..saving import Saved, save
from .failure import FAILED

PARTS = ".parts"

LINGER = 5.0
"""Seconds that processes which outlive the program may go on recording: a CLI that is just closing its session."""

_POLL = 0.02
_SOURCE = Path(__file__).resolve().parents[3]


class Spool:
    """A recording by several processes of the cassette `path`."""

    def __init__(self, path: str) -> None:
        """Raises:
        CassetteError: Somebody else records this cassette, or its folder cannot be written.
        """
        self.path = path
        self._writer = PartialWriter(partial_path(path))
        self.folder = folder_of(path)
        try:
            shutil.rmtree(self.folder, ignore_errors=True)  # left by one that nobody recovered: this one is newer
            os.makedirs(self.folder, mode=0o700)
            self.recorder = self._write_recorder()
        except OSError as error:
            self._writer.remove()
            raise CassetteError(f"{self.folder}: cannot record: {error.strerror}") from error

    @property
    def parts(self) -> list[str]:
        return list(parts_of(self.folder))

    @property
    def failures(self) -> list[str]:
        """Why processes could not record, or not to the end."""
        return [file.read_text("utf-8", "replace") for file in sorted(Path(self.folder).glob(f"*{FAILED}"))]

    def wait_for_writers(self, seconds: float = LINGER) -> bool:
        """Wait until no process records any more; False when one still does after `seconds`."""
        deadline = time.monotonic() + seconds
        while any(map(is_being_written, self.parts)):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL)
        return True

    def save(self) -> Saved:
        """Make the cassette, and remove everything else.

        Raises:
            CassetteError: See `saving.save`; everything is left where it is.
        """
        saved = save(self.path, self.parts)
        self.remove()
        return saved

    def remove(self) -> None:
        """Remove what is recorded."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._writer.remove()

    def leave(self) -> None:
        """Leave what is recorded where it is, for `recover`."""
        shutil.rmtree(os.path.dirname(self.recorder), ignore_errors=True)
        self._writer.close()

    def _write_recorder(self) -> str:
        """The recorder executable, in a folder of its own, for PATH, and under the name that programs look for."""
        folder = os.path.join(self.folder, "bin")
        os.mkdir(folder)
        path = os.path.join(folder, "claude")
        program = (
            f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); "
            "from claude_code_sdk.cassettes.startup.tee import main; main()"
        )
        # Isolated: neither the program's PYTHONPATH, with our own hook in it, nor its folder is ours.
        start = f'exec {quote(sys.executable)} -I -c {quote(program)} "$@"'
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{start}\n")
        os.chmod(path, 0o755)
        return path


def folder_of(path: str) -> str:
    """The spool folder of the cassette `path`."""
    return partial_path(path).removesuffix(SUFFIX) + PARTS


def parts_of(folder: str) -> Iterator[str]:
    """The parts in a spool folder that hold something, in the order in which they were begun."""
    for file in sorted(Path(folder).glob(f"*{SUFFIX}")):
        with file.open("rb") as part:
            if part.readline().endswith(b"\n"):  # else a kill came before even the header was written
                yield str(file)


def is_being_written(part: str) -> bool:
    """Whether a live process has this partial file."""
    try:
        import fcntl

        with open(part, "rb") as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (OSError, ImportError):
        return False
    return False
