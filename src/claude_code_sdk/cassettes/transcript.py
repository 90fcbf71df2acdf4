"""Transcript: what happened in an episode, as events a person thinks in: prompts, texts, calls, decisions, results.

Above: transcript_text.py (their words), `claude-cassette show`, tests that look at a recording.  Below: cassette.py.
Read from the entries alone; tolerant of what newer CLIs send: a frame without a meaning here is an `Unknown`, never
dropped.  Only housekeeping (`HOUSEKEEPING`) and the deltas of a text that was finished make no event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from .cassette import Entry, Episode

HOUSEKEEPING = frozenset(
    {
        "keep_alive",
        "command_lifecycle",
        "system/session_state_changed",
        "system/status",
        "system/thinking_tokens",
        "system/background_tasks_changed",
        "system/task_progress",
        "system/task_updated",
    }
)
"""Frames of the CLI that tell a person nothing which other frames do not tell."""


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
            self._take(_object(answer.get("response")))

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
        specific = _object(answer.get("hookSpecificOutput"))
        inner = _object(specific.get("decision"))  # of a PermissionRequest
        if answer.get("continue") is False:
            self.decision, self.reason = "stop", _text(answer.get("stopReason"))
            return
        self.decision = _text(specific.get("permissionDecision") or inner.get("behavior") or answer.get("decision"))
        self.reason = _text(
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
        self.behavior, self.message = _text(answer.get("behavior")), _text(answer.get("message"))
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
        message = _object(answer.get("mcp_response"))
        self.result = _object(message.get("result"))
        if "error" in message:
            self.is_error, self.text = True, _text(_object(message["error"]).get("message"))
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


class Transcript:
    """What happened in one episode, in the order of the cassette; a request stands where it was asked.

    - `events`: everything; of these are, in order,
    - `prompts`, `texts`, `tool_calls`, `hooks`, `permissions`, `mcp_calls` (tools only), `results`.
    - `exit_code`: None if the recording ends before the run did.
    """

    def __init__(self, episode: Episode) -> None:
        """Raises:
        CassetteError: A frame is damaged.
        """
        self.number = episode.number
        self.events: list[Event] = _Reader().read(episode.entries)

    @property
    def prompts(self) -> list[Prompt]:
        return [event for event in self.events if isinstance(event, Prompt)]

    @property
    def texts(self) -> list[Text]:
        return [event for event in self.events if isinstance(event, Text)]

    @property
    def tool_calls(self) -> list[ToolCall]:
        return [event for event in self.events if isinstance(event, ToolCall)]

    @property
    def hooks(self) -> list[Hook]:
        return [event for event in self.events if isinstance(event, Hook)]

    @property
    def permissions(self) -> list[Permission]:
        return [event for event in self.events if isinstance(event, Permission)]

    @property
    def mcp_calls(self) -> list[Mcp]:
        return [event for event in self.events if isinstance(event, Mcp) and event.method == "tools/call"]

    @property
    def results(self) -> list[Result]:
        return [event for event in self.events if isinstance(event, Result)]

    @property
    def exit_code(self) -> int | None:
        return next((event.code for event in reversed(self.events) if isinstance(event, Exit)), None)


class _Reader:
    """Entries becoming events."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.open: dict[tuple[str, str], Exchange] = {}  # (who asked, request id): not answered yet
        self.calls: dict[str, ToolCall] = {}
        self.unfinished: dict[str, list[Text | Thinking]] = {}  # by agent: blocks of which only deltas came
        self.streaming: dict[tuple[str, Any], list[str]] = {}  # by agent and index: the deltas of a block so far
        self.deltas: dict[int, list[str]] = {}  # the same, by the identity of the block

    def read(self, entries: Iterable[Entry]) -> list[Event]:
        last = None
        for entry in entries:
            last = entry
            for event in self._entry(entry):  # which may take back an earlier one
                self.events.append(event)
        for waiting in self.unfinished.values():
            for block in waiting:
                block.text = "".join(self.deltas[id(block)])
        if last is not None and last.kind != "exit":
            self.events.append(Exit(line=last.number, at=last.at, code=None))
        return self.events

    def _entry(self, entry: Entry) -> Iterable[Event]:
        place: dict[str, Any] = {"line": entry.number, "at": entry.at}
        value = entry.value
        match entry.kind:
            case "frame":
                place["agent"] = _text(value.get("parent_tool_use_id"))
                return self._host(value, place) if entry.source == "host" else self._cli(value, place)
            case "spawn":
                return [Start(argv=value["argv"], cwd=value.get("cwd"), env=value.get("env") or {}, **place)]
            case "stderr":
                return [Stderr(text=value, **place)]
            case "noise":
                return [Noise(source=entry.source, text=value, **place)]
            case "signal":
                return [Signal(name=value, **place)]
            case "eof":
                return [EndOfInput(**place)]
            case "exit":
                return [Exit(code=value, **place)]

    # What the host sent

    def _host(self, frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        match frame.get("type"):
            case "user":
                yield Prompt(text=content_text(_object(frame.get("message")).get("content")), **place)
            case "control_request":
                yield self._asked("host", frame, place)
            case "control_response":
                self._answered("cli", frame, place["line"])
            case "control_cancel_request":
                self._withdrawn("host", frame)
            case "keep_alive":
                pass
            case other:
                yield Unknown(source="host", type=_text(other), block=False, value=frame, **place)

    # What the CLI sent

    def _cli(self, frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        match frame.get("type"):
            case "assistant":
                yield from self._blocks(_object(frame.get("message")).get("content"), place)
            case "user":
                yield from self._user(frame, place)
            case "stream_event":
                yield from self._delta(_object(frame.get("event")), place)
            case "control_request":
                yield self._asked("cli", frame, place)
            case "control_response":
                self._answered("host", frame, place["line"])
            case "control_cancel_request":
                self._withdrawn("cli", frame)
            case "result":
                yield _result(frame, place)
            case "system":
                yield from _system(frame, place)
            case "rate_limit_event" | "conversation_reset" as name:
                yield Notice(name=name, text=_telling(frame), frame=frame, **place)
            case other if not isinstance(other, str) or other not in HOUSEKEEPING:
                yield Unknown(source="cli", type=_text(other), block=False, value=frame, **place)

    def _blocks(self, content: Any, place: dict[str, Any]) -> Iterator[Event]:
        for block in content if isinstance(content, list) else [content]:
            match block:
                case {"type": "text", "text": str(text)}:
                    self._finished(Text, place["agent"])
                    yield Text(text=text, **place)
                case {"type": "thinking", "thinking": str(text)}:
                    self._finished(Thinking, place["agent"])
                    yield Thinking(text=text, **place)
                case {"type": "tool_use" | "server_tool_use", "id": str(id), "name": str(name)}:
                    call = ToolCall(id=id, name=name, input=_object(block.get("input")), **place)
                    self.calls[id] = call
                    yield call
                case {"type": str(kind), "tool_use_id": str()} if kind.endswith("tool_result"):
                    yield self._tool_result(block, place)
                case _:
                    kind = _text(_object(block).get("type"))
                    yield Unknown(source="cli", type=kind, block=True, value=block, **place)

    def _user(self, frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        content = _object(frame.get("message")).get("content")
        if frame.get("isReplay") is True:
            return
        said: list[Any] = []
        for block in content if isinstance(content, list) else [content]:
            match block:
                case {"type": "tool_result", "tool_use_id": str()}:
                    yield self._tool_result(block, place)
                case _:
                    said.append(block)
        if said:
            yield Injected(text=content_text(said), **place)

    def _tool_result(self, block: Any, place: dict[str, Any]) -> ToolResult:
        call = self.calls.get(block["tool_use_id"])
        result = ToolResult(
            id=block["tool_use_id"],
            name=call.name if call else "",
            text=content_text(block.get("content")),
            is_error=block.get("is_error") is True,
            **place,
        )
        if call is not None:
            call.result = result
        return result

    # Deltas

    def _delta(self, event: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        """A text stands in the transcript from its first delta on, until the whole block comes."""
        key = (place["agent"], event.get("index"))
        match event:
            case {"type": "content_block_start"}:
                self.streaming.pop(key, None)
            case {"type": "content_block_delta", "delta": {"type": "text_delta", "text": str(text)}}:
                yield from self._add(Text, key, text, place)
            case {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": str(text)}}:
                yield from self._add(Thinking, key, text, place)

    def _add(
        self, kind: type[Text | Thinking], key: tuple[str, Any], text: str, place: dict[str, Any]
    ) -> Iterator[Event]:
        deltas = self.streaming.get(key)
        if deltas is not None:
            deltas.append(text)
            return
        block = kind(text="", partial=True, **place)
        self.deltas[id(block)] = self.streaming[key] = [text]
        self.unfinished.setdefault(place["agent"], []).append(block)
        yield block

    def _finished(self, kind: type[Text | Thinking], agent: str) -> None:
        """The whole block came: what its deltas told is told by it."""
        waiting = self.unfinished.get(agent, [])
        for index, block in enumerate(waiting):
            if type(block) is kind:
                del waiting[index]
                deltas = self.deltas.pop(id(block))
                self.streaming = {key: other for key, other in self.streaming.items() if other is not deltas}
                # From the end: a block is finished soon after its first delta.
                place = next(at for at in range(len(self.events) - 1, -1, -1) if self.events[at] is block)
                del self.events[place]
                return

    # Exchanges

    def _asked(self, source: str, frame: dict[str, Any], place: dict[str, Any]) -> Exchange:
        request = _object(frame.get("request"))
        exchange = _exchange(source, request, place)
        self.open[source, _text(frame.get("request_id"))] = exchange
        return exchange

    def _answered(self, asker: str, frame: dict[str, Any], line: int) -> None:
        answer = _object(frame.get("response"))
        exchange = self.open.pop((asker, _text(answer.get("request_id"))), None)
        if exchange is not None:
            exchange.take_answer(line, answer)

    def _withdrawn(self, asker: str, frame: dict[str, Any]) -> None:
        exchange = self.open.get((asker, _text(frame.get("request_id"))))
        if exchange is not None:
            exchange.withdrawn = True


def _exchange(source: str, request: dict[str, Any], place: dict[str, Any]) -> Exchange:
    subtype = _text(request.get("subtype"))
    given = {key: value for key, value in request.items() if key != "subtype"}
    if source == "host":
        return HostRequest(subtype=subtype, given=given, **place)
    match subtype:
        case "hook_callback":
            hook = _object(request.get("input"))
            event, tool = _text(hook.get("hook_event_name")), _text(hook.get("tool_name"))
            return Hook(event=event, tool=tool, input=hook, **place)
        case "can_use_tool":
            return Permission(tool=_text(request.get("tool_name")), input=_object(request.get("input")), **place)
        case "mcp_message":
            message = _object(request.get("message"))
            return Mcp(
                server=_text(request.get("server_name")),
                method=_text(message.get("method")),
                params=_object(message.get("params")),
                **place,
            )
    return UnknownRequest(subtype=subtype, given=given, **place)


def _system(frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
    subtype = _text(frame.get("subtype"))
    if subtype == "init":
        servers = frame.get("mcp_servers")
        tools = frame.get("tools")
        yield Session(
            model=_text(frame.get("model")),
            permission_mode=_text(frame.get("permissionMode")),
            tools=len(tools) if isinstance(tools, list) else 0,
            mcp_servers={
                _text(server.get("name")): _text(server.get("status"))
                for server in (servers if isinstance(servers, list) else ())
                if isinstance(server, dict)
            },
            settings=frame,
            **place,
        )
    elif f"system/{subtype}" not in HOUSEKEEPING:
        yield Notice(name=subtype, text=_telling(frame), frame=frame, **place)


_TELLING = (
    "content",
    "text",
    "message",
    "summary",
    "description",
    "error",
    "output",
    "hook_name",
    "trigger",
    "status",
)
"""Keys of a notice that say most, the most telling first."""


def _telling(frame: dict[str, Any]) -> str:
    return next((frame[key] for key in _TELLING if isinstance(frame.get(key), str) and frame[key]), "")


def _result(frame: dict[str, Any], place: dict[str, Any]) -> Result:
    errors, denials = frame.get("errors"), frame.get("permission_denials")
    return Result(
        subtype=_text(frame.get("subtype")),
        is_error=frame.get("is_error") is True,
        text=_text(frame.get("result")),
        errors=[str(error) for error in errors] if isinstance(errors, list) else [],
        turns=_number(frame.get("num_turns")),
        duration_ms=_number(frame.get("duration_ms")),
        cost_usd=_number(frame.get("total_cost_usd")),
        usage=_object(frame.get("usage")),
        denials=denials if isinstance(denials, list) else [],
        **place,
    )


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
            parts.append(f"[{_text(_object(block).get('type')) or type(block).__name__}]")
    return "\n".join(parts)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _plain(value: Any) -> Any:
    return value.to_json() if isinstance(value, Event) else value
