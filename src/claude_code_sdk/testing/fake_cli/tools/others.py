"""Tools of the CLI that nobody is asked about: looking tools up, timers, messages between agents."""

from __future__ import annotations

from json import dumps

from ..inventory import inventory, tool_schemas
from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process

NO_WORKTREE = (
    "No-op: there is no active EnterWorktree session to exit. This tool only operates on worktrees created by "
    "EnterWorktree in the current session — it will not touch worktrees created manually or in a previous session. No "
    "filesystem changes were made."
)


class _Quiet(Tool):
    """A tool that runs without asking."""

    def __init__(self, name: str, concurrent: bool = False) -> None:
        self.name = name
        self.concurrent = concurrent

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")


class ToolSearch(_Quiet):
    """Looks deferred tools up, by `select:NAME,…` or by words."""

    def rank(self, given: Frame) -> int:
        return 0 if str(given["query"]).startswith("select:") else 1  # names are found sooner than words

    def default(self, cli: Process, given: Frame) -> Ran:
        query, most = given["query"], int(given.get("max_results", 5))
        known = [*tool_schemas()["deferred"], *cli.servers.tool_names()]
        deferred = [name for name in known if cli.offered.offers(name)]
        if query.startswith("select:"):
            wanted = [name.strip() for name in query.removeprefix("select:").split(",")]
            matches = [name for name in wanted if cli.offered.offers(name)]
        else:
            words = [word.lstrip("+").lower() for word in query.split()]
            scored = [(sum(word in name.lower() for word in words), name) for name in deferred]
            matches = [name for score, name in sorted(scored, key=lambda each: -each[0]) if score][:most]
        result = {"matches": matches, "query": query, "total_deferred_tools": len(deferred)}
        if not matches:
            return Ran("No matching deferred tools found", result=result)
        return Ran([{"type": "tool_reference", "tool_name": name} for name in matches], result=result)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        for block in ran.content if isinstance(ran.content, list) else ():
            if isinstance(block, dict) and block.get("type") == "tool_reference":
                cli.discovered.add(str(block.get("tool_name")))


class TaskStop(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        task_id = given.get("task_id") or given.get("shell_id")
        if not task_id:
            return "Missing required parameter: task_id"
        return None if task_id in cli.tasks.live else f"No task found with ID: {task_id}"


class CronCreate(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        if len(given["cron"].split()) != 5:
            return f"Invalid cron expression '{given['cron']}'. Expected 5 fields: M H DoM Mon DoW."
        return None

    def default(self, cli: Process, given: Frame) -> Ran:
        cli.scheduled[job := f"{len(cli.scheduled) + 1:08x}"] = given
        kind = "one-shot" if given.get("recurring") is False else "recurring"
        text = (
            f"Scheduled {kind} job {job} ({given['cron']}). Session-only (not written to disk, dies when Claude "
            "exits). Auto-expires after 30 days. Use CronDelete to cancel sooner."
        )
        result = {"id": job, "humanSchedule": given["cron"], "recurring": kind == "recurring", "durable": False}
        return Ran(text, result=result)


class CronDelete(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        return None if given["id"] in cli.scheduled else f"No scheduled job with id '{given['id']}'"

    def default(self, cli: Process, given: Frame) -> Ran:
        del cli.scheduled[given["id"]]
        return Ran(f"Cancelled job {given['id']}.", result={"id": given["id"]})


class SendMessage(_Quiet):
    def as_shown(self, given: Any) -> Any:
        made = super().as_shown(given)
        if not isinstance(made, dict) or not {"to", "message"} <= made.keys():
            return made
        said = {"type": "message", "recipient": made["to"], "recipient_kind": "name", "content": made["message"]}
        return made | said

    def parsed(self, cli: Process, given: Any) -> Frame:
        added = ("type", "recipient", "recipient_kind", "content")
        own = {key: value for key, value in given.items() if key not in added} if isinstance(given, dict) else given
        made = super().parsed(cli, own)
        return {"summary": made["message"], **made} | {key: given[key] for key in added if key in given}

    def default(self, cli: Process, given: Frame) -> Ran:
        who = given["to"]
        told = f"No agent named '{who}' is reachable.\nUse ListAgents to see everyone you can message."
        result = {"success": False, "message": told, "display": f"Not sent — no agent named '{who}' is reachable."}
        text = dumps({"success": False, "message": told}, separators=(",", ":"), ensure_ascii=False)
        return Ran([{"type": "text", "text": text}], result=result)


class ReportFindings(_Quiet):
    def default(self, cli: Process, given: Frame) -> Ran:
        count = len(given["findings"])
        word = "finding" if count == 1 else "findings"
        text = f"Reported {count} {word}." if count else "No findings reported."
        return Ran(text, result={"count": count, "findings": given["findings"]})


class ScheduleWakeup(_Quiet):
    def default(self, cli: Process, given: Frame) -> Ran:
        if not given.get("stop") and not ("delaySeconds" in given and "reason" in given):
            return Ran.error("`delaySeconds` and `reason` are required when `stop` is not true.")
        return super().default(cli, given)


class EnterWorktree(_Quiet):
    def default(self, cli: Process, given: Frame) -> Ran:
        return Ran.error(
            "Cannot create a worktree: not in a git repository and no WorktreeCreate hooks are configured. Configure "
            "WorktreeCreate/WorktreeRemove hooks in settings.json to use worktree isolation with other VCS systems."
        )

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        cli.in_worktree = cli.in_worktree or not ran.is_error


class ExitWorktree(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        return None if cli.in_worktree else NO_WORKTREE

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        cli.in_worktree = cli.in_worktree and bool(ran.is_error)


class Workflow(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        name = given.get("name")
        if name is None or name in inventory("init")["skills"]:
            return None
        return f'Workflow "{name}" not found. Available: deep-research'


OTHER_TOOLS: tuple[Tool, ...] = (
    ToolSearch("ToolSearch", concurrent=True),
    TaskStop("TaskStop"),
    CronCreate("CronCreate"),
    CronDelete("CronDelete"),
    _Quiet("CronList", concurrent=True),
    EnterWorktree("EnterWorktree"),
    ExitWorktree("ExitWorktree"),
    _Quiet("ListAgents", concurrent=True),
    ReportFindings("ReportFindings"),
    ScheduleWakeup("ScheduleWakeup"),
    SendMessage("SendMessage"),
    Workflow("Workflow"),
)
