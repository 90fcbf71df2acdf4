"""Tool: what the rest of the fake asks of any tool, and the answers of an ordinary one."""

from __future__ import annotations

from ...script.result import ABSENT
from ..permissions import Decision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..permissions import Rule
    from ..process import Process


class Ran:
    """What a tool's run gave.

    - `content`: of the `tool_result` block; `is_error` likewise (None: the key is absent).
    - `result`: the frame's `tool_use_result`, `ABSENT` when it has none.
    - `first`: whether `tool_use_id` is the first key, as it is where a tool really ran.
    """

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
    - `required`: names of the inputs that must be there, with their types' JSON names.
    """

    name = ""
    concurrent = False
    always_asks = False
    required: tuple[tuple[str, str], ...] = ()

    @property
    def display(self) -> str:
        return self.name

    def decide(self, cli: Process, given: Frame) -> Decision:
        """What the tool itself says of a call: most ask."""
        return Decision("ask")

    def fits(self, cli: Process, content: str, given: Frame, behavior: str) -> bool:
        """Whether the content of a rule, `Tool(content)`, is about this call."""
        return False

    def rule_reason(self, rule: Rule) -> str:
        """The reason type of a call that an allow rule lets through."""
        return "rule"

    def question(self, cli: Process, given: Frame) -> Frame:
        """What `can_use_tool` says beside name, input and id: description, suggestions, blocked path."""
        return {}

    def nobody_to_ask(self, cli: Process, given: Frame) -> str:
        """What the model is told when the user would have to be asked and cannot be."""
        return f"Claude requested permissions to use {self.name}, but you haven't granted it yet."

    def check(self, cli: Process, given: Frame) -> str | None:
        """What is wrong with the input, as the CLI words it; None when nothing is."""
        issues = []
        for key, kind in self.required:
            if key not in given:
                issues.append(f"The required parameter `{key}` is missing")
            elif kind == "string" and not isinstance(given[key], str):
                issues.append(
                    f"The parameter `{key}` type is expected as `string` but provided as `{json_type(given[key])}`"
                )
        if not issues:
            return None
        word = "issue" if len(issues) == 1 else "issues"
        return f"InputValidationError: {self.name} failed due to the following {word}:\n" + "\n".join(issues)

    def default(self, cli: Process, given: Frame) -> Ran:
        """A realistic result where the script says nothing."""
        return Ran(f"({self.name} completed)")

    def origin(self) -> Frame:
        """What hooks and questions say of where the tool comes from."""
        return {}

    def replaced(self, ran: Ran, output: Any) -> Ran:
        """The result that a PostToolUse hook put in its place."""
        content = output if isinstance(output, str) else ran.content
        return Ran(content, is_error=ran.is_error, result=output)

    def activity(self, cli: Process, given: Frame) -> str:
        """What a sub-agent is said to be doing while it uses the tool."""
        return f"Using {self.name}"


def json_type(value: Any) -> str:
    """The name that JSON Schema has for a value's type."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return {str: "string", int: "number", float: "number", list: "array", dict: "object"}.get(type(value), "unknown")
