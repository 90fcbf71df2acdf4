"""Thread: one conversation with the model, the main one or a sub-agent's, and what is known in it.

The model's side is kept as the API would get it, because turns of a script may wait for a text in the request.
"""

from __future__ import annotations

from ...protocol.later import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame

ONLY_IN_MAIN = frozenset(["AskUserQuestion", "EnterPlanMode", "ExitPlanMode", "ScheduleWakeup", "Workflow"])
"""Tools that no sub-agent has, whatever its definition says (a session of CLI 2.1.330 that called many in one)."""


class Thread:
    """A conversation.

    - `model`: the model that is called; `stand_in`: one that answers in its place for the rest of the turn.
    - `system`: texts of its system prompt.
    - `place`: what its frames have to say where they belong; empty in the main thread.
    - `agent_id`, `agent_type`: of a sub-agent, else None.
    - `tools`: names of the tools it may call; None for all of the session.
    - `depth`: 0 for the main thread, 1 for its sub-agents.
    """

    def __init__(
        self,
        model: str,
        *,
        system: list[str] | None = None,
        place: Frame | None = None,
        agent_id: str | None = None,
        agent_type: str | None = None,
        tools: frozenset[str] | None = None,
        depth: int = 0,
    ) -> None:
        self.model = model
        self.stand_in: str | None = None
        self.system = system or []
        self.place = place or {}
        self.agent_id = agent_id
        self.agent_type = agent_type
        self.tools = tools
        self.depth = depth
        self.in_background = False
        self.shown = True  # whether the host sees its frames: those of a sub-agent's sub-agents it does not
        self.lacks: frozenset[str] = frozenset()  # tools that it may not call, by its definition
        self.mode: str | None = None  # its own permission mode
        self.task_id: str | None = None  # of a sub-agent
        self.used: list[str] = []  # names of the tools that it called, and its sub-agents
        self.loaded: dict[str, str] = {}  # skills and commands that it was given the text of, and that text
        self.told_of: set[str] = set()  # tools that reports of its sub-agents named
        self.max_turns: int | None = None  # calls of the model that a sub-agent may make
        self.marks: Frame = {}  # what its frames say beside their place
        self.shows_texts = True  # whether the host sees its texts and thoughts
        self.on_tool: Callable[[Frame], object] | None = None  # told of each tool call
        self.last_usage: Frame = {}  # of the last call of the model
        self.history: list[dict[str, Any]] = []
        self.points: dict[str, tuple[int, int]] = {}  # uuid of a message: how much of the history was said with it
        self.after_reply: list[tuple[str | None, bool]] = []  # what the transcript has since: uuid, whether it shows
        self.exchanges = 0  # prompts of the conversation, as far back as it is known word for word
        self.last_text = ""  # the last text block of the model: the result of a turn
        self.user_frames = 0  # `user` frames that the CLI made in this turn: results count them

    @property
    def answering(self) -> str:
        """The model that is asked now."""
        return self.stand_in or self.model

    @property
    def whose(self) -> Frame:
        """What questions and denials say of the sub-agent that they are about."""
        return {} if self.agent_id is None else {"agent_id": self.agent_id}

    def may_call(self, tool: str) -> bool:
        """Whether it has a tool: its definition, and that it is a sub-agent's, may take some away."""
        if tool in ONLY_IN_MAIN and not self.is_main:
            return False
        return tool not in self.lacks and (self.tools is None or tool in self.tools)

    def tools_known(self) -> set[str]:
        """Tools that it called in messages before its last one, and those that reports of its sub-agents named."""
        before = self.history[:-1] if self.history and self.history[-1]["role"] == "assistant" else self.history
        called = {block["name"] for said in before for block in said["content"] if block.get("type") == "tool_use"}
        return called | self.told_of

    @property
    def is_main(self) -> bool:
        return self.agent_id is None

    def say(self, role: str, content: Any) -> None:
        """Add a message to what the model is told; one of the role that spoke last is added to."""
        if self.history and self.history[-1]["role"] == role:
            said = self.history[-1]["content"]
            said += _blocks(content)
        else:
            self.history.append({"role": role, "content": _blocks(content)})

    def load(self, name: str, args: str, text: str) -> list[str]:
        """Give it the text of a skill or command; what it is told, which is less where it was given it before."""
        before = self.loaded.get(name)
        self.loaded[name] = text
        if before is None:
            return [text]
        if before == text:
            return [f"Skill /{name} is already loaded above; instructions unchanged.{args and f' Arguments: {args}'}"]
        again = (
            f"(Re-invocation of /{name} — the skill instructions were previously loaded; the arguments or dynamic "
            "output below are new.)"
        )
        return [again, text]

    def mark(self, uuid: str) -> None:
        """The history so far is known by this uuid: a session can be resumed there."""
        self.points[uuid] = (len(self.history), len(self.history[-1]["content"]))

    def request(self) -> str:
        """The request to the model, as text: what `match` of a script's turn looks into."""
        return json.dumps(
            {"model": self.answering, "system": self.system, "messages": self.history}, ensure_ascii=False
        )


def _blocks(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
