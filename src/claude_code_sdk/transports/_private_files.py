"""The files of a `Command` on disk: mode 0600, in a directory of mode 0700 that exists as long as the run.

Above: `_spawn.py`, which puts their paths into argv, and `_child.py`, which removes them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping

from ..errors import CLIConnectionError


class PrivateFiles:
    """Writes `files` (contents by name) when made; `user`, if given, becomes their owner.

    Raises `CLIConnectionError` when they cannot be written, `OSError` when they cannot be given to `user`, and
    `KeyError` for an unknown user; leaves nothing behind then.
    """

    def __init__(self, files: Mapping[str, bytes], user: str | None = None) -> None:
        self.paths: dict[str, str] = {}
        try:
            self._folder = tempfile.mkdtemp(prefix="claude-code-sdk-")  # mode 0700
        except OSError as error:
            raise _not_written(files, error) from error
        try:
            for name, content in files.items():
                try:
                    self.paths[name] = self._write(name, content)
                except OSError as error:
                    raise _not_written(files, error) from error
            if user is not None:
                self._give_to(user)
        except BaseException:
            self.remove()
            raise

    def _write(self, name: str, content: bytes) -> str:
        if os.path.basename(name) != name or name in ("", ".", ".."):
            raise ValueError(f"{name!r} is not a plain file name")
        path = os.path.join(self._folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        return path

    def _give_to(self, user: str) -> None:
        from pwd import getpwnam

        uid = getpwnam(user).pw_uid
        if uid != os.geteuid():
            for path in (*self.paths.values(), self._folder):
                os.chown(path, uid, -1)

    def remove(self) -> None:
        """Remove the directory with all that is in it.  Idempotent, never raises."""
        import shutil

        shutil.rmtree(self._folder, ignore_errors=True)


def _not_written(files: Mapping[str, bytes], error: OSError) -> CLIConnectionError:
    size = sum(map(len, files.values()))
    return CLIConnectionError(
        f"Failed to start Claude Code: {', '.join(files)} ({size:,} bytes), too large for a command line, could not be "
        f"written to a temporary file: {error}. Free some space there, or set TMPDIR to another directory."
    )
