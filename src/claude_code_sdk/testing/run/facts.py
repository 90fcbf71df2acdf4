"""The facts of a run: what was called and asked, with which outcome.  Plain values, compared by what they mean.

Above: `reading.py` makes them, programs' tests compare them.  Below: `expected.py`.

A fact in a test may have, in each field, anything that the assertions take (`expected.py`):

    assert run.tool_calls == [ToolCall("Bash", {"command": "ls"}, result=...)]

Their `==` and `repr` are those that `dataclass` makes: pytest shows field by field where two of them differ.  Ids, and
what a hook was given beside its own input, take no part in them, for they are never twice the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .expected import comparable

Status: TypeAlias = Literal["answered", "failed", "withdrawn", "unanswered"]
"""What became of a request of the CLI to the program.

- `"answered"`: it has an answer.
- `"failed"`: the program's function raised, or the SDK refused; `error` has the text.
- `"withdrawn"`: the CLI took it back: its time was over, another decision came first, or the turn was interrupted.
- `"unanswered"`: the session ended, or was read, before there was an answer.
"""

DECISIONS = ("allow", "deny", "ask", "defer", "approve", "block", "stop")
"""Those that hooks and permission callbacks come to."""


class Fact:
    """What all facts have in common: a field may be given as what is expected of it."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]  # all are dataclasses
            if each.compare:
                setattr(self, each.name, comparable(getattr(self, each.name)))


@dataclass(slots=True)
class ToolCall(Fact):
    """A call of a tool by the model.

    - `name`, `input`: as the model wrote them.
    - `result`: the text that the model got back; `[image]` stands for what is no text.  None while there is none.
    - `is_error`: whether that is an error: the tool failed, a hook or the permission callback denied it.
    - `agent`: the type of the sub-agent that called, None in the main conversation; `agent_id`: which one of them.
    - `id`: the call's own.
    """

    name: str
    input: dict[str, Any] = field(default_factory=dict)
    result: str | None = None
    is_error: bool = False
    agent: str | None = None
    id: str = field(default="", compare=False, repr=False)
    agent_id: str | None = field(default=None, compare=False, repr=False)

    if TYPE_CHECKING:  # in a test a field may be anything that can be expected

        def __init__(
            self,
            name: Any,
            input: Any = ...,  # noqa: A002 - the name of the field
            result: Any = None,
            is_error: Any = False,
            agent: Any = None,
            id: str = "",  # noqa: A002
            agent_id: str | None = None,
        ) -> None: ...


@dataclass(slots=True)
class HookCall(Fact):
    """A call of a hook of the program.

    - `event`, `tool`: `"PreToolUse"`, `"Bash"`; None for events that concern no tool.
    - `input`: the tool's input; for an event without a tool, what the event has of its own (`{"prompt": …}`).
    - `output`: what the hook returned, as the CLI got it.
    - `decision`: `"allow"`, `"deny"`, `"ask"`, `"defer"`, `"block"`, `"stop"` (`"continue": false`), None for none.
    - `reason`: the reason of the decision.
    - `status`, `error`: see `Status`.
    - `agent`, `agent_id`: as in `ToolCall`.
    - `tool_use_id`: of the call of the tool.
    - `given`: all that the hook was called with, `tool_response` of a PostToolUse and paths among it.
    """

    event: str
    tool: str | None = None
    input: dict[str, Any] = field(default_factory=dict)
    output: dict[str, Any] = field(default_factory=dict)
    decision: str | None = None
    reason: str | None = None
    status: Status = "answered"
    error: str | None = None
    agent: str | None = None
    tool_use_id: str | None = field(default=None, compare=False, repr=False)
    agent_id: str | None = field(default=None, compare=False, repr=False)
    given: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    if TYPE_CHECKING:  # in a test a field may be anything that can be expected

        def __init__(
            self,
            event: Any,
            tool: Any = None,
            input: Any = ...,  # noqa: A002 - the name of the field
            output: Any = ...,
            decision: Any = None,
            reason: Any = None,
            status: Any = "answered",
            error: Any = None,
            agent: Any = None,
            tool_use_id: str | None = None,
            agent_id: str | None = None,
            given: dict[str, Any] = ...,
        ) -> None: ...


@dataclass(slots=True)
class PermissionRequest(Fact):
    """A question of the CLI to the permission callback.

    - `tool`, `input`: what the model wants to call.
    - `decision`: `"allow"` or `"deny"`, None without an answer; `message`: the reason of a denial.
    - `updated_input`: what the tool is given instead; None when its input stays as it is.
    - `interrupt`: whether the denial ends the turn.
    - `status`, `error`: see `Status`.
    - `agent`, `agent_id`, `tool_use_id`: as in `HookCall`.
    """

    tool: str
    input: dict[str, Any] = field(default_factory=dict)
    decision: str | None = None
    message: str | None = None
    updated_input: dict[str, Any] | None = None
    interrupt: bool = False
    status: Status = "answered"
    error: str | None = None
    agent: str | None = None
    tool_use_id: str | None = field(default=None, compare=False, repr=False)
    agent_id: str | None = field(default=None, compare=False, repr=False)

    if TYPE_CHECKING:  # in a test a field may be anything that can be expected

        def __init__(
            self,
            tool: Any,
            input: Any = ...,  # noqa: A002 - the name of the field
            decision: Any = None,
            message: Any = None,
            updated_input: Any = None,
            interrupt: Any = False,
            status: Any = "answered",
            error: Any = None,
            agent: Any = None,
            tool_use_id: str | None = None,
            agent_id: str | None = None,
        ) -> None: ...


@dataclass(slots=True)
class McpCall(Fact):
    """A call of a tool of one of the program's own MCP servers, as the server got it.

    - `server`, `tool`, `input`: the tool's own name, without `mcp__SERVER__`, and its arguments.
    - `result`: the text of what it returned; `is_error`: whether that is an error.
    - `status`, `error`: see `Status`; an error of the MCP protocol is `"failed"` too.
    """

    server: str
    tool: str
    input: dict[str, Any] = field(default_factory=dict)
    result: str | None = None
    is_error: bool = False
    status: Status = "answered"
    error: str | None = None

    if TYPE_CHECKING:  # in a test a field may be anything that can be expected

        def __init__(
            self,
            server: Any,
            tool: Any,
            input: Any = ...,  # noqa: A002 - the name of the field
            result: Any = None,
            is_error: Any = False,
            status: Any = "answered",
            error: Any = None,
        ) -> None: ...
