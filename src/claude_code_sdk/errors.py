"""Every exception that the SDK raises.

    Exception
    └─ ClaudeSDKError                      everything below; catch this to catch all of them
       ├─ CLIConnectionError               not connected, could not start, connection lost
       │  └─ CLINotFoundError              no `claude` executable
       ├─ ProcessError                     the CLI ended when it should not have, or with a failure
       │  ├─ ResultError                   … right after a result that was an error
       │  └─ TurnIncompleteError           … with status 0 while a turn was still open
       ├─ ControlRequestError              the CLI refused a control request
       │  └─ ControlTimeoutError           … or did not answer it in time (also a TimeoutError)
       ├─ IdleTimeoutError                 nothing was heard from the CLI for too long (also a TimeoutError)
       ├─ UnreadLimitError                 nobody read the messages and the limit for them was reached
       ├─ CLIJSONDecodeError               a line that had to be JSON was not
       ├─ MessageParseError                a frame that does not have the shape of its type
       ├─ LocalProtocolError               we were about to break the wire protocol (a bug on this side)
       ├─ RemoteProtocolError              the other side broke it beyond repair
       └─ CassetteError                    a recording that is damaged or does not fit this version
          └─ CassetteNotFound              a recording that is not there

`CassetteMismatch` and `UnplayedEpisode` (cassettes/mismatch.py) are AssertionErrors on purpose: a program's own
`except ClaudeSDKError` must not swallow the verdict of its test.

The names and constructor shapes of the first five and of the two decode errors are those of `claude_code_sdk` 0.0.25
and `claude_agent_sdk` (sdk-spec §8).  This module is on the fake path: it imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class ClaudeSDKError(Exception):
    """Base class of every error of the SDK.

    The context of a failure is on attributes, `None` where it is not known:

    - `exit_code`: exit status of the CLI; negative for a signal.
    - `stderr`: the last part of what the CLI wrote to stderr.
    - `cli_path`, `cli_version`: which executable it was.
    """

    exit_code: int | None = None
    stderr: str | None = None
    cli_path: str | None = None
    cli_version: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # Constructors differ, so pickling by class and state works for all of them.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[ClaudeSDKError], args: tuple[Any, ...], state: Mapping[str, Any]) -> ClaudeSDKError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class CLIConnectionError(ClaudeSDKError):
    """The CLI could not be started or reached, or the connection is not open."""


class CLINotFoundError(CLIConnectionError):
    """There is no `claude` executable at the given path, or none was found."""

    def __init__(self, message: str = "Claude Code not found", cli_path: str | None = None) -> None:
        super().__init__(f"{message}: {cli_path}" if cli_path else message)
        self.cli_path = cli_path


class ProcessError(ClaudeSDKError):
    """The CLI process failed."""

    def __init__(self, message: str, exit_code: int | None = None, stderr: str | None = None) -> None:
        self.exit_code = exit_code
        self.stderr = stderr
        if exit_code is not None:
            message = f"{message} (exit code: {exit_code})"
        if stderr:
            message = f"{message}\nError output: {stderr}"
        super().__init__(message)


class ResultError(ProcessError):
    """The CLI exited with a failure right after a result that was an error; the result itself was delivered before.

    `data` is the raw result frame; its usual fields are attributes.
    """

    def __init__(self, message: str, data: Mapping[str, Any] | None = None, exit_code: int | None = None) -> None:
        super().__init__(message, exit_code=exit_code)
        self.data: dict[str, Any] = dict(data or {})
        self.subtype: str | None = self.data.get("subtype")
        errors = self.data.get("errors")
        self.errors: list[str] = [str(e) for e in errors] if isinstance(errors, list) else []
        self.result: str | None = self.data.get("result")
        self.api_error_status: int | None = self.data.get("api_error_status")
        self.terminal_reason: str | None = self.data.get("terminal_reason")
        self.session_id: str | None = self.data.get("session_id")


class TurnIncompleteError(ProcessError):
    """The CLI exited with status 0 although a turn had begun and no result had come."""


class ControlRequestError(ClaudeSDKError):
    """The CLI answered a control request with an error.

    `subtype` and `request_id` say which request; `error_code` is the CLI's own code where it sent one.
    """

    def __init__(
        self,
        message: str,
        *,
        subtype: str | None = None,
        request_id: str | None = None,
        error_code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.subtype = subtype
        self.request_id = request_id
        self.error_code = error_code


class ControlTimeoutError(ControlRequestError, TimeoutError):
    """The CLI did not answer a control request within its timeout."""


class IdleTimeoutError(ClaudeSDKError, TimeoutError):
    """Nothing came from the CLI for `idle_timeout` seconds while a turn was open."""


class UnreadLimitError(ClaudeSDKError):
    """More than `max_unread_bytes` of messages lay unread; the connection was ended."""


class CLIJSONDecodeError(ClaudeSDKError):
    """A line from the CLI is not valid JSON."""

    def __init__(self, line: str, original_error: Exception) -> None:
        self.line = line
        self.original_error = original_error
        super().__init__(f"Failed to decode JSON: {line[:100]}...")


class MessageParseError(ClaudeSDKError):
    """A frame does not have the shape that its type asks for; `data` is the frame."""

    def __init__(self, message: str, data: Any = None) -> None:
        self.data = data
        super().__init__(message)


class LocalProtocolError(ClaudeSDKError):
    """This side was about to send what the protocol does not allow now."""


class RemoteProtocolError(ClaudeSDKError):
    """The other side sent what cannot be understood or continued from."""


class CassetteError(ClaudeSDKError):
    """A cassette is damaged, of another format version, or cannot be read or written."""


class CassetteNotFound(CassetteError):
    """There is no cassette at the path, and the record mode does not allow to make one."""
