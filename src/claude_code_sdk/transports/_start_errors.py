"""Why a run could not be started, in words: one mapping from what the system raised to the SDK's errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

from ..errors import CLIConnectionError, CLINotFoundError
from ..protocol.command import Command
from .find_cli import how_to_get_one

LONGEST_ARGUMENT = 128 * 1024
"""Bytes that one argument may have on Linux (MAX_ARG_STRLEN in linux/binfmts.h), whatever the limit for all of them."""

COULD_NOT_START = "Failed to start Claude Code: "


def start_error(error: Exception, command: Command, argv: Sequence[str]) -> CLIConnectionError:
    """The error to raise, from `error`, when starting `argv` for `command` failed."""
    mapped = (
        _working_directory_error(error, command)
        or _executable_error(error, os.path.join(command.cwd or "", argv[0]))
        or _too_long_error(error, command, argv)
        or _user_error(error, command)
        or CLIConnectionError(f"{COULD_NOT_START}{error}")
    )
    mapped.cli_path = argv[0]
    return mapped


def _working_directory_error(error: Exception, command: Command) -> CLIConnectionError | None:
    cwd = command.cwd
    if cwd is None or not isinstance(error, OSError) or error.filename not in (cwd, os.fsencode(cwd)):
        return None
    if not os.path.exists(cwd):
        return CLIConnectionError(f"Working directory does not exist: {cwd}")
    if not os.path.isdir(cwd):
        return CLIConnectionError(f"Working directory is not a directory: {cwd}")
    return CLIConnectionError(f"Working directory cannot be entered: {cwd}: {error.strerror}")


def _executable_error(error: Exception, path: str) -> CLIConnectionError | None:
    if isinstance(error, FileNotFoundError):
        if os.path.isfile(path):
            line = _first_line(path)
            return CLIConnectionError(f"{COULD_NOT_START}{path} needs an interpreter that is not there: {line}")
        return CLINotFoundError(f"Claude Code not found at: {path}\n{how_to_get_one()}")
    if isinstance(error, PermissionError) and os.path.isdir(path):
        return CLIConnectionError(f"{COULD_NOT_START}{path} is a directory; the path of the executable is needed")
    if isinstance(error, PermissionError) and not os.access(path, os.X_OK):
        return CLIConnectionError(f"{COULD_NOT_START}{path} may not be executed: {error}. Try: chmod +x {path}")
    if isinstance(error, OSError) and error.errno == errno.ENOEXEC:
        return CLIConnectionError(
            f"{COULD_NOT_START}{path} is neither a program for this system nor a script that begins with #!: {error}"
        )
    return None


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.readline(200).decode(errors="replace").rstrip()
    except OSError as error:
        return f"({error})"


def _too_long_error(error: Exception, command: Command, argv: Sequence[str]) -> CLIConnectionError | None:
    if not isinstance(error, OSError) or (error.errno != errno.E2BIG and getattr(error, "winerror", None) != 206):
        return None
    place, longest = max(enumerate(argv), key=lambda item: len(os.fsencode(item[1])))
    flag = f" (the value of {argv[place - 1]})" if place and argv[place - 1].startswith("-") else ""
    total = sum(len(os.fsencode(argument)) + 1 for argument in argv)
    environment = sum(len(os.fsencode(name)) + len(os.fsencode(value)) + 2 for name, value in command.env.items())
    return CLIConnectionError(
        f"{COULD_NOT_START}the command line is too long: {error}\n"
        f"The longest argument is number {place}{flag} with {len(os.fsencode(longest)):,} bytes"
        f" (Linux allows {LONGEST_ARGUMENT:,} for one);"
        f" all arguments have {total:,} bytes, the environment {environment:,}.\n"
        "Pass long values in files (Command.files, or options that take a path)."
    )


def _user_error(error: Exception, command: Command) -> CLIConnectionError | None:
    if command.user is None:
        return None
    if isinstance(error, KeyError):
        return CLIConnectionError(f"{COULD_NOT_START}there is no operating system user {command.user!r}")
    if isinstance(error, PermissionError):
        return CLIConnectionError(f"{COULD_NOT_START}this process may not run it as the user {command.user!r}: {error}")
    return None
