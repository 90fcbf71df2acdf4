"""What an entry is about: the few facts of a frame that tell which others it can depend on.

Above: survey.py, dependence.py, canonical.py.  Below: cassette.py.  Shapes: docs/explanation/protocol.md.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .cassette import Entry


class Facts:
    """The facts of one entry; texts, empty where a fact does not apply.

    - `name`: `eof`, `signal`, `noise`, `stderr`, `exit`; a message's type (`assistant`, `user`, `result`,
      `stream_event`); `system/SUBTYPE`, with `:STATE` for a session state; `request/SUBTYPE`, `answer`, `cancel` of the
      control protocol; `mcp/METHOD` for a control request that carries an MCP message.
    - `request_id`: of a request, an answer or a cancellation.
    - `server`: the MCP server.
    - `event`, `agent`: a hook's event, and the subagent in which it happened.
    - `tool`: id of the tool call that a request, result or notice is about; `announces`: the calls that an assistant
      frame names.
    - `message`: id of the API message that an assistant frame or stream event is part of.
    - `parent`: id of the call of the agent that a message comes from.
    - `ends_turn`: an answer that stops more than its own tool call.
    """

    __slots__ = (
        "agent",
        "announces",
        "ends_turn",
        "event",
        "message",
        "name",
        "parent",
        "request_id",
        "server",
        "tool",
    )

    def __init__(self, entry: Entry) -> None:
        """Raises:
        CassetteError: The frame is damaged.
        """
        self._clear(entry.kind)
        if entry.kind == "frame":
            self._read(entry.value)

    @classmethod
    def named(cls, name: str) -> Facts:
        """The facts of an entry of which only the name is known."""
        facts = cls.__new__(cls)
        facts._clear(name)
        return facts

    def _clear(self, name: str) -> None:
        self.name = name
        self.request_id = self.server = self.event = self.agent = self.tool = ""
        self.parent = self.message = ""
        self.announces: tuple[str, ...] = ()
        self.ends_turn = False

    def _read(self, frame: dict[str, Any]) -> None:
        kind = _text(frame, "type")
        if kind == "control_request":
            self.request_id = _text(frame, "request_id")
            self._read_request(_object(frame, "request"))
        elif kind == "control_response":
            response = _object(frame, "response")
            self.name = "answer"
            self.request_id = _text(response, "request_id")
            decision = _object(response, "response")
            self.ends_turn = decision.get("interrupt") is True or decision.get("continue") is False
        elif kind == "control_cancel_request":
            self.name = "cancel"
            self.request_id = _text(frame, "request_id")
        else:
            self._read_message(kind, frame)

    def _read_request(self, request: dict[str, Any]) -> None:
        subtype = _text(request, "subtype")
        self.name = f"request/{subtype}"
        self.tool = _text(request, "tool_use_id")
        if subtype == "hook_callback":
            hook = _object(request, "input")
            self.event = _text(hook, "hook_event_name")
            self.agent = _text(hook, "agent_id")
            # Events that are not about a tool carry a random id in the request and none here.
            self.tool = _text(hook, "tool_use_id")
        elif subtype == "mcp_message":
            message = _object(request, "message")
            self.name = f"mcp/{_text(message, 'method')}"
            self.server = _text(request, "server_name")
            self.tool = _text(_object(_object(message, "params"), "_meta"), "claudecode/toolUseId")

    def _read_message(self, kind: str, frame: dict[str, Any]) -> None:
        self.name = kind
        self.parent = _text(frame, "parent_tool_use_id")
        if kind == "system":
            state = _text(frame, "state")
            self.name = f"system/{_text(frame, 'subtype')}" + (f":{state}" if state else "")
            self.tool = _text(frame, "tool_use_id")
        elif kind == "command_lifecycle":
            self.name = f"command_lifecycle:{_text(frame, 'state')}"
        elif kind == "stream_event":
            self.message = _text(frame, "api_message_id")
        elif kind in ("assistant", "user"):
            message = _object(frame, "message")
            self.message = _text(message, "id")
            content = message.get("content")
            blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
            self.announces = tuple(_text(block, "id") for block in blocks if block.get("type") == "tool_use")
            self.tool = next(
                (_text(block, "tool_use_id") for block in blocks if block.get("type") == "tool_result"), ""
            )


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _object(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
