"""Result: the frame that closes a turn (wire-facts §3)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process


class Outcome:
    """How a turn ended.

    - `subtype`, `is_error`, `terminal_reason`, `stop_reason`: as in the frame; a `terminal_reason` of None is absent.
    - `text`: `result` of a success; `errors`: of any other subtype.
    - `cancels`: whether the prompts of the turn count as cancelled, not as completed.
    - `failure`: the error of the API that ended it, in the CLI's words, and its `details`; None when there was none.
    - `fields`: what else stands in the frame.
    """

    def __init__(
        self,
        text: str = "",
        *,
        subtype: str = "success",
        is_error: bool = False,
        terminal_reason: str | None = "completed",
        stop_reason: str | None = "end_turn",
        errors: list[str] | None = None,
        num_turns: int | None = None,
        cancels: bool = False,
        failure: str | None = None,
        details: str | None = None,
        **fields: Any,
    ) -> None:
        self.text = text
        self.subtype = subtype
        self.is_error = is_error
        self.terminal_reason = terminal_reason
        self.stop_reason = stop_reason
        self.errors = errors
        self.num_turns = num_turns
        self.cancels = cancels
        self.failure = failure
        self.details = details
        self.fields = fields


ANSWERED = frozenset({"completed", "stop_hook_prevented", "hook_stopped", "api_error"})
"""How turns end that the API has answered: their results say so."""


def no_subagents() -> Frame:
    """What results say of sub-agents before there is one."""
    return {
        "spawned": 0,
        "requested": {"background": 0, "foreground": 0, "unset": 0},
        "started_in_background": 0,
        "max_depth": 0,
        "spawned_by_subagents": 0,
        "completed": 0,
        "failed": 0,
        "killed": {"parent": 0, "user": 0, "system": 0},
        "refused": {"depth_limit": 0, "concurrency_limit": 0, "budget": 0},
        "by_type": {},
    }


def emit_result(cli: Process, outcome: Outcome) -> None:
    """Close the turn."""
    milliseconds = round((cli.kernel.now - cli.turn.started) * 1000)
    frame: Frame = {
        "type": "result",
        "subtype": outcome.subtype,
        "is_error": outcome.is_error,
        "num_turns": 1 + cli.main.user_frames if outcome.num_turns is None else outcome.num_turns,
        "duration_ms": milliseconds,
        "duration_api_ms": cli.session.usage.api_ms,
        "stop_reason": outcome.stop_reason,
        "session_id": cli.session.id,
        "total_cost_usd": cli.session.usage.cost,
        "usage": cli.turn.usage,
        "modelUsage": {name: dict(entry) for name, entry in cli.session.usage.models.items()},
        "permission_denials": cli.turn.denials,
        "fast_mode_state": "off",
        "fast_mode_disabled_reason": "sdk_opt_in_required",
        "subagent_stats": cli.session.subagent_stats,
        "safety_stops": cli.session.safety_stops,
        "queued_turn_count": 0,
        "result_index": cli.session.result_index,
        "model_usage_since_last_result": cli.session.usage.take_since_last(),
        "uuid": cli.mint.uuid(),
    }
    if outcome.subtype == "success":
        frame["result"] = outcome.text
    else:
        frame["errors"] = outcome.errors or []
    if outcome.terminal_reason is not None:
        frame["terminal_reason"] = outcome.terminal_reason
    if outcome.subtype == "success" and outcome.terminal_reason in ANSWERED:
        frame["api_error_status"] = None
        if not outcome.is_error:
            frame |= dict.fromkeys(sorted(cli.turn.times), milliseconds) | cli.queued.requested()
    if cli.turn.requested:
        frame["begun_message_ids"] = cli.turn.message_ids
    cli.session.result_index += 1
    cli.session.last_is_error = outcome.is_error
    cli.frames.emit(frame | outcome.fields)
