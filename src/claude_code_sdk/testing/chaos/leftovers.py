"""What an attempt leaves behind in this process besides tasks: descriptors, child processes, temporary files.

Above: the event loops of attempts, which compare before and after.  Descriptors are seen where the system lists them
(Linux, macOS), children on Linux.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

_DESCRIPTORS = next((path for path in ("/proc/self/fd", "/dev/fd") if os.path.isdir(path)), None)
_THREADS = Path("/proc/self/task")

Listed = dict[object, str]


class Leftovers:
    """What there is, now and at the beginning.

    - `temporary`: the directory for temporary files; new ones that are not removed are left behind.
    """

    def __init__(self, temporary: Path) -> None:
        self._temporary = temporary
        self._before: Listed = {}

    def begin(self) -> None:
        """Count from here."""
        self._before = self._now()

    def left(self) -> list[str]:
        """What is there now and was not at the beginning, each in a few words."""
        return [text for key, text in self._now().items() if key not in self._before]

    def _now(self) -> Listed:
        files = sorted(os.listdir(self._temporary))
        return {**_descriptors(), **_children(), **{("file", name): f"temporary file {name}" for name in files}}


class PrivateTemporaryFiles:
    """While it is entered `tempfile` uses a directory of our own, so that no other process's files are counted."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="claude-faults-", ignore_cleanup_errors=True)
        self._before: str | None = None

    def __enter__(self) -> Path:
        self._before, tempfile.tempdir = tempfile.tempdir, self._directory.name
        return Path(self._directory.name)

    def __exit__(self, *exc: object) -> None:
        tempfile.tempdir = self._before
        self._directory.cleanup()


def _descriptors() -> Listed:
    found: Listed = {}
    for name in sorted(os.listdir(_DESCRIPTORS), key=int) if _DESCRIPTORS else ():
        try:
            status = os.fstat(int(name))
        except OSError:  # the one that listed them
            continue
        found["descriptor", name, status.st_dev, status.st_ino] = f"descriptor {name}{_target(name)}"
    return found


def _target(name: str) -> str:
    try:
        return f" ({os.readlink(f'/proc/self/fd/{name}')})"
    except OSError:
        return ""


def _children() -> Listed:
    found: Listed = {}
    if sys.platform != "linux":
        return found
    for thread in os.listdir(_THREADS):
        try:
            children = (_THREADS / thread / "children").read_text().split()
        except OSError:  # a thread that has just ended; its children are another's now
            continue
        for pid in children:
            found["process", pid] = f"process {pid}{_command_of(pid)}"
    return found


def _command_of(pid: str) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return ""
    text = b" ".join(words).decode("utf-8", "replace")
    return f" ({text[:60]}{'…' if len(text) > 60 else ''})" if text else " (ended, not waited for)"
