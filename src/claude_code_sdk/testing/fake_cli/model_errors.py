"""Model errors: which errors of the API are tried again, and how the last one reads (wire-facts §8)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .process import Process
    from .thread import Thread

MAX_RETRIES = 10
FIRST_DELAY = 0.5
"""Seconds before the first retry; each further one waits twice as long."""
MAX_DELAY = 32.0

RETRIED = frozenset({401, 408, 409, 429, 529})

KINDS = {401: "authentication_failed", 429: "rate_limit", 400: "invalid_request"}


def kind_of(status: int) -> str:
    """What `api_retry` and `assistant.error` call an error of this HTTP status."""
    if status in KINDS:
        return KINDS[status]
    return "server_error" if status >= 500 else "unknown"


def retry_after(cli: Process, thread: Thread, error: dict[str, Any], attempt: int) -> float | None:
    """Seconds until the request is sent again, None when it is not; the host is told of it."""
    status: int = error.get("status", 500)
    most = int(cli.env.get("CLAUDE_CODE_MAX_RETRIES", MAX_RETRIES))
    if attempt > most or not (status in RETRIED or status >= 500):
        return None
    delay: float = min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY)
    cli.frames.system(
        "api_retry",
        attempt=attempt,
        max_retries=most,
        retry_delay_ms=round(delay * 1000),
        error_status=status,
        error=kind_of(status),
    )
    return delay


def failed_for_good(cli: Process, error: dict[str, Any]) -> dict[str, Any]:
    """The error as the turn reports it."""
    return {**error, "kind": kind_of(error.get("status", 500))}
