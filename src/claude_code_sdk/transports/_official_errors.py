"""The official SDK's exception classes for ours: the program that uses it catches those.

Above: `official.py`, `_official_command.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import errors as our_errors
from ..errors import ClaudeSDKError, CLIConnectionError, CLINotFoundError, ProcessError


def official_errors() -> Any:
    """Where the exception classes are: the official SDK's, else ours, which have the same names and signatures."""
    return sys.modules.get("claude_agent_sdk", our_errors)


def official_version() -> str:
    """Version of the official SDK that is imported."""
    return str(getattr(sys.modules.get("claude_agent_sdk"), "__version__", "of unknown version"))


@contextmanager
def as_theirs() -> Iterator[None]:
    """Raise errors of ours as the official SDK's: of the same name, else of the nearest base that it has."""
    try:
        yield
    except ClaudeSDKError as error:
        if official_errors() is our_errors:
            raise
        raise _translated(error) from error


def _translated(error: ClaudeSDKError) -> Exception:
    classes = official_errors()
    translated: Exception
    if isinstance(error, ProcessError):
        translated = classes.ProcessError(str(error))
        translated.exit_code, translated.stderr = error.exit_code, error.stderr  # type: ignore[attr-defined]
    elif isinstance(error, CLINotFoundError):
        translated = classes.CLINotFoundError(str(error))
    elif isinstance(error, CLIConnectionError):
        translated = classes.CLIConnectionError(str(error))
    else:
        translated = classes.ClaudeSDKError(str(error))
    return translated
