"""What is known of the conversation's turns: is one open, and how did the last one end?

Above: the dispatcher, which asks when the process has ended.  Below: nothing.
"""

from __future__ import annotations

from typing import Any

from .errors import ClaudeSDKError, ProcessError, ResultError, TurnIncompleteError
from .protocol.command import ExitStatus


class Turns:
    """Follows prompts and results.

    - `open`: a prompt was sent, or a turn's frame came, and no result since.
    - `error_result`: the raw result frame of the last turn when that was an error; kept until a new turn begins, so
      that a frame in between (`keep_alive`, a state change) does not make it forgotten.
    """

    __slots__ = ("error_result", "open")

    def __init__(self) -> None:
        self.open = False
        self.error_result: dict[str, Any] | None = None

    def prompted(self) -> None:
        self.open = True
        self.error_result = None

    def result(self, frame: dict[str, Any]) -> None:
        self.open = False
        self.error_result = frame if frame.get("is_error") else None

    def verdict(self, status: ExitStatus) -> ClaudeSDKError | None:
        """What the end of the process means for the program: nothing, or the error to raise."""
        code, stderr = status.code, status.stderr_tail or None
        if code != 0:
            failure = ProcessError(f"Command failed with exit code {code}", exit_code=code, stderr=stderr)
            if self.error_result is None:
                return failure
            frame = self.error_result
            error = ResultError(f"Claude Code returned an error result: {_text(frame)}", frame, exit_code=code)
            error.stderr = stderr
            error.__cause__ = failure
            return error
        if self.open:
            return TurnIncompleteError(
                "The CLI exited before the turn had a result: its last prompt is not answered",
                exit_code=0,
                stderr=stderr,
            )
        return None


def _text(frame: dict[str, Any]) -> str:
    errors = frame.get("errors")
    joined = "; ".join(str(e).strip() for e in errors if str(e).strip()) if isinstance(errors, list) else ""
    if joined:
        return joined
    result = frame.get("result")
    if isinstance(result, str) and result.strip():
        return result.strip()
    subtype = frame.get("subtype")
    if isinstance(subtype, str) and subtype and subtype != "success":
        return subtype
    status = frame.get("api_error_status")
    return f"API error (HTTP {status})" if status is not None else "unknown error"
