"""What happened, asked of one session or of several alike.

Above: `assertions.py`, `run.py`.  Below: the facts of each session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .facts import HookCall, McpCall, PermissionRequest, ToolCall

if TYPE_CHECKING:
    from ...messages import Message, ResultMessage
    from .run import SessionRun
else:  # so that `typing.get_type_hints` works although they are imported only when used
    Message = ResultMessage = SessionRun = Any


class Happened:
    """The facts of some sessions, in their order."""

    @property
    def sessions(self) -> list[SessionRun]:
        """The sessions that are asked."""
        raise NotImplementedError

    @property
    def prompts(self) -> list[str]:
        """The texts of the prompts; `[image]` stands in them for what is no text."""
        return [prompt for session in self.sessions for prompt in session.facts.prompts]

    @property
    def messages(self) -> list[Message]:
        """The messages of the CLI, as this SDK gives them to a program."""
        return [message for session in self.sessions for message in session.facts.messages]

    @property
    def text(self) -> str:
        """What the model said, without its sub-agents; a line end between two texts."""
        return "\n".join(text for session in self.sessions for text in session.facts.texts)

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The model's calls of tools, those of sub-agents among them, in the order in which it made them."""
        return [call for session in self.sessions for call in session.facts.tool_calls]

    @property
    def hook_calls(self) -> list[HookCall]:
        """The CLI's calls of the program's hooks, in their order."""
        return [call for session in self.sessions for call in session.facts.hook_calls]

    @property
    def permission_requests(self) -> list[PermissionRequest]:
        """The CLI's questions to the permission callback, in their order."""
        return [request for session in self.sessions for request in session.facts.permission_requests]

    @property
    def mcp_calls(self) -> list[McpCall]:
        """The calls that reached tools of the program's own MCP servers, in their order."""
        return [call for session in self.sessions for call in session.facts.mcp_calls]

    @property
    def interrupts(self) -> int:
        """How often the program interrupted."""
        return sum(session.facts.interrupts for session in self.sessions)

    @property
    def result(self) -> ResultMessage | None:
        """The last result of the last session; None when that has none."""
        sessions = self.sessions
        return sessions[-1].facts.result if sessions else None

    @property
    def cost(self) -> float:
        """What it cost, in US dollars, as the CLI reckons: the sum over the sessions of what their last result says."""
        results = [session.facts.result for session in self.sessions]
        return sum((result.total_cost_usd or 0.0 for result in results if result is not None), 0.0)

    @property
    def stderr(self) -> str:
        """What the CLI wrote to stderr, its lines with a line end between them."""
        return "\n".join(session.facts.stderr for session in self.sessions if session.facts.stderr)
