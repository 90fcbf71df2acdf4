"""EntryReader: the entries of an episode become the events of a transcript.

Above: transcript.py.  Below: transcript_events.py, cassette.py.  Tolerant of what newer CLIs send: a frame without a
meaning here is an `Unknown`, never dropped.  Only housekeeping (`HOUSEKEEPING`) and the deltas of a text that was
finished make no event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .cassette import Entry
from .transcript_events import (
    EndOfInput,
    Event,
    Exchange,
    Exit,
    Hook,
    HostRequest,
    Injected,
    Mcp,
    Noise,
    Notice,
    Permission,
    Prompt,
    Result,
    Session,
    Signal,
    Start,
    Stderr,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
    UnknownRequest,
    content_text,
    object_of,
    string_of,
)

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


class EntryReader:
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
                place["agent"] = string_of(value.get("parent_tool_use_id"))
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
                yield Prompt(text=content_text(object_of(frame.get("message")).get("content")), **place)
            case "control_request":
                yield self._asked("host", frame, place)
            case "control_response":
                self._answered("cli", frame, place["line"])
            case "control_cancel_request":
                self._withdrawn("host", frame)
            case "keep_alive":
                pass
            case other:
                yield Unknown(source="host", type=string_of(other), block=False, value=frame, **place)

    # What the CLI sent

    def _cli(self, frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        match frame.get("type"):
            case "assistant":
                yield from self._blocks(object_of(frame.get("message")).get("content"), place)
            case "user":
                yield from self._user(frame, place)
            case "stream_event":
                yield from self._delta(object_of(frame.get("event")), place)
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
                yield Unknown(source="cli", type=string_of(other), block=False, value=frame, **place)

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
                    call = ToolCall(id=id, name=name, input=object_of(block.get("input")), **place)
                    self.calls[id] = call
                    yield call
                case {"type": str(kind), "tool_use_id": str()} if kind.endswith("tool_result"):
                    yield self._tool_result(block, place)
                case _:
                    kind = string_of(object_of(block).get("type"))
                    yield Unknown(source="cli", type=kind, block=True, value=block, **place)

    def _user(self, frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
        content = object_of(frame.get("message")).get("content")
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
        request = object_of(frame.get("request"))
        exchange = _exchange(source, request, place)
        self.open[source, string_of(frame.get("request_id"))] = exchange
        return exchange

    def _answered(self, asker: str, frame: dict[str, Any], line: int) -> None:
        answer = object_of(frame.get("response"))
        exchange = self.open.pop((asker, string_of(answer.get("request_id"))), None)
        if exchange is not None:
            exchange.take_answer(line, answer)

    def _withdrawn(self, asker: str, frame: dict[str, Any]) -> None:
        exchange = self.open.get((asker, string_of(frame.get("request_id"))))
        if exchange is not None:
            exchange.withdrawn = True


def _exchange(source: str, request: dict[str, Any], place: dict[str, Any]) -> Exchange:
    subtype = string_of(request.get("subtype"))
    given = {key: value for key, value in request.items() if key != "subtype"}
    if source == "host":
        return HostRequest(subtype=subtype, given=given, **place)
    match subtype:
        case "hook_callback":
            hook = object_of(request.get("input"))
            event, tool = string_of(hook.get("hook_event_name")), string_of(hook.get("tool_name"))
            return Hook(event=event, tool=tool, input=hook, **place)
        case "can_use_tool":
            return Permission(tool=string_of(request.get("tool_name")), input=object_of(request.get("input")), **place)
        case "mcp_message":
            message = object_of(request.get("message"))
            return Mcp(
                server=string_of(request.get("server_name")),
                method=string_of(message.get("method")),
                params=object_of(message.get("params")),
                **place,
            )
    return UnknownRequest(subtype=subtype, given=given, **place)


def _system(frame: dict[str, Any], place: dict[str, Any]) -> Iterator[Event]:
    subtype = string_of(frame.get("subtype"))
    if subtype == "init":
        servers = frame.get("mcp_servers")
        tools = frame.get("tools")
        yield Session(
            model=string_of(frame.get("model")),
            permission_mode=string_of(frame.get("permissionMode")),
            tools=len(tools) if isinstance(tools, list) else 0,
            mcp_servers={
                string_of(server.get("name")): string_of(server.get("status"))
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
        subtype=string_of(frame.get("subtype")),
        is_error=frame.get("is_error") is True,
        text=string_of(frame.get("result")),
        errors=[str(error) for error in errors] if isinstance(errors, list) else [],
        turns=_number(frame.get("num_turns")),
        duration_ms=_number(frame.get("duration_ms")),
        cost_usd=_number(frame.get("total_cost_usd")),
        usage=object_of(frame.get("usage")),
        denials=denials if isinstance(denials, list) else [],
        **place,
    )


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
