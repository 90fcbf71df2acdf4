"""From a `Command` to a started process: what Popen is given, and nothing left behind when that fails.

Above: `subprocess.py`.  Below: `_private_files.py`, `_child.py`, `_start_errors.py`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from typing import Any

from ..protocol.command import FILE_TOKEN, Command
from ._child import ChildProcess
from ._private_files import PrivateFiles
from ._start_errors import start_error


def spawn(command: Command, executable: str, *, spare_group: bool = False) -> ChildProcess:
    """Start `executable` with the arguments of `command`; `spare_group` as for `ChildProcess`.

    Blocks for the fork and exec, about 0.7 ms: a thread would cost more.

    Raises `CLINotFoundError` or `CLIConnectionError`, and leaves no process, descriptor or file then.
    """
    files: PrivateFiles | None = None
    argv = (executable, *command.argv[1:])
    try:
        if command.files:
            files = PrivateFiles(command.files, command.user)
        argv = with_paths(argv, files.paths if files else {})
        popen = subprocess.Popen(argv, **popen_options(command))
    except BaseException as error:
        if files is not None:
            files.remove()
        if isinstance(error, (OSError, ValueError, LookupError, subprocess.SubprocessError)):
            raise start_error(error, command, argv) from error
        raise
    return ChildProcess(popen, files, spare_group=spare_group)


def with_paths(argv: tuple[str, ...], paths: Mapping[str, str]) -> tuple[str, ...]:
    """`argv` with each file token replaced by the path of its file.  Raises `ValueError` for an unknown file."""
    return tuple(_path(item, paths) if item.startswith(FILE_TOKEN) else item for item in argv)


def _path(token: str, paths: Mapping[str, str]) -> str:
    name = token.removeprefix(FILE_TOKEN)
    if name not in paths:
        raise ValueError(f"an argument stands for the file {name!r}, but the command's files are {sorted(paths)}")
    return paths[name]


def popen_options(command: Command) -> dict[str, Any]:
    """The keyword arguments of Popen: three pipes, a session of its own, and what the command says."""
    options: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "bufsize": 0,
        "env": dict(command.env.items()),
        "cwd": command.cwd,
    }
    if os.name == "nt":
        options["creationflags"] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    else:
        # A group of its own, so that what the CLI starts can be ended with it.  No preexec_fn: it forbids vfork.
        options["start_new_session"] = True
        if command.user is not None:
            options["user"] = command.user
    return options
