"""Synthetic: `assistant` messages that the CLI writes itself: errors of the API, answers of its own commands."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .thread import Thread

MODEL = "<synthetic>"
"""What stands in place of a model's name."""


def say(
    cli: Process,
    thread: Thread,
    text: str,
    *,
    stop_reason: str | None = "stop_sequence",
    stop_sequence: str | None = "",
    **fields: Any,
) -> None:
    """An `assistant` frame of the CLI's own; `fields` stand beside the message."""
    message: Frame = {
        "diagnostics": None,
        "id": cli.mint.uuid(),
        "container": None,
        "model": MODEL,
        "role": "assistant",
        "stop_details": None,
        "stop_reason": stop_reason,
        "stop_sequence": stop_sequence,
        "type": "message",
        "usage": _no_usage(),
        "content": [{"type": "text", "text": text}],
        "context_management": None,
    }
    cli.frames.message("assistant", message, thread.place, **fields)


def _no_usage() -> Frame:
    return {
        "output_tokens_details": None,
        "input_tokens": 0,
        "output_tokens": 0,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
        "service_tier": None,
        "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
        "inference_geo": None,
        "iterations": None,
        "speed": None,
        "fallback_credit": None,
    }
