"""Tools of the task list: TaskCreate, TaskGet, TaskList and TaskUpdate, and the hooks that hear of its entries.

Nobody is asked about them.  The list is in `task_list.py`.
"""

from __future__ import annotations

from ..permissions import Decision
from ..task_list import TaskList as Entries
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process
    from ..task_list import Entry
    from ..thread import Thread

NOT_FOUND = "Task not found"


def entries(cli: Process) -> Entries:
    """The list of the conversation."""
    lists = cli.task_lists
    if cli.session.id not in lists:
        lists[cli.session.id] = Entries()
    return lists[cli.session.id]


class _OfTheList(Tool):
    def __init__(self, name: str, concurrent: bool = False) -> None:
        self.name = name
        self.concurrent = concurrent

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")


class TaskCreate(_OfTheList):
    """Adds an entry, unless a TaskCreated hook has something against it."""

    async def unscripted(self, cli: Process, given: Frame, thread: Thread) -> Ran:
        listed = entries(cli)
        entry = listed.create(given)
        objection = await _objection(cli, "TaskCreated", entry, thread)
        if objection is not None:
            listed.delete(entry)
            return Ran.error(objection)
        shown = {"id": entry.id, "subject": entry.subject, "description": entry.description}
        return Ran(f"Task #{entry.id} created successfully: {entry.subject}", result={"task": shown})


class TaskUpdate(_OfTheList):
    """Changes an entry; one that is to be completed only if no TaskCompleted hook has something against it."""

    async def unscripted(self, cli: Process, given: Frame, thread: Thread) -> Ran:
        listed, number = entries(cli), given["taskId"]
        entry = listed.entries.get(number)
        if entry is None:
            return _failed(number, NOT_FOUND)
        before = entry.status
        if given.get("status") == "completed" != before:
            objection = await _objection(cli, "TaskCompleted", entry, thread)
            if objection is not None:
                return _failed(number, objection)
        changed = listed.update(entry, given)
        await cli.kernel.idle(1)  # to write it down takes longer than to look it up
        result: Frame = {"success": True, "taskId": number, "updatedFields": changed}
        if "status" in changed or "deleted" in changed:
            result["statusChange"] = {"from": before, "to": given["status"]}
        return Ran(f"Updated task #{number} {', '.join(changed)}", result=result)


class TaskGet(_OfTheList):
    """Shows one entry whole."""

    def default(self, cli: Process, given: Frame) -> Ran:
        entry = entries(cli).entries.get(given["taskId"])
        if entry is None:
            return Ran(NOT_FOUND, result={"task": None})
        lines = [f"Task #{entry.id}: {entry.subject}", f"Status: {entry.status}", f"Description: {entry.description}"]
        if entry.blocked_by:
            lines.append(f"Blocked by: {_numbers(entry.blocked_by)}")
        if entry.blocks:
            lines.append(f"Blocks: {_numbers(entry.blocks)}")
        shown = {
            "id": entry.id,
            "subject": entry.subject,
            "description": entry.description,
            "status": entry.status,
            "blocks": [*entry.blocks],
            "blockedBy": [*entry.blocked_by],
        }
        return Ran("\n".join(lines), result={"task": shown})


class TaskList(_OfTheList):
    """Shows all entries, a line each."""

    def default(self, cli: Process, given: Frame) -> Ran:
        listed = entries(cli)
        lines, shown = [], []
        for entry in listed.entries.values():
            waits = listed.waits_for(entry)
            owner = {"owner": entry.owner} if entry.owner else {}
            shown.append(
                {"id": entry.id, "subject": entry.subject, "status": entry.status, **owner, "blockedBy": waits}
            )
            line = f"#{entry.id} [{entry.status}] {entry.subject}"
            line += f" ({entry.owner})" if entry.owner else ""
            lines.append(line + (f" [blocked by {_numbers(waits)}]" if waits else ""))
        return Ran("\n".join(lines) or "No tasks found", result={"tasks": shown})


async def _objection(cli: Process, event: str, entry: Entry, thread: Thread) -> str | None:
    """What the hooks of an event have against it, as the model is told; None for nothing."""
    told = {"task_id": entry.id, "task_subject": entry.subject, "task_description": entry.description}
    verdict = await cli.hooks.run(event, thread, told)
    return f"{event} hook feedback:\n{verdict.shown_reason}" if verdict.blocks else None


def _failed(number: str, error: str) -> Ran:
    return Ran(error, result={"success": False, "taskId": number, "updatedFields": [], "error": error})


def _numbers(ids: list[str]) -> str:
    return ", ".join(f"#{each}" for each in ids)


TASK_LIST_TOOLS: tuple[Tool, ...] = (
    TaskCreate("TaskCreate"),
    TaskGet("TaskGet", concurrent=True),
    TaskList("TaskList", concurrent=True),
    TaskUpdate("TaskUpdate", concurrent=True),
)
