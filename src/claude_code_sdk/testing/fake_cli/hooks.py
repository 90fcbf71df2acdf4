"""Hooks: the callbacks that the program registered and command hooks, and what their answers come to.

All of an event whose matcher fits are asked at once, commands first, then callbacks in the order of registration.  The
CLI waits for all, except that a prompt is blocked by the first that says so (wire-facts §5).  Below:
`command_hooks.py`, `hook_answers.py`.
"""

from __future__ import annotations

from .command_hooks import CommandHooks
from .hook_answers import Verdict, is_valid
from .hook_matcher import matches
from .host import Gone, Refused
from .kernel import Stopped, first
from .models import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame
    from .kernel import Task
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
        "TaskCreated",
        "TaskCompleted",
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
        return matches(self.matcher, name)


class Hooks:
    """The hooks of one session."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self._registered: list[Registered] = []
        self.commands = CommandHooks(cli)

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
        return any(hook.event == event for hook in self._registered) or bool(self.commands.about(event))

    def asks(self, event: str, about: str) -> bool:
        """Whether a hook would be asked."""
        callback = any(hook.event == event and hook.fits(about) for hook in self._registered)
        return callback or bool(self.commands.about(event, about))

    async def run(
        self,
        event: str,
        thread: Thread,
        fields: Frame,
        *,
        about: str | None = None,
        tool_use_id: str | None = None,
        callbacks: bool = True,
        on_block: Callable[[str], object] | None = None,
    ) -> Verdict:
        """Ask every hook of the event.

        - `about`: what matchers look at.
        - `callbacks`: whether the program's are asked too.
        - `on_block`: called with the reason of each that blocks, as its answer comes.
        """
        verdict = Verdict(on_block)
        commands = self.commands.about(event, about)
        asked = [hook for hook in self._registered if hook.event == event and hook.fits(about)] if callbacks else []
        verdict.asked = len(commands) + len(asked)
        if commands or asked:
            given = {**self._base(event, thread), **fields}
            coroutines = [
                self.commands.run(hook, given, about, tool_use_id or self._cli.mint.uuid(), verdict)
                for hook in commands
            ]
            coroutines += [
                self._ask(hook, about, given, tool_use_id or self._cli.mint.uuid(), verdict) for hook in asked
            ]
            tasks = [self._cli.kernel.spawn(coroutine) for coroutine in coroutines]
            if event == "UserPromptSubmit":
                await self._until_blocked(tasks, verdict)
            else:
                await self._cli.kernel.join(tasks)
        return verdict

    async def _until_blocked(self, tasks: list[Task], verdict: Verdict) -> None:
        """Wait for all, or until one has blocked; what the others say is of no use then."""
        while not verdict.blocks:
            running = [task for task in tasks if not task.done]
            if not running:
                break
            try:
                await first(running)
            except Stopped as stopped:
                for task in running:
                    task.stop(stopped.reason)
                raise
        for task in tasks:
            if task.done:
                task.result()

    async def _ask(self, hook: Registered, about: str | None, given: Frame, tool_use_id: str, verdict: Verdict) -> None:
        cli = self._cli
        question = cli.host.ask(
            "hook_callback", {"callback_id": hook.callback_id, "input": given, "tool_use_id": tool_use_id}
        )
        if not await cli.kernel.within(hook.timeout, question.answer):
            cli.host.withdraw(question)
            verdict.timed_out = hook.timeout
            return
        try:
            answer: Frame = question.answer.result()
        except Refused as error:
            self._failed(hook, verdict, str(error))
            return
        except Gone:
            verdict.gone = True
            return
        if not is_valid(answer):
            self._failed(hook, verdict, "the answer has a value that is not known")
            return
        verdict.add(hook.event, about, answer)

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
            self.notice_stop_hook()

    def notice_stop_hook(self) -> None:
        """A Stop hook had something against the end of the turn; said once a turn."""
        if not self._cli.turn.stop_hook_noticed:
            self._cli.turn.stop_hook_noticed = True
            text = "stop hook problem · ctrl+o to see"
            self._cli.frames.system("notification", key="stop-hook-error", text=text, priority="immediate")

    def _base(self, event: str, thread: Thread) -> Frame:
        cli = self._cli
        given: Frame = {"session_id": cli.session.id, "transcript_path": cli.session.transcript, "cwd": cli.shell_cwd}
        if cli.turn.prompt_id is not None:
            given["prompt_id"] = cli.turn.prompt_id
        if event not in WITHOUT_MODE:
            given["permission_mode"] = thread.mode or cli.permissions.mode
        if thread.agent_id is not None:
            given |= {"agent_id": thread.agent_id, "agent_type": thread.agent_type}
        if event in WITH_EFFORT and model(thread.answering).efforts:
            given["effort"] = {"level": cli.launch.effort}
        return given | {"hook_event_name": event}
