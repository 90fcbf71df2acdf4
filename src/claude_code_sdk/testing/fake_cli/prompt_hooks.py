"""Prompt hooks: what UserPromptSubmit hooks make of a prompt, Stop hooks of the end of a turn (wire-facts §5)."""

from __future__ import annotations

from .hooks import BLOCKED_BY_FAILURE
from .result import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .custom_commands import CustomCommand
    from .hook_answers import Verdict
    from .process import Process
    from .thread import Thread

BLOCKED = "UserPromptSubmit operation blocked by hook:\n"
NO_ANSWER = "The app driving this session didn't respond, so this turn ended without it."
STOP_FEEDBACK = "Stop hook feedback:\n"


def blocked_prompt(cli: Process, text: str, verdict: Verdict) -> Outcome | None:
    """How the turn ends when a hook does not let its prompt pass; None when it does."""
    kept = False
    outcome: Frame = {}
    if verdict.failure is not None:
        content = BLOCKED + verdict.failure
        outcome = {
            "kind": "no_verdict",
            "no_verdict_kind": "hook_failed",
            "reason": f"[callback]: {BLOCKED_BY_FAILURE}",
        }
    elif verdict.timed_out is not None:
        milliseconds = round(verdict.timed_out * 1000)
        content = f"{BLOCKED}UserPromptSubmit hook callback timed out after {milliseconds}ms"
        outcome = {"kind": "no_verdict", "no_verdict_kind": "callback_timed_out"}
    elif verdict.blocks:
        content = f"{BLOCKED}{verdict.shown_reason}\n\nOriginal prompt: {text}"
        outcome = {"kind": "blocked_by_hook"}
        if verdict.bare_reason is not None:
            outcome["reason"] = verdict.bare_reason
    elif verdict.stops:
        kept = True
        content = _stopped(verdict)
        outcome = {"kind": "stopped_by_hook", "reason": verdict.stop_reason}
    else:
        return None
    cli.frames.system(
        "informational",
        content=content,
        level="warning",
        prevent_continuation=True,
        prompt_submit_outcome={**outcome, "prompt_kept": kept},
    )
    return Outcome(content, num_turns=0, terminal_reason=None, stop_reason=None)


async def ask_about_expansion(cli: Process, text: str, command: CustomCommand) -> Verdict:
    """Ask the hooks about a prompt that calls a custom command; matchers look at the command's name."""
    fields = {**command.expansion, "prompt": text}
    name, asked = command.kept.name, cli.mint.uuid()
    return await cli.hooks.run("UserPromptExpansion", cli.main, fields, about=name, tool_use_id=asked)


def blocked_expansion(cli: Process, text: str, verdict: Verdict) -> Outcome | None:
    """How the turn ends when a hook does not let a custom command pass; None when it does."""
    if verdict.blocks:
        content = f"UserPromptExpansion operation blocked by hook:\n{verdict.shown_reason}\n\nOriginal prompt: {text}"
    elif verdict.stops:
        content = _stopped(verdict)
    else:
        return None
    cli.frames.system("informational", content=content, level="warning", prevent_continuation=True)
    return Outcome(content, num_turns=0, terminal_reason=None, stop_reason=None, local_command="custom")


def _stopped(verdict: Verdict) -> str:
    return f"Operation stopped by hook: {verdict.stop_reason}" if verdict.stop_reason else "Operation stopped by hook"


async def ask_to_stop(cli: Process, thread: Thread, active: bool) -> Verdict:
    """Ask the hooks whether a thread may end; `active`: one of them kept it going before.

    Those that want it to go on have been told to the model then.
    """
    fields: Frame = {"stop_hook_active": active}
    if thread.last_text:
        fields["last_assistant_message"] = thread.last_text.strip()
    fields |= {"background_tasks": cli.tasks.told_to_hooks(), "session_crons": []}

    def on_block(reason: str) -> None:
        _keep_going(cli, thread, reason)

    if thread.is_main:
        verdict = await cli.hooks.run("Stop", thread, fields, on_block=on_block)
        if verdict.timed_out is not None:
            verdict.say("Stop", None, NO_ANSWER)
    else:
        path = f"{cli.paths.project_dir}/{cli.session.id}/subagents/agent-{thread.agent_id}.jsonl"
        fields["agent_transcript_path"] = path
        verdict = await cli.hooks.run("SubagentStop", thread, fields, about=thread.agent_type, on_block=on_block)
    notified = cli.notify(verdict.notices)
    if thread.is_main and verdict.asked:
        hidden = [(None, False)] * verdict.asked  # what each came to; a summary of all follows the notices
        thread.after_reply = [*hidden, *((uuid, True) for uuid in notified), (None, True)]
    if thread.is_main and (verdict.blocks or verdict.problem):
        cli.hooks.notice_stop_hook()
    return verdict


async def tell_of_failure(cli: Process, thread: Thread, outcome: Outcome) -> None:
    """Tell the hooks that a turn ends with an error of the API, if it does."""
    if outcome.failure is not None and thread.is_main:
        details = {} if outcome.details is None else {"error_details": outcome.details}
        fields: Frame = {"error": outcome.failure, **details, "last_assistant_message": outcome.text}
        await cli.hooks.run("StopFailure", thread, fields, about=outcome.failure)


def _keep_going(cli: Process, thread: Thread, reason: str) -> None:
    """A hook wants the model to go on: it is told why, for each that does."""
    text = STOP_FEEDBACK + reason
    thread.say("user", text)
    if thread.is_main:
        cli.tell(thread, [{"type": "text", "text": text}], isSynthetic=True)
