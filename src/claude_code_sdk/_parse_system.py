"""From system frames to the typed kinds of `SystemMessage`.

Above: `_parse.py`, which loads this with the first such frame.  Below: `system_messages.py`.  A frame that lacks what
its class needs becomes a plain `SystemMessage`: its `subtype` and `data` are there all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._parse_problem import WRONG_SHAPE, Report, why
from .errors import MessageParseError
from .messages import SystemMessage
from .system_messages import (
    HookEventMessage,
    MirrorErrorMessage,
    TaskNotificationMessage,
    TaskProgressMessage,
    TaskStartedMessage,
    TaskUpdatedMessage,
)


def parse_system(frame: dict[str, Any], report: Report) -> SystemMessage:
    """The message for a frame whose subtype is one of `_parse.TYPED_SUBTYPES`."""
    subtype = frame["subtype"]
    try:
        return _SUBTYPES[subtype](frame)
    except WRONG_SHAPE as error:
        report(MessageParseError(f"system/{subtype} frame {why(error)}", frame))
        return SystemMessage(subtype, frame)


def _task_started(frame: dict[str, Any]) -> TaskStartedMessage:
    return TaskStartedMessage(
        frame["subtype"],
        frame,
        frame["task_id"],
        frame["description"],
        frame["uuid"],
        frame["session_id"],
        frame.get("tool_use_id"),
        frame.get("task_type"),
    )


def _task_progress(frame: dict[str, Any]) -> TaskProgressMessage:
    return TaskProgressMessage(
        frame["subtype"],
        frame,
        frame["task_id"],
        frame["description"],
        frame["usage"],
        frame["uuid"],
        frame["session_id"],
        frame.get("tool_use_id"),
        frame.get("last_tool_name"),
    )


def _task_notification(frame: dict[str, Any]) -> TaskNotificationMessage:
    return TaskNotificationMessage(
        frame["subtype"],
        frame,
        frame["task_id"],
        frame["status"],
        frame["output_file"],
        frame["summary"],
        frame["uuid"],
        frame["session_id"],
        frame.get("tool_use_id"),
        frame.get("usage"),
    )


def _task_updated(frame: dict[str, Any]) -> TaskUpdatedMessage:
    # A task's end may come as this alone, so nothing is required of it (sdk-spec §3.3).
    patch = frame.get("patch")
    if not isinstance(patch, dict):
        patch = {}
    return TaskUpdatedMessage(
        frame["subtype"],
        frame,
        frame.get("task_id", ""),
        patch,
        patch.get("status"),
        frame.get("session_id"),
        frame.get("uuid"),
    )


def _hook_event(frame: dict[str, Any]) -> HookEventMessage:
    name = frame.get("hook_event") or frame.get("hook_name") or frame.get("hook_event_name") or ""
    return HookEventMessage(frame["subtype"], frame, name, frame.get("session_id"), frame.get("uuid"))


def _mirror_error(frame: dict[str, Any]) -> MirrorErrorMessage:
    return MirrorErrorMessage(frame["subtype"], frame, frame.get("key"), frame.get("error", ""))


_SUBTYPES: dict[str, Callable[[dict[str, Any]], SystemMessage]] = {
    "task_started": _task_started,
    "task_progress": _task_progress,
    "task_notification": _task_notification,
    "task_updated": _task_updated,
    "hook_started": _hook_event,
    "hook_response": _hook_event,
    "mirror_error": _mirror_error,
}
