"""The errors that a run ends with, and that calls made after its end raise.

Above: `_dispatcher.py`, `_requests.py`.  Below: `errors.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ClaudeSDKError, CLIConnectionError, ProcessError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .protocol.command import ExitStatus
    from .transports.base import Channel


def ended_early(status: ExitStatus, subtypes: Iterable[str]) -> ClaudeSDKError:
    """The error of a CLI that exited before it answered these control requests."""
    asked = ", ".join(map(repr, subtypes))
    return ProcessError(
        f"The CLI exited before it answered {asked}", exit_code=status.code, stderr=status.stderr_tail or None
    )


def as_ours(failure: Exception) -> Exception:
    """The error to raise where a transport, or a server of the program, failed with one of its own."""
    if isinstance(failure, (ClaudeSDKError, AssertionError)):  # the latter: a verdict on a test
        return failure
    error = CLIConnectionError(f"the connection to the CLI failed: {type(failure).__name__}: {failure}")
    error.__cause__ = failure
    return error


def after(failure: BaseException, prompt_error: Exception) -> BaseException:
    """`failure`, of a run whose own iterable of prompts had raised: its traceback shows both."""
    first = failure
    while first.__cause__ is not None:
        first = first.__cause__
    if first is not prompt_error:
        first.__cause__ = prompt_error
    failure.add_note(f"before that, the iterable of prompts raised {type(prompt_error).__name__}: {prompt_error}")
    return failure


def again(failure: BaseException) -> BaseException:
    """The error to raise for a call made after the run ended: the cause stays visible, the call site is its own."""
    if isinstance(failure, CLIConnectionError):
        return CLIConnectionError(str(failure))
    error = CLIConnectionError(f"Not connected: the run has ended ({failure})")
    error.exit_code = getattr(failure, "exit_code", None)
    error.__cause__ = failure
    return error


def stderr_note(channel: Channel) -> str:
    """What an error says of the process's stderr, to go behind its text; empty when there was none."""
    tail = channel.stderr_tail.strip()
    return f"\nError output: {tail}" if tail else ""
