"""What the official SDK would run: its own instance is asked for the command line.

The environment it builds inside `connect()`, so that is built here, by the same rules (sdk-spec §2.3).
Above: `official.py`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from ..protocol.command import Command
from ._child_environment import child_environment, current_trace_context
from ._official_errors import official_errors, official_version


def command_of(sdk_transport: Any) -> Command:
    """What an instance of the official `SubprocessCLITransport` would run.

    The executable is the one that its options name, else the one in the official SDK's own package, else `"claude"`,
    which a transport that starts processes looks for.  Raises what building the command line raises (`ValueError` …),
    and the official `CLIConnectionError` when the installed version cannot be asked.
    """
    try:
        options = sdk_transport._options
        if sdk_transport._cli_path is None:
            sdk_transport._cli_path = sdk_transport._find_bundled_cli() or "claude"
        build = sdk_transport._build_command
        cwd = sdk_transport._cwd
    except AttributeError as error:
        raise official_errors().CLIConnectionError(
            f"cannot tell what claude_agent_sdk {official_version()} would run: its {type(sdk_transport).__name__} "
            f"has no {error.name}. Give official_transport() the command, or use version 0.2.187"
        ) from error
    env = child_environment(
        options, parent_env=os.environ, sdk_version=official_version(), trace_context=current_trace_context()
    )
    return Command(tuple(build()), env=env, cwd=cwd, user=options.user)


def unconnected(prompt: Any, options: Any) -> Any:
    """An official subprocess transport that will never connect, to ask it for its command."""
    try:
        sdk = import_module("claude_agent_sdk")
    except ImportError:
        raise ValueError(
            "official_transport() needs a command: claude_agent_sdk, which would build one, is not installed"
        ) from None
    module = import_module("claude_agent_sdk._internal.transport.subprocess_cli")
    return module.SubprocessCLITransport(prompt=prompt, options=options or sdk.ClaudeAgentOptions())
