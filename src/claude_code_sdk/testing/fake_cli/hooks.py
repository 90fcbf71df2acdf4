"""Hooks: the callbacks that the program registered, asked when something happens, and what their answers come to.

All callbacks of an event whose matcher fits are asked at once, in the order of registration, and the CLI waits for all
(wire-facts §5).
"""

from __future__ import annotations

import re

from .hook_answers import Verdict, is_valid
from .host import Gone, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .thread import Thread

DEFAULT_TIMEOUT = 60.0
"""Seconds that a callback may take when its matcher does not say."""

WITHOUT_MODE = frozenset(
    [
        "Notification",
        "PreCompact",
        "PostCompact",
        "SessionStart",
        "SessionEnd",
        "SubagentStart",
        "MessageDisplay",
        "StopFailure",
    ]
)
WITH_EFFORT = frozenset(
    [
        "PreToolUse",
        "PostToolUse",
        "PostToolUseFailure",
        "PermissionRequest",
        "PostToolBatch",
        "Stop",
        "SubagentStop",
        "StopFailure",
    ]
)
BLOCKABLE = frozenset(["PreToolUse", "UserPromptSubmit", "PermissionRequest"])
"""Events whose hooks can block by failing."""

BLOCKED_BY_FAILURE = 'failed; blocking because onFailure is "block"'


class Registered:
    """One callback, and when it is asked."""

    def __init__(self, event: str, matcher: str | None, callback_id: str, timeout: float | None, blocks: bool) -> None:
        self.event = event
        self.matcher = matcher
        self.callback_id = callback_id
        self.timeout = DEFAULT_TIMEOUT if timeout is None else timeout
        self.blocks_on_failure = blocks

    def fits(self, name: str | None) -> bool:
        """Whether it is asked about `name` (a tool's, mostly)."""
        if name is None or self.matcher in (None, "", "*"):
            return True
        try:
            return re.fullmatch(self.matcher or "", name) is not None
        except re.error:
            return False


class Hooks:
    """The hooks of one session."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self._registered: list[Registered] = []

    def register(self, hooks: dict[str, Any] | None) -> bool:
        """Take the hooks of an `initialize` over; whether there were any."""
        self._registered = [
            Registered(
                event, entry.get("matcher"), callback_id, entry.get("timeout"), entry.get("onFailure") == "block"
            )
            for event, entries in (hooks or {}).items()
            for entry in entries or ()
            for callback_id in entry.get("hookCallbackIds") or ()
        ]
        return bool(self._registered)

    def has(self, event: str) -> bool:
        return any(hook.event == event for hook in self._registered)

    def asks(self, event: str, about: str) -> bool:
        """Whether a callback would be asked."""
        return any(hook.event == event and hook.fits(about) for hook in self._registered)

    async def run(
        self, event: str, thread: Thread, fields: Frame, *, about: str | None = None, tool_use_id: str | None = None
    ) -> Verdict:
        """Ask every callback of the event; `about` is what matchers look at."""
        asked = [hook for hook in self._registered if hook.event == event and hook.fits(about)]
        verdict = Verdict()
        if asked:
            given = {**self._base(event, thread), **fields}
            coroutines = [self._ask(hook, given, tool_use_id or self._cli.mint.uuid(), verdict) for hook in asked]
            for hook, answer in zip(asked, await self._cli.kernel.all(coroutines), strict=True):
                if answer is not None:
                    verdict.add(hook.event, about, answer)
        return verdict

    async def _ask(self, hook: Registered, given: Frame, tool_use_id: str, verdict: Verdict) -> Frame | None:
        cli = self._cli
        question = cli.host.ask(
            "hook_callback", {"callback_id": hook.callback_id, "input": given, "tool_use_id": tool_use_id}
        )
        if not await cli.kernel.within(hook.timeout, question.answer):
            cli.host.withdraw(question)
            verdict.timed_out = hook.timeout
            return None
        try:
            answer: Frame = question.answer.result()
        except Refused as error:
            self._failed(hook, verdict, str(error))
            return None
        except Gone:
            verdict.gone = True
            return None
        if not is_valid(answer):
            self._failed(hook, verdict, "the answer has a value that is not known")
            return None
        return answer

    def _failed(self, hook: Registered, verdict: Verdict, detail: str) -> None:
        """A callback answered with an error, or with what is no answer."""
        failed = f"Hook callback {hook.callback_id} failed: the SDK host replied with an error or an invalid answer."
        counts = hook.blocks_on_failure and hook.event in BLOCKABLE
        if counts:
            verdict.failure = f"[callback]: {BLOCKED_BY_FAILURE}\n{failed}"
            says = 'onFailure is "block", so this failure counts as a block.'
        else:
            says = "Its answer was treated as empty."
        notice = {"content": f"{hook.event}: {failed} {says}", "level": "warning", "tag": "hook_callback_failed"}
        if hook.event == "UserPromptSubmit" and not counts:
            verdict.notices.append(notice)
        else:
            self._cli.frames.system("informational", **notice)
        self._cli.host.complain(f"Error in hook callback {hook.callback_id}: {detail}")
        if hook.event == "Stop" and hook.blocks_on_failure:
            self._cli.stop_hook_notification()

    def _base(self, event: str, thread: Thread) -> Frame:
        cli = self._cli
        given: Frame = {"session_id": cli.session_id, "transcript_path": cli.transcript_path, "cwd": cli.cwd}
        if cli.prompt_id is not None:
            given["prompt_id"] = cli.prompt_id
        if event not in WITHOUT_MODE:
            given["permission_mode"] = cli.permissions.mode
        if thread.agent_id is not None:
            given |= {"agent_id": thread.agent_id, "agent_type": thread.agent_type}
        if event in WITH_EFFORT:
            given["effort"] = {"level": cli.effort}
        return given | {"hook_event_name": event}
