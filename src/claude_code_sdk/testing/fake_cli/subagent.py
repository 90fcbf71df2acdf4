"""SubagentRun: one sub-agent at work (wire-facts §7).

It is a thread of its own that runs the same loop as the main one; its replies come from the same script.  In the
foreground the call waits for its report; in the background, which is the default, the call returns at once.
"""

from __future__ import annotations

from .agent_report import AGENT_TOOL, Tally, handed_back, used_before
from .host import Gone
from .kernel import Stopped
from .models import named
from .tasks import AGENT, Task
from .thread import Thread
from .tools.base import Ran
from .usage import turn_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process

LAUNCHED = (
    "Async agent launched successfully. (This tool result is internal metadata — never quote or paste any part of it, "
    "including the agentId below, into a user-facing reply.)\nagentId: {id} (internal ID - do not mention to user. Use "
    "SendMessage with to: '{id}', summary: '<5-10 word recap>' to continue this agent.)\nThe agent is working in the "
    "background. You will be notified automatically when it completes. You know nothing about its results until that "
    "notification arrives — do not report, assume, or predict them; continue other work or respond to the user in the "
    "meantime.\nDo not duplicate this agent's work — avoid working with the same files or topics it is using.\n"
    "output_file: {file}\nDo NOT Read or tail this file via the shell tool — it is the full subagent JSONL transcript "
    "and reading it will overflow your context. If the user asks for progress, say the agent is still running; you'll "
    "get a completion notification."
)


class SubagentRun:
    """One sub-agent at work."""

    def __init__(
        self, cli: Process, tool_use_id: str, given: Frame, kind: str, background: bool, caller: Thread
    ) -> None:
        self._cli = cli
        self._caller = caller
        self._given = given
        self._definition = cli.agents.defined.get(kind, {})
        agent_id = cli.mint.agent()
        self.thread = Thread(
            named(given.get("model") or self._definition.get("model")) or cli.main.model,
            system=[self._definition.get("prompt", "")],
            place={"parent_tool_use_id": tool_use_id, "agent_id": agent_id},
            agent_id=agent_id,
            agent_type=kind,
            tools=frozenset(self._definition["tools"]) if self._definition.get("tools") else None,
            depth=caller.depth + 1,
        )
        self.thread.shown = caller.is_main
        self.thread.lacks = frozenset(self._definition.get("disallowedTools") or ())
        self.thread.mode = self._definition.get("permissionMode") or caller.mode
        self.thread.task_id = agent_id
        self.thread.marks = {"subagent_type": kind, "task_description": given["description"]}
        self.thread.shows_texts = background or cli.forwards_subagent_text
        self.thread.in_background = background
        self.thread.on_tool = self._uses
        self.task = Task(
            agent_id,
            cli.mint.run(),
            AGENT,
            tool_use_id,
            given["description"],
            background,
            subagent_type=kind,
        )
        self.task.tell = self._told
        self._started = cli.kernel.now
        self._calls = Tally()
        self._note = ""  # of the CLI: why the report is not whole, or not there
        self._report: str | None = None
        self.thread.max_turns = self._definition.get("maxTurns")
        stats = cli.session.subagent_stats
        stats["spawned"] += 1
        asked = given.get("run_in_background")
        stats["requested"]["unset" if asked is None else "background" if asked else "foreground"] += 1
        stats["started_in_background"] += background
        stats["max_depth"] = max(stats["max_depth"], self.thread.depth)
        stats["spawned_by_subagents"] += not caller.is_main
        stats["by_type"][kind] = stats["by_type"].get(kind, 0) + 1

    def start(self) -> None:
        """Tell the host."""
        prompt = self._given["prompt"]
        fields: Frame = {"spawn_depth": self.thread.depth, "task_type": AGENT, "prompt": prompt}
        if self._caller.task_id is not None:
            fields["parent_task_id"] = self._caller.task_id
        self._cli.tasks.start(self.task, **fields)

    # Foreground

    async def report(self) -> Ran:
        """Work, and hand the report back."""
        try:
            failure = await self._work()
        except Stopped as stopped:
            stopped.afterwards.append(self._killed)
            raise
        self._end(failure)
        if failure:
            return Ran.error(failure)
        known = self._caller.tools_known()
        news = [name for name in self._used if name not in known]
        self._caller.told_of.update(news)
        notes = [f"{used_before(news)}\n"] if news else []
        notes += [self._note] if self._note else []
        text = handed_back(self.task.id, notes, self._report, usage=self._usage(), goes_on=self._goes_on)
        return Ran([{"type": "text", "text": text}], result=self._result(notes))

    def _killed(self) -> None:
        self._cli.session.subagent_stats["killed"]["user"] += 1
        self._cli.tasks.update(self.task, "killed")
        self._cli.tasks.end(self.task, "stopped", self.task.description)

    def _result(self, notes: list[str]) -> Frame:
        used = self._used
        texts = [*notes, *([] if self._report is None else [self._report])]
        result: Frame = {"status": "completed", "prompt": self._given["prompt"], "agentId": self.task.id}
        result["agentType"] = self.thread.agent_type
        if used:
            result["toolsUsed"] = used
        result |= {
            "harnessNoteCount": len(notes),
            "harnessTailCount": 0,
            "harnessSectionHash": self.task.id[1:],
            "content": [{"type": "text", "text": text} for text in texts],
            "resolvedModel": self.thread.model,
            "totalDurationMs": self._milliseconds(),
            "totalTokens": self._tokens(),
            "totalToolUseCount": self._calls.number,
            "usage": turn_usage() | self.thread.last_usage,
        }
        stats = self._calls.stats()
        if any(stats.values()):
            result["toolStats"] = stats
        return result | {"canContinueAgent": self._goes_on}

    # Background

    def launch(self) -> Ran:
        """Let it work on, and say so."""
        cli, task = self._cli, self.task
        task.work = cli.kernel.spawn(self._in_background())
        file = cli.tasks.output_file(task.id)
        result = {
            "isAsync": True,
            "status": "async_launched",
            "agentId": task.id,
            "description": task.description,
            "resolvedModel": self.thread.model,
            "prompt": self._given["prompt"],
            "outputFile": file,
            "canReadOutputFile": True,
            "canContinueAgent": True,
        }
        return Ran([{"type": "text", "text": LAUNCHED.format(id=task.id, file=file)}], result=result)

    async def _in_background(self) -> None:
        cli = self._cli
        failure = await self._work()
        self._end(failure, summary_is_report=True)
        cli.tasks.tell_model(self.task, "failed" if failure else "completed", failure or self._summary)

    # Both

    async def _work(self) -> str:
        """Run the thread to its end; what failed, empty when nothing did."""
        cli, thread = self._cli, self.thread
        started = cli.kernel.spawn(cli.hooks.run("SubagentStart", thread, {}, about=thread.agent_type))
        if self.task.background:
            await cli.kernel.idle(1)  # the call returns first
        else:
            await cli.kernel.idle()
            cli.tell(thread, [{"type": "text", "text": self._given["prompt"]}])
        try:
            for context in (await started).context:
                thread.say("user", context)
        except Gone:
            pass
        thread.say("user", self._given["prompt"])
        from .turn import Conversation

        outcome = await Conversation(cli, thread).run()
        if outcome.subtype == "success":
            self._report = outcome.text
        else:
            self._note, self._report = outcome.text, thread.last_text or None
        return outcome.text if outcome.is_error else ""

    def _uses(self, use: Frame) -> None:
        """The sub-agent calls a tool."""
        name = use["name"]
        self._calls.add(name, use["input"])
        if self.thread.may_call(name) or name == AGENT_TOOL:
            self.thread.used.append(name)
        tool = self._cli.known_tool(name)
        doing = tool.activity(self._cli, use["input"]) if tool is not None else ""
        self._cli.tasks.progress(
            self.task,
            description=doing or self.task.description,
            subagent_type=self.thread.agent_type,
            usage=self._usage(),
            last_tool_name=use["name"],
        )

    def _told(self, text: str, by: str) -> None:
        self._cli.session.subagent_stats["killed"][by] += 1
        self._cli.tell(self.thread, [{"type": "text", "text": text}])

    @property
    def _summary(self) -> str:
        return "\n".join(text for text in (self._note, self._report) if text)

    @property
    def _goes_on(self) -> bool:
        """Whether the model can send it another message."""
        return self._cli.offered.has("SendMessage")

    @property
    def _used(self) -> list[str]:
        """Names of the tools that it and its sub-agents used; those that it may not are left out, but for Agent."""
        return sorted(set(self.thread.used))

    def _end(self, failure: str, **fields: Any) -> None:
        self._caller.used += self.thread.used
        cli, status = self._cli, "failed" if failure else "completed"
        cli.session.subagent_stats[status] += 1
        cli.tasks.update(self.task, status, failure)
        summary = failure or self._summary
        cli.tasks.end(self.task, status, summary, **({} if failure else {**fields, "usage": self._usage()}))

    def _usage(self) -> Frame:
        return {
            "total_tokens": self._tokens(),
            "tool_uses": self._calls.number,
            "duration_ms": self._milliseconds(),
        }

    def _tokens(self) -> int:
        usage = self.thread.last_usage
        return int(usage.get("input_tokens", 0)) + int(usage.get("output_tokens", 0))

    def _milliseconds(self) -> int:
        return round((self._cli.kernel.now - self._started) * 1000)
