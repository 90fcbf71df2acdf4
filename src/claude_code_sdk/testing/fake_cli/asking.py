"""Asking: who decides whether a tool may run when rules and mode do not: a hook, the program's callback, or nobody.

`can_use_tool` and the PermissionRequest hooks are asked at once; the first decision wins (wire-facts §4).
"""

from __future__ import annotations

from .host import Gone, Refused, Withdrawn
from .kernel import Stopped, first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .permissions import Decision
    from .process import Process
    from .thread import Thread
    from .tools import Tool

REJECTED = (
    "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the "
    "new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed."
)
"""What the model is told of a call that the user broke off."""

STOPPED_WHILE_RUNNING = (
    " Correction to the text above: this call was stopped while running, not refused before it ran. It may have run in "
    "part or in full, and its changes may have been written. No permission prompt was involved. Work it started "
    "elsewhere (a remote command, a background process) may still be running, so check before starting the same work "
    "again. The instruction to stop and wait still stands."
)
"""What is added to that when the tool was at work."""


REMINDER_AFTER = 6.0
"""Seconds after which a question that is not answered becomes a notification."""


NOBODY_ANSWERS = "Tool permission stream closed before response received"

BY_USER = {"userSettings": "user_permanent", "localSettings": "user_permanent", "session": "user_temporary"}
"""Sources whose rules are the user's own, and what is said of who allowed a call by one of theirs: a denial by one is
`user_reject` (seen for rules of each source)."""

OF_THE_CLI = ("permission_suggestions", "blocked_path", "classifier_approvable", "suppress_always_allow_rule")
"""What a question does not have when a hook wants it asked."""


class Permit:
    """The decision about one call, and what its frames say of it.

    `ends_turn`: the user, who said no, wants the turn to end; `stops_turn`: the CLI, which said no, ends it.
    """

    def __init__(
        self,
        allowed: bool,
        source: str | None,
        *,
        reason_type: str | None = None,
        message: str = "",
        kind: str | None = None,
        updated_input: Frame | None = None,
        ends_turn: bool = False,
        stops_turn: bool = False,
    ) -> None:
        self.allowed = allowed
        self.source = source
        self.reason_type = reason_type
        self.message = message
        self.kind = kind
        self.updated_input = updated_input
        self.ends_turn = ends_turn
        self.stops_turn = stops_turn

    def meta(self) -> Frame:
        """The entry of `tool_result_meta`, without the id."""
        decision: Frame = {"decision": "accept" if self.allowed else "reject", "source": self.source}
        if self.reason_type is not None:
            decision["reason_type"] = self.reason_type
        kind = {} if self.kind is None else {"non_execution_kind": self.kind}
        return kind if self.source is None else {**kind, "permission_decision": decision}

    def told(self) -> str:
        """The frame's `tool_use_result` for a denial."""
        return "User rejected tool use" if self.ends_turn else f"Error: {self.message}"


async def ask_permission(
    cli: Process, thread: Thread, tool: Tool, tool_use_id: str, given: Frame, hook: Verdict
) -> Permit:
    """Decide about a call; `hook` is what the PreToolUse hooks said."""
    if hook.decision == "deny" or hook.failure is not None:
        message = f"PreToolUse:{tool.name} hook error: {hook.failure or hook.shown_reason}"
        return Permit(False, "hook", reason_type="hook", message=message, kind="permission-rule")
    decision = cli.permissions.decide(tool, given, mode=thread.mode, hooked=hook.decision is not None)
    if decision.behavior == "deny":
        return await _denied_by_cli(cli, thread, tool, tool_use_id, decision, quiet=hook.decision == "allow")
    if hook.decision == "ask" or decision.behavior == "ask":
        if hook.decision == "allow" and not tool.always_asks and not decision.safety:
            return Permit(True, "hook", reason_type="hook")
        return await _ask(cli, thread, tool, tool_use_id, given, hook, decision)
    if hook.decision == "allow":
        return Permit(True, "hook", reason_type="hook")
    source = "config" if decision.rule is None else BY_USER.get(decision.rule.source, "config")
    return Permit(True, source, reason_type=decision.reason_type)


def denied_by_rule(decision: Decision) -> Permit:
    """The denial of a call by a rule of the user's; what it says of who decided depends on where the rule is."""
    by_user = decision.rule is not None and decision.rule.source in BY_USER
    # Of a part of a command line the CLI says how it decided, no longer whose rule it was.
    source = "user_reject" if by_user and decision.reason_type != "subcommandResults" else "config"
    kind = None if decision.refused else "permission-rule"
    if decision.reason_type == "classifier":
        kind = "automode-unavailable"
    return Permit(
        False,
        source,
        reason_type=decision.reason_type,
        message=decision.told,
        kind=kind,
        stops_turn=decision.stops_turn,
    )


async def _denied_by_cli(
    cli: Process, thread: Thread, tool: Tool, tool_use_id: str, decision: Decision, quiet: bool
) -> Permit:
    if decision.reason_type == "classifier":
        await cli.kernel.idle(1)  # it takes longer than a reply streams to find that nobody checks
        cli.permissions.tell_of_no_check()
    if not quiet:
        cli.frames.system(
            "permission_denied",
            tool_name=tool.name,
            tool_use_id=tool_use_id,
            **thread.whose,
            **decision.why(),
            **decision.facts,
            message=decision.told,
        )
    return denied_by_rule(decision)


async def _ask(
    cli: Process, thread: Thread, tool: Tool, tool_use_id: str, given: Frame, hook: Verdict, decision: Decision
) -> Permit:
    question = decision.question()
    if hook.decision == "ask":
        question = {key: value for key, value in question.items() if key not in OF_THE_CLI}
        question |= {
            "decision_reason": hook.reason,
            "decision_reason_type": "hook",
            "decision_reason_hook_event": "PreToolUse",
            "decision_reason_hook_source": "settings",
        }
    if not cli.launch.asks_by_stdio:
        why = decision.why()
        message = decision.told or tool.nobody_to_ask(cli, given)
        if hook.decision == "ask":
            message = hook.reason or message
            why = {"decision_reason_type": "hook", "decision_reason": message}
        told = {"tool_name": tool.name, "tool_use_id": tool_use_id, **thread.whose, **why, "message": message}
        cli.frames.system("permission_denied", **told)
        return Permit(False, "config", message=message, kind="user-rejected")
    description = tool.description(cli, given)
    described = {} if description is None else {"description": description}
    question = {**tool.origin(), **described, **question}
    if tool.name == "Bash":
        await cli.kernel.idle()  # what a command line may not do is known before what it is asked about
    body = {"tool_name": tool.name, "display_name": tool.display, "input": given, **question, **thread.whose}
    cli.session.enter("requires_action")
    asked = cli.host.ask("can_use_tool", body | {"tool_use_id": tool_use_id})
    fields: Frame = {"tool_name": tool.name, "tool_input": given}
    if "permission_suggestions" in question:
        fields["permission_suggestions"] = question["permission_suggestions"]
    hooks = cli.kernel.spawn(
        cli.hooks.run("PermissionRequest", thread, fields, about=tool.name, tool_use_id=tool_use_id)
    )
    reminder = cli.kernel.spawn(_remind(cli, thread, tool))
    try:
        if cli.hooks.has("PermissionRequest"):
            await first([asked.answer, hooks])
            if hooks.done and hooks.error is None and not asked.answer.done:
                decided = next((made["decision"] for made in hooks.result().specific if made.get("decision")), None)
                if decided is not None:
                    cli.host.withdraw(asked)
                    return _answered(cli, tool, decided, "hook")
        return _answered(cli, tool, await asked.answer, "user_temporary")
    except Stopped:
        cli.turn.denials.append({"tool_name": tool.listed_as, "tool_use_id": tool_use_id, "tool_input": given})
        raise
    except Refused as error:
        return _failed(f"Error: {error}")
    except Gone:
        return _failed(f"AbortError: {NOBODY_ANSWERS}")
    except Withdrawn:
        return _failed("AbortError")
    finally:
        hooks.stop()
        reminder.stop()
        cli.session.enter("running")


async def _remind(cli: Process, thread: Thread, tool: Tool) -> None:
    """Tell the hooks that a question has not been answered for a while."""
    if cli.hooks.has("Notification"):
        await cli.kernel.sleep(REMINDER_AFTER)
        message = f"Claude needs your permission to use {tool.name}"
        kind = "permission_prompt"
        await cli.hooks.run("Notification", thread, {"message": message, "notification_type": kind}, about=kind)


def _failed(text: str) -> Permit:
    return Permit(
        False, "config", reason_type="other", message=f"Tool permission request failed: {text}", kind="permission-rule"
    )


def _answered(cli: Process, tool: Tool, answer: dict[str, Any], source: str) -> Permit:
    by_hook = "hook" if source == "hook" else None
    behavior, message = answer.get("behavior"), answer.get("message")
    if behavior == "allow":
        updates = answer.get("updatedPermissions")
        if updates:
            cli.permissions.apply(updates)
        return Permit(True, source, reason_type=by_hook, updated_input=answer.get("updatedInput"))
    if behavior == "deny" and isinstance(message, str):
        if answer.get("interrupt"):
            return Permit(False, None, message=REJECTED, kind="user-rejected", ends_turn=True)
        rejected = by_hook or "user_reject"
        return Permit(False, rejected, reason_type=by_hook, message=message, kind="permission-rule")
    return _failed("Error: the callback returned an invalid result")
