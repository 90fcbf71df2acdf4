"""Options -> `Command`: what is run, as a plain value.

`build_command` is pure.  `prepare_command` does the little input that it needs (a settings file, the active trace span)
and calls it.  The arguments are `_argv.py`'s, the environment `transports/_child_environment.py`'s; what this file owns
is how they become items of a command line, and where a large value goes: into `Command.files` when the CLI has a flag
that takes a path, into `initialize` (`_initialize.py`) when it has not.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from . import __version__
from ._argv import Argument, FileForm, arguments, json_schema, json_text
from ._settings import is_inline, read_settings
from .options import ClaudeCodeOptions
from .protocol.command import FILE_TOKEN, Command
from .transports._child_environment import (
    ChildEnvironment,
    check_environment,
    child_environment,
    current_trace_context,
)

LARGE_VALUE = 32 * 1024
"""Bytes of UTF-8 above which a value leaves the command line: well below the limit of one argument, and the values
that can be large fit together into the 1 MiB that macOS allows for everything."""

LARGE_VALUE_WINDOWS = 2 * 1024
"""The same on Windows, where the whole command line is limited: the five that can be large fit, every quote escaped."""

ARGUMENT_LIMIT_LINUX = 128 * 1024
"""MAX_ARG_STRLEN of Linux: bytes of one argument with the NUL at its end (execve(2))."""

COMMAND_LINE_LIMIT_WINDOWS = 32_767
"""Characters of a whole command line (CreateProcessW)."""

PREFIX = ("--output-format", "stream-json", "--verbose")
SUFFIX = ("--input-format", "stream-json")


def prepare_command(
    options: ClaudeCodeOptions,
    *,
    names: Sequence[str] | None = None,
    parent_env: Mapping[str, str] | None = None,
    sdk_version: str = __version__,
    platform: str = sys.platform,
) -> Command:
    """`build_command`, after reading what it needs: the settings file when a sandbox is merged into it.

    `parent_env` is this process's environment unless given; the rest is as for `build_command`.

    Blocks for the time of reading that file.  Raises what `build_command` raises, and `CLIConnectionError` when the
    file cannot be read.
    """
    settings = options.settings
    if options.sandbox is not None and settings and not is_inline(settings):
        options = copy.copy(options)
        options.settings = read_settings(settings, options.cwd)
    return build_command(
        options,
        names=names,
        parent_env=os.environ if parent_env is None else parent_env,
        sdk_version=sdk_version,
        trace_context=current_trace_context(),
        platform=platform,
    )


def build_command(
    options: ClaudeCodeOptions,
    *,
    names: Sequence[str] | None = None,
    parent_env: Mapping[str, str],
    sdk_version: str,
    trace_context: Mapping[str, str] | None = None,
    platform: str = sys.platform,
) -> Command:
    """The command that `options` describe.  Pure; `options` are not checked for conflicts (`_validate.py` does that).

    - `names`: as for `arguments`.
    - `parent_env`, `sdk_version`, `trace_context`: as for `child_environment`.
    - `platform`: as `sys.platform`; the limits on command lines depend on it.

    `argv[0]` is `cli_path`, or `"claude"` for the transport to find.

    Raises `ValueError` for a value that cannot be an argument or is too large for one, `ValueError` or `TypeError`
    for a bad `env`, `CLIConnectionError` for settings that cannot be merged with the sandbox.
    """
    cli = "claude" if options.cli_path is None else str(options.cli_path)
    files: dict[str, bytes] = {}
    found = arguments(options, names)
    items = [item for argument in found for item in _items(argument, files, platform)]
    argv = (cli, *PREFIX, *items, *SUFFIX)
    cwd = None if options.cwd is None else os.fspath(options.cwd)
    _check_text("cli_path", cli)
    _check_text("cwd", cwd or "")
    if platform == "win32":
        _check_command_line(argv, found)
    check_environment(options)
    environment = partial(
        child_environment, options, parent_env=parent_env, sdk_version=sdk_version, trace_context=trace_context
    )
    return Command(
        argv,
        env=ChildEnvironment(environment),
        cwd=cwd,
        files=files,
        user=options.user,
    )


def schema_in_initialize(options: ClaudeCodeOptions, platform: str = sys.platform) -> bool:
    """Whether the schema of `output_format` is so large that `initialize` carries it: `--json-schema` takes no path."""
    schema = json_schema(options)
    return schema is not None and _is_large(json_text("output_format", schema), platform)


def _items(argument: Argument, files: dict[str, bytes], platform: str) -> Iterator[str]:
    """The items of one argument.  A large value is put into `files`, or left out for `initialize`."""
    option, flag, value, joined, large = argument
    _check_text(option, flag)
    if value is None:
        yield flag
        return
    _check_text(option, value)
    if large is not None and _is_large(value, platform):
        if isinstance(large, FileForm):
            files[large.name] = _encoded(value)
            yield large.flag
            yield FILE_TOKEN + large.name
        return
    items = (flag + "=" + value,) if joined else (flag, value)
    for item in items:
        if platform == "linux" and _has_more(item, ARGUMENT_LIMIT_LINUX - 1):
            raise ValueError(
                f"{option}: {len(_encoded(item))} bytes do not fit into one argument of the CLI;"
                f" Linux allows {ARGUMENT_LIMIT_LINUX - 1}"
            )
        yield item


def _is_large(value: str, platform: str) -> bool:
    return _has_more(value, LARGE_VALUE_WINDOWS if platform == "win32" else LARGE_VALUE)


def _has_more(text: str, limit: int) -> bool:
    """Whether `text` has more than `limit` bytes; a character has four at most."""
    return len(text) > limit // 4 and len(_encoded(text)) > limit


def _encoded(value: str) -> bytes:
    # As `os.fsencode` on POSIX: a file name that is not UTF-8 keeps its bytes.
    return value.encode("utf-8", "surrogateescape")


def _check_text(option: str, value: str) -> None:
    """Raise `ValueError` for text that cannot be an argument, with the option's name."""
    if "\0" in value:
        raise ValueError(f"{option}: a NUL character at index {value.index(chr(0))} cannot be passed to the CLI")
    try:
        _encoded(value)
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{option}: the lone surrogate {value[error.start]!a} at index {error.start} cannot be passed to the CLI"
        ) from None


def _check_command_line(argv: Sequence[str], found: Sequence[Argument]) -> None:
    import subprocess  # costs every program a little, and serves Windows only

    length = len(subprocess.list2cmdline(argv))
    if length > COMMAND_LINE_LIMIT_WINDOWS:
        longest = sorted(found, key=lambda argument: -len(argument.value or ""))[:3]
        names = ", ".join(f"{argument.option} ({len(argument.value or '')})" for argument in longest)
        raise ValueError(
            f"the command line of the CLI has {length} characters; Windows allows {COMMAND_LINE_LIMIT_WINDOWS}."
            f" The longest options: {names}"
        )
