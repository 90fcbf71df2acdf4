"""Model errors: what the CLI does when the API answers with an error, and how the last one reads (wire-facts §8).

Above: `model.py`.  Each rule was read from CLI 2.1.330 with a scripted API.
"""

from __future__ import annotations

import re

from . import synthetic
from .kernel import Told
from .result import Outcome
from .stream import REQUEST_ID
from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .process import Process
    from .thread import Thread

MAX_RETRIES = 10
FIRST_DELAY = 0.5
"""Seconds before the first retry; each further one waits twice as long."""
MAX_DELAY = 32.0

RETRIED = frozenset({401, 408, 409, 429})
"""Tried again after a wait, and so is every status from 500."""
RESHAPED = frozenset({400, 422})
"""Sent again at once, without a word, in other shapes: `SHAPES` requests in all."""
SHAPES = 6
WITHOUT_STREAM = frozenset({404})
"""Sent once more, not streamed."""

TOO_LARGE = 413

FALLBACK_AFTER = 3
"""So many answers of status 529 in a row, and the fallback model is asked."""

RETRY_KINDS = {401: "authentication_failed", 429: "rate_limit", 529: "overloaded"}

TOO_LONG = r"(?i)prompt is too long: (\d+) tokens > (\d+) maximum"
IMAGE_TOO_LARGE = r"(?i)image exceeds .* maximum|image dimensions exceed"
LOW_CREDIT = "credit balance is too low"


class ApiFailure(Told):
    """The API's error that is not tried again.

    - `text`: what the user is told; `kind`: the CLI's name for it.
    - `status`, `type`: of the API's answer.
    - `terminal_reason`: of the turn that it ends.
    """

    def __init__(self, text: str, kind: str, error: dict[str, Any], terminal_reason: str = "api_error") -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.status: int = error.get("status", 500)
        self.type: str = error.get("type", "api_error")
        self.terminal_reason = terminal_reason
        self.error = error

    @property
    def too_long(self) -> bool:
        """Whether a shorter request could do."""
        return self.terminal_reason == "prompt_too_long" or self.status == TOO_LARGE

    @property
    def details(self) -> str:
        """The API's answer, as hooks are told it where the text has nothing of it."""
        error = {"type": self.type, "message": self.error.get("message", "scripted error")}
        body = {"type": "error", "error": error, "request_id": REQUEST_ID}
        return f"{self.status} {dumps(body).decode()}"


def plain(error: dict[str, Any]) -> bool:
    """Whether nothing but the status says what went wrong: such requests are tried in other shapes."""
    message = str(error.get("message", ""))
    return not (re.search(TOO_LONG, message) or re.search(IMAGE_TOO_LARGE, message) or LOW_CREDIT in message.lower())


def retry_after(cli: Process, thread: Thread, error: dict[str, Any], attempt: int) -> float | None:
    """Seconds until the request is sent again, None when it is not; the host is told of it."""
    status: int = error.get("status", 500)
    most = max_retries(cli)
    if attempt > most or not (status in RETRIED or status >= 500):
        return None
    delay: float = max(min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY), _asked_to_wait(error))
    said: dict[str, Any] = {
        "attempt": attempt,
        "max_retries": most,
        "retry_delay_ms": round(delay * 1000),
        "error_status": status,
    }
    kind = RETRY_KINDS.get(status, "server_error")
    if thread.is_main:
        cli.frames.system("api_retry", **said, error=kind)
    else:
        retry = {"agent_id": thread.agent_id, **said, "error_category": kind}
        tell_progress(cli, thread, subagent_retry=retry)
    return delay


def tell_progress(cli: Process, thread: Thread, **fields: Any) -> None:
    """A sub-agent tries again (`subagent_retry`), or goes on after it did: a frame about the call that it is."""
    call = str(thread.place["parent_tool_use_id"])
    cli.frames.emit(
        {
            "type": "tool_progress",
            "tool_use_id": f"agent_{cli.message_of_call.get(call, '')}",
            "tool_name": "Agent",
            "parent_tool_use_id": call,
            "elapsed_time_seconds": 0,
            "session_id": cli.session.id,
            "uuid": cli.mint.uuid(),
            "subagent_type": thread.agent_type,
            **fields,
        }
    )


def max_retries(cli: Process) -> int:
    given = cli.env.get("CLAUDE_CODE_MAX_RETRIES", "")
    return int(given) if given.isdecimal() else MAX_RETRIES


def _asked_to_wait(error: dict[str, Any]) -> float:
    headers = {str(name).lower(): value for name, value in (error.get("headers") or {}).items()}
    try:
        return float(headers.get("retry-after", 0))
    except ValueError:
        return 0.0


def failed_for_good(cli: Process, thread: Thread, error: dict[str, Any], model: str) -> ApiFailure:
    """The error as the turn reports it."""
    status: int = error.get("status", 500)
    message = str(error.get("message", "scripted error"))
    if status in (401, 403):
        return ApiFailure(f"Failed to authenticate. API Error: {status} {message}", "authentication_failed", error)
    if status == 404:
        text = f"There's an issue with the selected model ({model}). It may not exist or you may not have access to it."
        return ApiFailure(text, "model_not_found", error)
    if status == TOO_LARGE:
        return ApiFailure(REQUEST_TOO_LARGE, "invalid_request", error, "image_error")
    if status == 429:
        return ApiFailure(f"API Error: Request rejected (429) · {message}", "rate_limit", error)
    if status >= 500:
        return ApiFailure(f"API Error: {status} {message}. {SERVER_SIDE} ({gateway(cli)}).", "server_error", error)
    if too_long := re.search(TOO_LONG, message):
        return ApiFailure(_too_long(thread, *too_long.groups()), "invalid_request", error, "prompt_too_long")
    if re.search(IMAGE_TOO_LARGE, message):
        return ApiFailure(IMAGE_WAS_TOO_LARGE, "invalid_request", error, "image_error")
    if LOW_CREDIT in message.lower():
        return ApiFailure("Credit balance is too low", "billing_error", error)
    return ApiFailure(f"API Error: {status} {message}", "unknown", error)


def tell_failure(cli: Process, thread: Thread, failure: ApiFailure) -> Outcome:
    """Show the error as an `assistant` frame; how it ends the turn."""
    synthetic.say(
        cli,
        thread,
        failure.text,
        **thread.marks,
        error=failure.kind,
        request_id=REQUEST_ID,
        is_api_error_message=True,
        api_error_status=failure.status,
        api_error_type=failure.type,
    )
    return Outcome(
        failure.text,
        is_error=True,
        terminal_reason=failure.terminal_reason,
        stop_reason="stop_sequence",
        failure=failure.kind,
        details=failure.details if failure.terminal_reason != "api_error" else None,
        api_error_status=failure.status,
        api_error_type=failure.type,
    )


def failed_agent(thread: Thread, failure: ApiFailure) -> Outcome:
    """How a sub-agent ends whose model could not be reached."""
    text = (
        f"Agent terminated early due to an API error: {failure.text} (error type {failure.kind}, HTTP "
        f"{failure.status}, request id req_loopback, model sent to the API: {thread.model})"
    )
    return Outcome(text, is_error=True, terminal_reason=failure.terminal_reason)


def gateway(cli: Process) -> str:
    """Where requests go, as the text names it: host and port of the API's address."""
    url = cli.env.get("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
    return url.partition("://")[2].partition("/")[0]


def _too_long(thread: Thread, tokens: str, limit: str) -> str:
    text = f"Prompt is too long · the request is ~{tokens} tokens (limit {limit})"
    if thread.exchanges > 1:
        return text
    return (
        f"{text} but this conversation is only ~{ALONE_TOKENS} tokens — the rest is system prompt, tool definitions, "
        "and attachment content. A single-exchange conversation cannot be compacted; reduce attached files/tools or "
        "start with less context."
    )


ALONE_TOKENS = 2497
"""What the CLI counted for a conversation of one short prompt."""

SERVER_SIDE = (
    "This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference "
    "gateway"
)
REQUEST_TOO_LARGE = (
    "Request too large (max 32MB). Accumulated images and attachments in the conversation pushed the request over the "
    "limit. Remove older images or compact the conversation."
)
IMAGE_WAS_TOO_LARGE = "Image was too large. Try resizing the image or using a different approach."
