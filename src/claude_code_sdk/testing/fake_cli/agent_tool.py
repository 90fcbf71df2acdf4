"""The Agent tool, with which the model starts a sub-agent (wire-facts §7)."""

from __future__ import annotations

from .permissions import Decision
from .tools.base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process
    from .thread import Thread

DEFAULT_TYPE = "general-purpose"


class Agent(Tool):
    """The tool that starts a sub-agent.  The model calls it `Agent`; it is listed as `Task`."""

    name = "Agent"
    concurrent = True
    runs_itself = True
    spends = True

    def decide(self, cli: Process, given: Frame) -> Decision:
        # What a sub-agent would do cannot be known, so that a plan has even one that only looks around checked.
        return Decision("ask" if cli.permissions.mode == "plan" else "allow")

    @property
    def listed_as(self) -> str:
        return "Task"

    def activity(self, cli: Process, given: Frame) -> str:
        return str(given.get("description", self.name))

    async def run(self, cli: Process, tool_use_id: str, given: Frame, thread: Thread) -> Ran:
        """Start the sub-agent; in the foreground, wait for its report."""
        named = given.get("subagent_type") or DEFAULT_TYPE
        kind = cli.agents.find(named)
        if kind is None:
            return Ran.error(f"Agent type '{named}' not found. Available agents: {', '.join(cli.agents.names)}")
        for rule in cli.permissions.rules.about("deny", self.name):
            if rule.content == kind:
                text = f"Agent type '{kind}' has been denied by permission rule '{rule.text}' from {rule.source}."
                return Ran.error(text)
        background = given.get("run_in_background", True) is not False
        await cli.kernel.idle()
        from .subagent import SubagentRun

        run = SubagentRun(cli, tool_use_id, given, kind, background, thread)
        run.start()
        if background:
            return run.launch()
        return await run.report()
