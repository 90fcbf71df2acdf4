"""Tool run: one tool call, from the model's block to the result that the model is told (wire-facts §4).

    check the input ─► PreToolUse ─► permission ─► the tool ─► PostToolUse ─► `user` frame

Refusals of the CLI itself (no such tool, bad input) end at once, without hook or permission.
"""

from __future__ import annotations

from ..script.result import ABSENT
from .asking import REJECTED, STOPPED_WHILE_RUNNING, Permit, ask_permission, denied_by_rule
from .kernel import Future, Stopped, done
from .limits import over_budget
from .tools.base import Ran
from .tools.inputs import WrongInput
from .world import refused_by_world, run_tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .kernel import Task
    from .process import Process
    from .thread import Thread
    from .tools import Tool

NO_ANSWER_IN_TIME = (
    "PreToolUse hook did not respond before its timeout (host client may be unreachable). The tool call was not "
    "executed; other configured hooks may not have completed."
)

RAW_SHOWN = 200
"""Bytes of an input that is no JSON which its refusal quotes."""


NOT_NOW = (
    "The user doesn't want to take this action right now. STOP what you are doing and wait for the user to tell you "
    "how to proceed."
)
"""What the model is told of a call whose hook cannot be asked any more."""
SKIPPED = (
    "[Tool call skipped: the turn was stopped before this call ran, by the check whose denial is on another call in "
    "this batch. Nothing refused this call and it had no effects; re-run it if still needed.]"
)
"""What the model is told of a call that follows a denial with which the turn ends."""
INTERRUPTED_BY_REFUSAL = (
    "Interrupted: the response that made this tool call was stopped by a safety classifier while the call was "
    "running; it "
    "may have partially or fully completed."
)


class ToolRuns:
    """The tool calls of one message of the model.

    Those that only read run beside each other; any other waits for all before it, and what follows waits for it.
    """

    def __init__(self, cli: Process, thread: Thread) -> None:
        self._cli = cli
        self._thread = thread
        self._runs: list[tuple[ToolRun, Task]] = []

    def start(self, use: Frame) -> None:
        """A block of the model is complete."""
        run = ToolRun(self._cli, self._thread, use)
        before = [(other, task) for other, task in self._runs if not (other.concurrent and run.concurrent)]
        run.beside = any(not task.done for _, task in self._runs)
        self._runs.append((run, self._cli.kernel.spawn(run.play(before))))

    async def finish(self) -> list[ToolRun]:
        """Wait for all; their results are in the thread's history, in the order of the calls."""
        await self._cli.kernel.join([task for _, task in self._runs])
        for run, _ in self._runs:
            self._thread.say("user", [run.block])
            for text in run.follow_ups:
                self._thread.say("user", text)
        return [run for run, _ in self._runs]

    def stop(self, reason: str) -> list[Task]:
        """End those that run, each with its own last frames: the turn was interrupted, or its reply refused, or all
        that follows is abandoned.  Returns them.
        """
        running = [task for _, task in self._runs if not task.done]
        for task in running:
            task.stop(reason)
        return running


class ToolRun:
    """One call.

    - `block`: the `tool_result` block, once it has ended.
    - `ends_turn`: a hook said `continue: false`; `deferred`: a hook put the call off.
    - `overspent`: it spent the budget; its result is not told, since the turn ends.
    - `stops_turn`: it was denied, or skipped, by a check that also ends the turn.
    """

    def __init__(self, cli: Process, thread: Thread, use: Frame) -> None:
        self._cli = cli
        self._thread = thread
        self.id: str = use["id"]
        self.name: str = use["name"]
        self.given: Any = use["input"]
        self._said = self._parsed = self.given  # as the model wrote it, and as the CLI takes it
        self._tool: Tool | None = cli.find_tool(self.name, thread)
        self.beside = False  # whether another of its message runs as it begins
        self.over = Future()  # it has run; its result may still be on its way
        self.refused = False  # by the CLI itself: what follows waits for its result no more than for its run
        self.block: Frame = {}
        self.follow_ups: list[str] = []  # what the model is told after the block
        self.response: Any = None  # what hooks see of the result
        self._running = False
        self.ends_turn = False
        self.stops_turn = False
        self.overspent = False
        self.stop_reason = ""
        self.deferred = False
        self.rejected = False  # by the user, who also wants the turn to end
        self._meta: Frame | None = None

    @property
    def concurrent(self) -> bool:
        return self._tool is None or (isinstance(self.given, dict) and self._tool.runs_beside(self.given))

    async def play(self, before: list[tuple[ToolRun, Task]]) -> None:
        """Run the call when those before it have run: its hooks are asked while the last one's result is on its way."""
        try:
            for run, _ in before:
                await run.over
            if any(run.stops_turn for run, _ in before):
                await self._skip([task for _, task in before])
                return
            await self._play([task for run, task in before if not run.refused])
        except Stopped as stopped:
            if stopped.reason == "refused" and not self.block:
                self._meta = {"non_execution_kind": "interrupted"}
                self._tell(Ran(INTERRUPTED_BY_REFUSAL, is_error=True, result=INTERRUPTED_BY_REFUSAL))
            elif self._thread.is_main and not self.block and not self.deferred and stopped.reason != "abandoned":
                self.break_off(stopped)
            raise
        finally:
            self.over.set()

    def break_off(self, stopped: Stopped) -> None:
        """The turn was interrupted: the last frames of the call."""
        self._meta = {"non_execution_kind": "user-rejected"}
        text = REJECTED + STOPPED_WHILE_RUNNING if self._running else REJECTED
        self._tell(Ran(text, is_error=True, result="User rejected tool use"))
        while stopped.afterwards:
            stopped.afterwards.pop(0)()

    @property
    def _is_unknown_at_once(self) -> bool:
        """Whether it takes no moment to see that there is no such tool: nothing else of its message runs."""
        return self._tool is None and self._thread.is_main and not self.beside

    async def _skip(self, before: list[Task]) -> None:
        """The turn ends with a denial before it."""
        for task in before:
            await done(task)
        self.stops_turn = True
        self._meta = {"non_execution_kind": "cancelled"}
        self._tell(Ran(SKIPPED, is_error=True, result=SKIPPED))

    async def _play(self, before: list[Task]) -> None:
        refusal = self._refusal()
        if refusal is None and self._tool is not None:
            told = await refused_by_world(self._cli, self._tool, self.given)
            refusal = None if told is None else _use_error(told)
        if refusal is not None:
            self.refused = True
            self.over.set()
            if not self._is_unknown_at_once:
                await self._cli.kernel.idle()
            self._tell(refusal)
            return
        tool = self._tool
        assert tool is not None
        if tool.looks_first:
            await self._cli.kernel.idle(1)
        fields = self._hook_fields(tool)
        hooks = self._cli.hooks
        late = tool.begins_late and not self.beside
        if (late or hooks.has("PreToolUse")) and not hooks.asks("PreToolUse", self.name):
            await self._cli.kernel.idle()  # to see that none of the hooks is about it takes a moment too
        verdict = await self._hook("PreToolUse", fields)
        for task in before:
            await done(task)
        self._cli.notify(verdict.notices)
        if verdict.timed_out is not None:
            self._tell(Ran.error(NO_ANSWER_IN_TIME))
            return
        if verdict.gone:
            self._meta = {"non_execution_kind": "cancelled"}
            self._tell(Ran(NOT_NOW, is_error=True, result=NOT_NOW))
            return
        self._stopped_by(verdict)
        if verdict.decision == "defer":
            self.deferred = True
            return
        if verdict.updated_input is not None:
            self.given = verdict.updated_input
            if self._changed_for_the_worse(tool):
                return
        permit = await ask_permission(self._cli, self._thread, tool, self.id, self.given, verdict)
        if permit.updated_input:  # an empty one stands for the input as it is
            self.given = permit.updated_input
        self._meta = permit.meta()
        if not permit.allowed:
            self._denied(permit)
            return
        if self._changed_for_the_worse(tool):
            return
        await self._run(tool)

    def _changed_for_the_worse(self, tool: Tool) -> bool:
        """Whether a hook or the callback made an input that the tool cannot take, which the model is then told."""
        try:
            tool.parsed(self._cli, self.given)
        except WrongInput as wrong:
            self._tell(Ran(_wrapped(wrong.text), is_error=True, result=wrong.listed))
            return True
        return False

    def _refusal(self) -> Ran | None:
        """What the CLI refuses by itself."""
        if self._tool is None:
            text = f"Error: {self._cli.no_such_tool(self.name, self._thread)}"
            return Ran(_wrapped(text), is_error=True, result=text)
        if isinstance(self.given, dict) and "__unparsedToolInput" in self.given:
            return self._unparsed(self.given["__unparsedToolInput"])
        try:
            self.given = self._parsed = self._tool.parsed(self._cli, self.given)
        except WrongInput as wrong:
            return Ran(_wrapped(wrong.text), is_error=True, result=wrong.listed)
        denied = self._tool.denied_here(self._cli, self.given)
        if denied is not None:
            self._meta = denied_by_rule(denied).meta()
            self._count_denial()
            return Ran(_wrapped(denied.told), is_error=True, result=f"Error: {denied.told}")
        refused = self._tool.check_here(self._cli, self.given)
        return None if refused is None else _use_error(refused)

    def _unparsed(self, raw: Frame) -> Ran:
        text, size = raw["raw"], raw["len"]
        quoted = text.encode()[:RAW_SHOWN].decode("utf-8", "ignore")
        content = _wrapped(
            f"InputValidationError: {self.name} was called with input that could not be parsed as "
            f"JSON.\nYou sent (first {min(size, RAW_SHOWN)} of {size} bytes): {quoted}\nCommon causes: unescaped "
            "backslashes in file paths (use / or \\\\), unescaped control characters, or truncated output. "
            "Retry with valid JSON."
        )
        return Ran(content, is_error=True, result=f"InputValidationError: JSON parse failed ({size} bytes)")

    def _denied(self, permit: Permit) -> None:
        self._count_denial()
        self.rejected = permit.ends_turn
        self.stops_turn = permit.stops_turn
        self._tell(Ran(permit.message, is_error=True, result=permit.told()))

    def _count_denial(self) -> None:
        """The result lists what was denied."""
        name = self._tool.listed_as if self._tool is not None else self.name
        self._cli.turn.denials.append({"tool_name": name, "tool_use_id": self.id, "tool_input": self.given})

    async def _run(self, tool: Tool) -> None:
        """The tool is allowed: run it and ask the hooks that follow."""
        started = self._cli.kernel.now
        self._running = True
        said = self._said if self.given == self._parsed else self.given
        ran = await run_tool(self._cli, self._thread, tool, self.id, self.given, said)
        self._running = False
        milliseconds = round((self._cli.kernel.now - started) * 1000)
        fields = self._hook_fields(tool) | {"duration_ms": milliseconds}
        if ran.is_error:
            text = ran.result.removeprefix("Error: ") if isinstance(ran.result, str) else str(ran.content)
            fields |= {"error": text, "is_interrupt": False}
            verdict = await self._hook("PostToolUseFailure", fields)
        else:
            self.response = ran.content if ran.result is ABSENT else ran.result
            verdict = await self._hook("PostToolUse", fields | {"tool_response": self.response})
            if verdict.updated_output is not None:
                loads = ran.loads
                ran = tool.replaced(ran, verdict.updated_output)
                ran.loads = loads
                self.response = ran.result
        self._stopped_by(verdict)
        self.over.set()
        if tool.spends and self._thread.is_main and over_budget(self._cli) is not None:
            self.overspent = True
            return
        await self._cli.kernel.idle()
        self._tell(ran)
        self._cli.notify(verdict.notices)

    async def _hook(self, event: str, fields: Frame) -> Verdict:
        return await self._cli.hooks.run(event, self._thread, fields, about=self.name, tool_use_id=self.id)

    def _hook_fields(self, tool: Tool) -> Frame:
        fields: Frame = {"tool_name": self.name, "tool_input": self.given, "tool_use_id": self.id}
        return fields | tool.origin()

    def _stopped_by(self, verdict: Verdict) -> None:
        if verdict.stops:
            self.ends_turn, self.stop_reason = True, verdict.stop_reason

    def _tell(self, ran: Ran) -> None:
        """The `user` frame of the result."""
        block: Frame = {"type": "tool_result", "content": ran.content}
        if ran.is_error is not None:
            block["is_error"] = ran.is_error
        block["tool_use_id"] = self.id
        self.block = block
        fields: Frame = {}
        if ran.result is not ABSENT and (self._thread.is_main or ran.is_error):
            fields["tool_use_result"] = ran.result
        if self._meta is not None:
            fields["tool_result_meta"] = [{"id": self.id, **self._meta}]
        self._cli.tell(self._thread, [block], **fields)
        self.follow_ups = [] if ran.loads is None else self._thread.load(*ran.loads)
        for text in self.follow_ups if self._thread.is_main else ():  # a sub-agent's the host does not see
            self._cli.tell(self._thread, [{"type": "text", "text": text}], isSynthetic=True)


def _use_error(text: str) -> Ran:
    """A refusal by the tool itself, before anything was asked."""
    result = text if text.startswith("Error: ") else f"Error: {text}"
    return Ran(_wrapped(text), is_error=True, result=result)


def _wrapped(text: str) -> str:
    return f"<tool_use_error>{text}</tool_use_error>"
