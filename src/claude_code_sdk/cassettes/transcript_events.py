"""What can happen in an episode, as events that a person thinks in: prompts, texts, calls, decisions, results.

Above: transcript.py (reads them from entries), transcript_text.py (their words).  Below: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(slots=True, kw_only=True)
class Event:
    """Something that happened.

    - `line`: its 1-based line in the cassette, 0 if it comes from none.
    - `at`: milliseconds since spawn.
    - `agent`: id of the tool call whose subagent did it, `""` for the main conversation.
    """

    kind: ClassVar[str] = ""

    line: int
    at: int
    agent: str = ""

    def to_json(self) -> dict[str, Any]:
        """The event as a JSON object: its `kind`, then its fields."""
        return {"kind": self.kind, **{each.name: _plain(getattr(self, each.name)) for each in fields(self)}}


@dataclass(slots=True, kw_only=True)
class Start(Event):
    """The CLI was started."""

    kind = "start"
    argv: list[str]
    cwd: str | None
    env: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Session(Event):
    """A turn began, with these settings (`system/init`); `settings` is the whole frame."""

    kind = "session"
    model: str
    permission_mode: str
    tools: int
    mcp_servers: dict[str, str]
    settings: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Prompt(Event):
    """The host said something; what is no text stands as `[image]`."""

    kind = "prompt"
    text: str


@dataclass(slots=True, kw_only=True)
class Injected(Event):
    """The CLI said something in the user's name: a subagent's task, "[Request interrupted by user]"."""

    kind = "injected"
    text: str


@dataclass(slots=True, kw_only=True)
class Text(Event):
    """The model said something; `partial` when only the deltas of an unfinished block tell it."""

    kind = "text"
    text: str
    partial: bool = False


@dataclass(slots=True, kw_only=True)
class Thinking(Event):
    """The model thought; as `Text`.  `text` is empty where the CLI does not show it."""

    kind = "thinking"
    text: str
    partial: bool = False


@dataclass(slots=True, kw_only=True)
class ToolCall(Event):
    """The model called a tool; `result` is None while none is recorded."""

    kind = "tool_call"
    id: str
    name: str
    input: dict[str, Any]
    result: ToolResult | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        told = Event.to_json(self)
        told["result"] = None if self.result is None else self.result.line
        return told


@dataclass(slots=True, kw_only=True)
class ToolResult(Event):
    """What a tool gave back; `name` is the tool's, `""` when no call with this `id` was recorded."""

    kind = "tool_result"
    id: str
    name: str
    text: str
    is_error: bool


@dataclass(slots=True, kw_only=True)
class Exchange(Event):
    """A request and its answer.

    - `answered`: whether there is an answer; `answer_line`: its line, as `line`.
    - `error`: the text of an error answer.
    - `withdrawn`: the side that asked took the request back.
    """

    answered: bool = False
    answer_line: int = 0
    error: str | None = None
    withdrawn: bool = False

    def take_answer(self, line: int, answer: Mapping[str, Any]) -> None:
        """Note the answer: the `response` of its frame, which stands on `line`."""
        self.answered, self.answer_line = True, line
        if answer.get("subtype") == "error":
            self.error = str(answer.get("error"))
        else:
            self._take(object_of(answer.get("response")))

    def _take(self, answer: dict[str, Any]) -> None:
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class HostRequest(Exchange):
    """The host asked the CLI for something: `initialize`, `interrupt`, `set_model` …; `given` are its parameters."""

    kind = "request"
    subtype: str
    given: dict[str, Any]
    answer: dict[str, Any] = field(default_factory=dict)

    def _take(self, answer: dict[str, Any]) -> None:
        self.answer = answer


@dataclass(slots=True, kw_only=True)
class Hook(Exchange):
    """A hook of the program was called.

    - `event`, `tool`: `"PreToolUse"`, `"Bash"` (`""` for events without a tool).
    - `decision`: `"allow"`, `"deny"`, `"ask"`, `"defer"`, `"block"`, `"stop"`, or `""` for none.
    - `reason`: the hook's reason.
    """

    kind = "hook"
    event: str
    tool: str
    input: dict[str, Any]
    output: dict[str, Any] = field(default_factory=dict)
    decision: str = ""
    reason: str = ""

    def _take(self, answer: dict[str, Any]) -> None:
        self.output = answer
        specific = object_of(answer.get("hookSpecificOutput"))
        inner = object_of(specific.get("decision"))  # of a PermissionRequest
        if answer.get("continue") is False:
            self.decision, self.reason = "stop", string_of(answer.get("stopReason"))
            return
        self.decision = string_of(specific.get("permissionDecision") or inner.get("behavior") or answer.get("decision"))
        self.reason = string_of(
            specific.get("permissionDecisionReason") or inner.get("message") or answer.get("reason") or ""
        )


@dataclass(slots=True, kw_only=True)
class Permission(Exchange):
    """The program was asked whether a tool may be used.

    - `behavior`: `"allow"`, `"deny"`, or `""` while there is no answer.
    - `message`: the reason of a denial.
    - `changed_input`: what the tool is given instead, None when its input stays.
    """

    kind = "permission"
    tool: str
    input: dict[str, Any]
    behavior: str = ""
    message: str = ""
    interrupt: bool = False
    changed_input: dict[str, Any] | None = None

    def _take(self, answer: dict[str, Any]) -> None:
        self.behavior, self.message = string_of(answer.get("behavior")), string_of(answer.get("message"))
        self.interrupt = answer.get("interrupt") is True
        changed = answer.get("updatedInput")
        self.changed_input = changed if isinstance(changed, dict) and changed != self.input else None


@dataclass(slots=True, kw_only=True)
class Mcp(Exchange):
    """An MCP server of the program was asked; `text` is the text of a tool's result, `is_error` that it is an error."""

    kind = "mcp"
    server: str
    method: str
    params: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    is_error: bool = False

    def _take(self, answer: dict[str, Any]) -> None:
        message = object_of(answer.get("mcp_response"))
        self.result = object_of(message.get("result"))
        if "error" in message:
            self.is_error, self.text = True, string_of(object_of(message["error"]).get("message"))
        else:
            self.is_error, self.text = self.result.get("isError") is True, content_text(self.result.get("content"))


@dataclass(slots=True, kw_only=True)
class UnknownRequest(Exchange):
    """The CLI asked for something that this release does not know."""

    kind = "unknown_request"
    subtype: str
    given: dict[str, Any]
    answer: dict[str, Any] = field(default_factory=dict)

    def _take(self, answer: dict[str, Any]) -> None:
        self.answer = answer


@dataclass(slots=True, kw_only=True)
class Notice(Event):
    """The CLI told the host something: a subagent's start and end, a retry, a hook command of the settings …

    `name` is the frame's subtype, or its type; `text` its most telling words; `frame` all of it.
    """

    kind = "notice"
    name: str
    text: str
    frame: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Result(Event):
    """A turn ended.

    `subtype`, `is_error`, `text`, `errors`, `turns`, `duration_ms`, `cost_usd`, `usage` and `denials` are the frame's
    own; None where it has none.
    """

    kind = "result"
    subtype: str
    is_error: bool
    text: str
    errors: list[str]
    turns: int | None
    duration_ms: float | None
    cost_usd: float | None
    usage: dict[str, Any]
    denials: list[Any]


@dataclass(slots=True, kw_only=True)
class Unknown(Event):
    """A frame, or a content block (`block`), of a type that has no meaning here."""

    kind = "unknown"
    source: str
    type: str
    block: bool
    value: Any


@dataclass(slots=True, kw_only=True)
class Stderr(Event):
    """A line that the CLI wrote to stderr."""

    kind = "stderr"
    text: str


@dataclass(slots=True, kw_only=True)
class Noise(Event):
    """A line on a pipe that is not a JSON object."""

    kind = "noise"
    source: str
    text: str


@dataclass(slots=True, kw_only=True)
class Signal(Event):
    """The host sent a signal."""

    kind = "signal"
    name: str


@dataclass(slots=True, kw_only=True)
class EndOfInput(Event):
    """The host closed the CLI's input."""

    kind = "end_of_input"


@dataclass(slots=True, kw_only=True)
class Exit(Event):
    """The run ended with `code`, negative for a signal; None: the recording ends before the run did."""

    kind = "exit"
    code: int | None


def content_text(content: Any) -> str:
    """The text of a message's or a tool result's content; what is no text stands as `[image]`."""
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    parts = []
    for block in content if isinstance(content, list) else [content]:
        if isinstance(block, str):
            parts.append(block)
        elif isinstance(block, dict) and isinstance(block.get("text"), str):
            parts.append(block["text"])
        else:
            parts.append(f"[{string_of(object_of(block).get('type')) or type(block).__name__}]")
    return "\n".join(parts)


def string_of(value: Any) -> str:
    """`value` if it is a text, else an empty one: newer CLIs may send anything."""
    return value if isinstance(value, str) else ""


def object_of(value: Any) -> dict[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    return value.to_json() if isinstance(value, Event) else value
