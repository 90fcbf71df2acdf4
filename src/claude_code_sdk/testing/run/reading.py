"""The entries of one session become its facts.

Above: `session_run.py`.  Below: the transcript of cassettes, which reads entries as events; the parser of messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._parse import parse_message
from ...cassettes.cassette import Entry
from ...cassettes.transcript_events import (
    Event,
    Exchange,
    Exit,
    Hook,
    HostRequest,
    Mcp,
    Notice,
    Permission,
    Prompt,
    Start,
    Stderr,
    Text,
    object_of,
    string_of,
)
from ...cassettes.transcript_events import ToolCall as ToolCallEvent
from ...cassettes.transcript_reader import EntryReader
from ...messages import Message, ResultMessage
from .facts import HookCall, McpCall, PermissionRequest, Status, ToolCall

NO_MESSAGES = frozenset({"control_request", "control_response", "control_cancel_request"})
"""Frames of the CLI that programs do not get as messages; nor what is marked as the host's alone."""

ENVELOPE = frozenset(
    {
        "session_id",
        "transcript_path",
        "cwd",
        "hook_event_name",
        "prompt_id",
        "permission_mode",
        "effort",
        "agent_id",
        "agent_type",
    }
)
"""What every hook is given, whatever its event."""


class Facts:
    """Everything that the entries of a session tell."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        reader = _Reader()
        self.events = reader.read(self.entries)
        agents = _Agents(self.events)
        self.prompts = [event.text for event in self.events if isinstance(event, Prompt)]
        self.texts = [event.text for event in self.events if isinstance(event, Text) and not event.agent]
        self.tool_calls = [_tool_call(event, agents) for event in self.events if isinstance(event, ToolCallEvent)]
        self.hook_calls: list[HookCall] = []
        self.permission_requests: list[PermissionRequest] = []
        self.mcp_calls: list[McpCall] = []
        for event in self.events:
            request = reader.requests.get(id(event), {})
            if isinstance(event, Hook):
                self.hook_calls.append(_hook_call(event, request))
            elif isinstance(event, Permission):
                self.permission_requests.append(_permission(event, request, agents))
            elif isinstance(event, Mcp) and event.method == "tools/call":
                self.mcp_calls.append(_mcp_call(event))
        self.interrupts = sum(isinstance(event, HostRequest) and event.subtype == "interrupt" for event in self.events)
        self.stderr = "\n".join(event.text for event in self.events if isinstance(event, Stderr))
        self.argv = next((event.argv for event in self.events if isinstance(event, Start)), [])
        self.exit_code = next((event.code for event in reversed(self.events) if isinstance(event, Exit)), None)
        self._messages: list[Message] | None = None

    @property
    def messages(self) -> list[Message]:
        """The messages that a program gets."""
        if self._messages is None:
            frames = (entry.value for entry in self.entries if entry.source == "cli" and entry.kind == "frame")
            self._messages = [
                parse_message(frame, on_problem=_say_nothing)
                for frame in frames
                if string_of(frame.get("type")) not in NO_MESSAGES and frame.get("sdk_host_only") is not True
            ]
        return self._messages

    @property
    def result(self) -> ResultMessage | None:
        """The last result, of whatever turn."""
        return next((message for message in reversed(self.messages) if isinstance(message, ResultMessage)), None)


class _Reader(EntryReader):
    """Keeps the requests as they came, for what events have no field for."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[int, dict[str, Any]] = {}  # by the identity of the event

    def _asked(self, source: str, frame: dict[str, Any], place: dict[str, Any]) -> Exchange:
        exchange = super()._asked(source, frame, place)
        self.requests[id(exchange)] = object_of(frame.get("request"))
        return exchange


class _Agents:
    """Which sub-agents there were: what the CLI says when one starts, else what the call that started it says."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._types: dict[str, str] = {}  # by the agent's id, and by that of the call
        self._ids: dict[str, str] = {}  # by the call's
        for event in events:
            if isinstance(event, ToolCallEvent) and isinstance(event.input.get("subagent_type"), str):
                self._types[event.id] = event.input["subagent_type"]
            elif isinstance(event, Notice) and event.name == "task_started":
                kind, agent = string_of(event.frame.get("subagent_type")), string_of(event.frame.get("task_id"))
                call = string_of(event.frame.get("tool_use_id"))
                if kind:
                    self._types[agent] = self._types[call] = kind
                self._ids[call] = agent

    def of(self, name: str | None) -> tuple[str | None, str | None]:
        """Type and id of the agent with this id, or of this call; of an unknown one the name is all there is."""
        return (self._types.get(name, name), self._ids.get(name, name)) if name else (None, None)


def _tool_call(event: ToolCallEvent, agents: _Agents) -> ToolCall:
    agent, agent_id = agents.of(event.agent)
    return ToolCall(
        name=event.name,
        input=event.input,
        result=None if event.result is None else event.result.text,
        is_error=event.result is not None and event.result.is_error,
        agent=agent,
        id=event.id,
        agent_id=agent_id,
    )


def _hook_call(event: Hook, request: dict[str, Any]) -> HookCall:
    given = event.input
    own = {key: value for key, value in given.items() if key not in ENVELOPE}
    return HookCall(
        event=event.event,
        tool=event.tool or None,
        input=object_of(given.get("tool_input")) if event.tool else own,
        output=event.output,
        decision=event.decision or None,
        reason=event.reason or None,
        status=_status(event),
        error=event.error,
        agent=string_of(given.get("agent_type")) or None,
        tool_use_id=string_of(request.get("tool_use_id")) or None,
        agent_id=string_of(given.get("agent_id")) or None,
        given=given,
    )


def _permission(event: Permission, request: dict[str, Any], agents: _Agents) -> PermissionRequest:
    agent, agent_id = agents.of(string_of(request.get("agent_id")))
    return PermissionRequest(
        tool=event.tool,
        input=event.input,
        decision=event.behavior or None,
        message=event.message or None,
        updated_input=event.changed_input,
        interrupt=event.interrupt,
        status=_status(event),
        error=event.error,
        agent=agent,
        tool_use_id=string_of(request.get("tool_use_id")) or None,
        agent_id=agent_id,
    )


def _mcp_call(event: Mcp) -> McpCall:
    protocol_error = event.text if event.is_error and not event.result else None
    error = protocol_error if event.error is None else event.error
    status = _status(event)
    return McpCall(
        server=event.server,
        tool=string_of(event.params.get("name")),
        input=object_of(event.params.get("arguments")),
        result=event.text if status == "answered" and error is None else None,
        is_error=event.is_error or error is not None,
        status="failed" if error is not None and status == "answered" else status,
        error=error,
    )


def _status(event: Exchange) -> Status:
    if event.withdrawn:
        return "withdrawn"
    if not event.answered:
        return "unanswered"
    return "answered" if event.error is None else "failed"


def _say_nothing(problem: Exception) -> None:
    """What is wrong with a frame was the program's to hear of; here the message that stands for it is enough."""
