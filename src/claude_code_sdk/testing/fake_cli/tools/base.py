"""Tool: what the rest of the fake asks of any tool, and the answers of an ordinary one."""

from __future__ import annotations

from ...script.result import ABSENT
from ..permissions import Decision
from .inputs import parsed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process
    from ..thread import Thread


class Ran:
    """What a tool's run gave.

    - `content`: of the `tool_result` block; `is_error` likewise (None: the key is absent).
    - `result`: the frame's `tool_use_result`, `ABSENT` when it has none.
    - `loads`: a skill whose text the model is told after it, None for none: its name, the arguments, the text.
    - `invented`: whether nobody said so, and what it tells of the world is not to be relied upon.
    """

    invented = False
    loads: tuple[str, str, str] | None = None

    def __init__(self, content: Any, *, is_error: bool | None = None, result: Any = ABSENT) -> None:
        self.content = content
        self.is_error = is_error
        self.result = result

    @classmethod
    def error(cls, text: str) -> Ran:
        """A run that failed with this text."""
        return cls(text, is_error=True, result=f"Error: {text}")


class Tool:
    """A tool.

    - `name`: by which the model calls it; `display`: its `display_name`.
    - `concurrent`: whether it runs beside others of its message (it only reads).
    - `always_asks`: whether the user is asked whatever rules and mode say.
    - `runs_itself`: whether neither the script nor the world is asked: `run` gives its result, or its host does.
    - `at_once`: whether it takes no time: its result comes before the next call of its message.
    - `spends`: whether it calls the model itself, which may use up the budget.
    - `looks_first`: whether it looks at the disk before anybody is asked about a call: its message is whole by then.
    - `begins_late`: whether a moment passes before anybody is asked about a call: its block is whole by then.
    - `answered_here`: whether its result is the CLI's own, not the world's: `answer` gives it.
    """

    name = ""
    concurrent = False
    always_asks = False
    runs_itself = False
    at_once = False
    spends = False
    looks_first = False
    begins_late = False
    answered_here = False

    @property
    def display(self) -> str:
        return self.name

    @property
    def listed_as(self) -> str:
        """The name under which results list a denial of it."""
        return self.name

    def rank(self, given: Frame) -> int:
        """How long a call takes beside a stream that ends, as `Kernel.idle` counts it."""
        return 1

    # The input

    def as_shown(self, given: Any) -> Any:
        """The input as the `assistant` frame shows it."""
        return shown(self.name, given)

    def parsed(self, cli: Process, given: Any) -> Frame:
        """The input as hooks, questions and the tool get it.  Raises `WrongInput`."""
        return parsed(self.name, given, cli.discovered)

    def check_here(self, cli: Process, given: Frame) -> str | None:
        """Why the tool refuses a call before anybody is asked, in the CLI's words; None when it does not."""
        return None

    def denied_here(self, cli: Process, given: Frame) -> Decision | None:
        """The denial of a call by a rule that the tool looks at itself, before hooks run."""
        return None

    # The permission

    def runs_beside(self, given: Frame) -> bool:
        """Whether this call runs beside others of its message."""
        return self.concurrent

    def decide(self, cli: Process, given: Frame) -> Decision:
        """What the tool itself says of a call: most ask."""
        return Decision("ask", told=self.nobody_to_ask(cli, given))

    def description(self, cli: Process, given: Frame) -> str | None:
        """What `can_use_tool` calls the call, None where it does not say."""
        return None

    def nobody_to_ask(self, cli: Process, given: Frame) -> str:
        """What the model is told when the user would have to be asked and cannot be."""
        return f"Claude requested permissions to use {self.name}, but you haven't granted it yet."

    def origin(self) -> Frame:
        """What hooks and questions say of where the tool comes from."""
        return {}

    # The run

    async def run(self, cli: Process, tool_use_id: str, given: Frame, thread: Thread) -> Ran:
        """The result of a tool that `runs_itself`."""
        raise NotImplementedError

    def answer(self, cli: Process, given: Frame) -> Ran:
        """The result of a tool that is `answered_here`."""
        raise NotImplementedError

    def default(self, cli: Process, given: Frame) -> Ran:
        """A realistic result where the script says nothing."""
        return Ran(f"({self.name} completed)")

    async def unscripted(self, cli: Process, given: Frame, thread: Thread) -> Ran:
        """`default`, of a tool that has to wait for something."""
        return self.default(cli, given)

    def completed(self, cli: Process, given: Frame, ran: Ran) -> Ran:
        """A result of which the script says the text alone, with the form that the tool itself gives it."""
        if ran.result is ABSENT and isinstance(ran.content, str):
            ran.result = f"Error: {ran.content}" if ran.is_error else self.form(cli, given, ran.content)
        return ran

    def form(self, cli: Process, given: Frame, text: str) -> Any:
        """The `tool_use_result` of a run with this text, `ABSENT` where it cannot be told."""
        return ABSENT

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        """The call has run: what of that the session keeps."""

    def replaced(self, ran: Ran, output: Any) -> Ran:
        """The result that a PostToolUse hook put in its place."""
        content = output if isinstance(output, str) else ran.content
        return Ran(content, is_error=ran.is_error, result=output)

    def activity(self, cli: Process, given: Frame) -> str:
        """What a sub-agent is said to be doing while it uses the tool; empty where the CLI has no words for it."""
        return ""
