"""Hook attachments: frames that say what the hooks of a resumed call came to (sessions of CLI 2.1.330).

In a turn the CLI keeps these entries of the transcript to itself; of a call that was put off, it shows them.  Seen of
callbacks; what it shows of command hooks, and of a `systemMessage`, is not known and left out.  Above: `deferred.py`.
"""

from __future__ import annotations

from .hook_answers import CALLBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .process import Process
    from .tool_run import ToolRun


def hook_attachments(cli: Process, event: str, run: ToolRun, verdict: Verdict) -> list[Frame]:
    """The frames for what one event came to, in their order; a denial has none."""
    if verdict.decision == "deny":
        return []
    name = f"{event}:{run.name}"
    if verdict.stops:
        stopped = {"type": "hook_stopped_continuation", "message": verdict.stop_reason, "hookName": name}
        return [_frame(cli, event, run, stopped, f"{name} hook stopped continuation: {verdict.stop_reason}")]
    success = {"type": "hook_success", "hookName": f"{event}:Callback", "content": "", "command": CALLBACK}
    frames = [_frame(cli, event, run, success) for by, _ in verdict.notes if by == CALLBACK]
    if verdict.context:
        context = {"type": "hook_additional_context", "content": verdict.context, "hookName": name}
        text = f"{name} hook additional context: " + "\n".join(verdict.context)
        frames.append(_frame(cli, event, run, context, text))
    if verdict.decision == "defer":
        put_off = {"type": "hook_deferred_tool", "toolName": run.name, "toolInput": run.given, "hookName": "settings"}
        frames.append(_frame(cli, event, run, {**put_off, "permissionMode": cli.permissions.mode}))
    return frames


def _frame(cli: Process, event: str, run: ToolRun, fields: Frame, rendered: str | None = None) -> Frame:
    frame: Frame = {"attachment": {**fields, "toolUseID": run.id, "hookEvent": event}, "type": "attachment"}
    frame |= {"uuid": cli.mint.uuid(), "timestamp": cli.frames.timestamp()}
    if rendered is not None:
        content = f"<system-reminder>\n{rendered}\n</system-reminder>"
        frame |= {"rendered": [{"content": content}], "renderedRole": "system"}
    return frame | {"session_id": cli.session.id, "parent_tool_use_id": None}
