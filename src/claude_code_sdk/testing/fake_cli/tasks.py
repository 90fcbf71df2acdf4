"""Tasks: work beside the conversation, sub-agents and shell commands, and what the host is told of it (wire-facts §7).

A task in the background outlives its turn: the CLI does not end before it, and when it has ended the model is told in a
turn of its own.
"""

from __future__ import annotations

from .prompts import Prompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame
    from . import kernel
    from .process import Process

AGENT, SHELL = "local_agent", "local_bash"

INTERRUPTED = "[Request interrupted by user]"
"""What a thread is told whose work the user broke off."""


class Task:
    """One piece of work.

    - `facts`: what lists of tasks say of it beside its ids and its description.
    - `command`: of a shell; hooks are told it.
    """

    def __init__(
        self, task_id: str, run_id: str, kind: str, tool_use_id: str, description: str, background: bool, **facts: str
    ) -> None:
        self.id = task_id
        self.run_id = run_id
        self.kind = kind
        self.tool_use_id = tool_use_id
        self.description = description
        self.background = background
        self.facts = facts
        self.command: str | None = None
        self.work: kernel.Task | None = None
        self.tell: Callable[[str, str], object] | None = (
            None  # shows a text that its thread is told, whom "user" or "system" ended
        )

    def listed(self) -> Frame:
        return {
            "task_id": self.id,
            "run_id": self.run_id,
            "task_type": self.kind,
            **self.facts,
            "description": self.description,
        }

    def told_to_hooks(self) -> Frame:
        kind = "subagent" if self.kind == AGENT else "shell"
        told: Frame = {"id": self.id, "type": kind, "status": "running", "description": self.description}
        if self.command is not None:
            told["command"] = self.command
        agent = self.facts.get("subagent_type")
        return told if agent is None else {**told, "agent_type": agent}


class Tasks:
    """All tasks of the process that have not ended."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.live: dict[str, Task] = {}
        self._killed: list[Callable[[str, str], object]] = []  # sub-agents that an interrupt ended

    def output_file(self, task_id: str) -> str:
        """Where the CLI keeps what a task prints."""
        return f"{self._cli.paths.temporary(self._cli.session.id)}/tasks/{task_id}.output"

    def start(self, task: Task, **fields: Any) -> None:
        """A task begins; `fields` stand in its `task_started`."""
        self.live[task.id] = task
        if task.background:
            self._changed()
        self._say(
            task,
            "task_started",
            tool_use_id=task.tool_use_id,
            description=task.description,
            **task.facts,
            is_backgrounded=task.background,
            **fields,
        )

    def to_background(self, task: Task) -> None:
        """A task that ran in the foreground goes on in the background."""
        task.background = True
        self._changed()
        self._say(task, "task_updated", patch={"is_backgrounded": True})

    def progress(self, task: Task, **fields: Any) -> None:
        self._say(task, "task_progress", tool_use_id=task.tool_use_id, **fields)

    def update(self, task: Task, status: str, error: str = "") -> None:
        """A task has another status, a final one."""
        patch: Frame = {"status": status, "end_time": self._cli.frames.milliseconds()}
        if error:
            patch["error"] = error
        self._say(task, "task_updated", patch=patch)

    def end(self, task: Task, status: str, summary: str, *, output: bool = True, **fields: Any) -> None:
        """A task has ended."""
        file = self.output_file(task.id) if output else ""
        del self.live[task.id]
        self._notify(task, status, summary, file, **fields)
        if task.background:
            self._changed()

    def tell_model(self, task: Task, status: str, summary: str) -> None:
        """A background task has ended: the model hears of it in a turn of its own."""
        text = (
            f"<task-notification>\n<task-id>{task.id}</task-id>\n<tool-use-id>{task.tool_use_id}</tool-use-id>\n"
            f"<output-file>{self.output_file(task.id)}</output-file>\n<status>{status}</status>\n"
            f"<summary>{summary}</summary>\n</task-notification>"
        )
        origin = {"kind": "task-notification", "producer": "session-task", "runId": task.run_id}
        self._cli.prompts.add(Prompt.of_the_cli(text, origin))

    def stop(self, task_id: str) -> Task | None:
        """The host stops a task; None when there is none."""
        task = self.live.get(task_id)
        if task is not None:
            self._kill(task)
        return task

    def tell_stopped(self, task: Task) -> None:
        """The host has stopped a task: a sub-agent is told, and then the model in a turn of its own."""
        if task.tell is not None:
            task.tell(INTERRUPTED, "user")
            self.tell_model(task, "killed", f'Agent "{task.description}" was stopped by user')

    def end_with_process(self) -> None:
        """The process is told to end: command lines in the background end with it."""
        for task in [task for task in self.live.values() if task.background and task.kind == SHELL]:
            del self.live[task.id]
            self._notify(task, "stopped", task.description, "")
            self.update(task, "killed")
            self._changed()

    def interrupt(self) -> None:
        """The user interrupts a turn: sub-agents in the background end with it."""
        if self._cli.in_turn:
            for task in [task for task in self.live.values() if task.background and task.kind == AGENT]:
                self._kill(task)
                if task.tell is not None:
                    self._killed.append(task.tell)

    def tell_killed(self, text: str) -> None:
        """Tell the sub-agents that an interrupt ended, as the main thread was told."""
        killed, self._killed = self._killed, []
        for tell in killed:
            tell(text, "system")

    def _kill(self, task: Task) -> None:
        if task.work is not None:
            task.work.stop("killed")
        self.update(task, "killed")
        self.end(task, "stopped", task.description)

    @property
    def agents_live(self) -> bool:
        """Whether a sub-agent works in the background: the session then stays busy between turns."""
        return any(task.background and task.kind == AGENT for task in self.live.values())

    @property
    def background_live(self) -> bool:
        return any(task.background for task in self.live.values())

    def told_to_hooks(self) -> list[Frame]:
        """The tasks in the background as hooks are told of them."""
        return [task.told_to_hooks() for task in self.live.values() if task.background]

    def listed_in_background(self) -> list[Frame]:
        return [task.listed() for task in self.live.values() if task.background]

    def _notify(self, task: Task, status: str, summary: str, file: str, **fields: Any) -> None:
        fields = {"status": status, "output_file": file, "summary": summary, **fields}
        self._say(task, "task_notification", tool_use_id=task.tool_use_id, **fields)

    def _changed(self) -> None:
        self._cli.frames.system("background_tasks_changed", tasks=self.listed_in_background())

    def _say(self, task: Task, subtype: str, **fields: Any) -> None:
        self._cli.frames.system(subtype, task_id=task.id, run_id=task.run_id, **fields)
