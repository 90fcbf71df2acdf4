"""Tools of the CLI that nobody is asked about: looking tools up, skills, timers, messages between agents."""

from __future__ import annotations

from ..inventory import inventory, tool_schemas
from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process


class _Quiet(Tool):
    """A tool that runs without asking."""

    def __init__(self, name: str, concurrent: bool = False) -> None:
        self.name = name
        self.concurrent = concurrent

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")


class ToolSearch(_Quiet):
    """Looks deferred tools up, by `select:NAME,…` or by words."""

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


class Skill(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        name = given["skill"].lstrip("/")
        if not name:
            return f"Invalid skill format: {given['skill']}"
        known = {*inventory("init")["skills"], *(command for command, _ in cli.custom_commands.listed())}
        if name not in known:
            return f"Unknown skill: {name}"
        return None

    def default(self, cli: Process, given: Frame) -> Ran:
        name = given["skill"].lstrip("/")
        return Ran(f"Launching skill: {name}", result={"success": True, "commandName": name})


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


class Workflow(_Quiet):
    def check_here(self, cli: Process, given: Frame) -> str | None:
        name = given.get("name")
        if name is None or name in inventory("init")["skills"]:
            return None
        return f'Workflow "{name}" not found. Available: deep-research'


OTHER_TOOLS: tuple[Tool, ...] = (
    ToolSearch("ToolSearch", concurrent=True),
    Skill("Skill"),
    TaskStop("TaskStop"),
    CronCreate("CronCreate"),
    _Quiet("CronDelete"),
    _Quiet("CronList", concurrent=True),
    _Quiet("EnterWorktree"),
    _Quiet("ExitWorktree"),
    _Quiet("ListAgents", concurrent=True),
    _Quiet("ReportFindings"),
    _Quiet("ScheduleWakeup"),
    _Quiet("SendMessage"),
    _Quiet("TaskCreate"),
    _Quiet("TaskGet", concurrent=True),
    _Quiet("TaskList", concurrent=True),
    _Quiet("TaskUpdate"),
    Workflow("Workflow"),
)
