"""Mirror: the transcript of a session, told to the host that keeps it elsewhere (`--session-mirror`, wire-facts §9).

The entries of a turn come before its result, and what the process cost at its end.  The real CLI's entries also tell
what surrounds the conversation (environment, tools, skills); here they are the conversation.  Above: `frames.py`,
`turn.py`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .prompts import Prompt

RESULT_KEYS = {"tool_use_result": "toolUseResult", "isSynthetic": "isMeta"}
"""What stands in a frame, and what a transcript calls it."""


class Mirror:
    """The entries that the host has not been told yet."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self._entries: list[Frame] = []
        self._parent: str | None = None
        self._prompt = ""

    def prompts(self, prompts: list[Prompt]) -> None:
        """The prompts that a turn begins with."""
        for prompt in prompts:
            stamp: Frame = {"timestamp": self._cli.frames.timestamp(), "sessionId": self._cli.session.id}
            for operation in ("enqueue", "dequeue"):
                content = {"content": prompt.text} if operation == "enqueue" else {}
                self._entries.append({"type": "queue-operation", "operation": operation, **stamp, **content})
            self._prompt = prompt.text
            message = {"role": "user", "content": prompt.content}
            uuid = prompt.uuid or self._cli.mint.uuid()
            mode = {"permissionMode": self._cli.permissions.mode, "promptSource": "sdk"}
            self._add("user", uuid, message, {"promptId": self._cli.turn.prompt_id}, mode)

    def take(self, frame: Frame) -> None:
        """A frame of the conversation."""
        if frame.get("isReplay"):
            return
        before = {"promptId": self._cli.turn.prompt_id} if frame["type"] == "user" else {}
        after = {name: frame[key] for key, name in RESULT_KEYS.items() if key in frame}
        if "request_id" in frame:
            after["requestId"] = frame["request_id"]
        self._add(frame["type"], frame["uuid"], frame["message"], before, after)

    def end_turn(self) -> None:
        """Tell the host the turn's entries."""
        session = {"sessionId": self._cli.session.id}
        if self._parent is not None:
            last: Frame = {"type": "last-prompt", "lastPrompt": self._prompt, "leafUuid": self._parent}
            self._entries.append({**last, **session})
        self._tell()

    def end(self) -> None:
        """Tell the host what the process cost."""
        usage = self._cli.session.usage
        self._entries.append(
            {
                "type": "cost-state",
                "sessionId": self._cli.session.id,
                "totalCostUSD": usage.cost,
                "totalAPIDuration": usage.api_ms,
                "modelUsage": {name: dict(entry) for name, entry in usage.models.items()},
                "hasUnknownModelCost": False,
            }
        )
        self._tell()

    def _add(self, kind: str, uuid: str, message: Any, before: Frame, after: Frame) -> None:
        cli = self._cli
        entry: Frame = {"parentUuid": self._parent, "isSidechain": False, **before, "type": kind, "message": message}
        entry |= {"uuid": uuid, "timestamp": cli.frames.timestamp(), **after, "userType": "external"}
        entry["entrypoint"] = cli.env.get("CLAUDE_CODE_ENTRYPOINT", "cli")
        entry |= {"cwd": cli.cwd, "sessionId": cli.session.id, "version": cli.version, "gitBranch": "HEAD"}
        self._entries.append(entry)
        self._parent = uuid

    def _tell(self) -> None:
        entries, self._entries = self._entries, []
        path = self._cli.session.transcript
        self._cli.frames.emit({"type": "transcript_mirror", "filePath": path, "entries": entries})
