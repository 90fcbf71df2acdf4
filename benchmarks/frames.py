"""Frames as the CLI writes them, deterministic: made-up text and ids in the shapes and sizes of real recordings.

Each function gives one line of the wire, newline included.
"""

import json
import random
from uuid import UUID

SESSION = "f805a4e3-3c08-444d-aa9c-3bc2077cf7ed"
MESSAGE_ID = "msg_01XFDUDYJgAACzvnptvVoYEL"
TOOL_USE_ID = "toolu_01A09q90qw90lq917835lq9"
TURN_START = "2026-11-22T22:44:16.900Z"
USAGE = {
    "input_tokens": 102,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
    "output_tokens": 1,
    "service_tier": "standard",
}
WORDS = (
    *("the", "a", "of", "to", "and", "in", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not"),
    *("session", "frame", "cassette", "transport", "channel", "dispatcher", "engine", "callback", "permission"),
)
BEYOND_ASCII = ("café", "→", "“quoted”", "straße", "🙂")
"""One text in ten holds one of these; the large frames hold none."""


class FrameMaker:
    """Makes frames; two makers with the same seed make the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def plain(self, size: int) -> str:
        """`size` characters of ASCII text, a line break now and then."""
        chosen, length = [], 0
        while length < size:
            word = self._random.choice(WORDS) + ("\n" if self._random.random() < 0.06 else "")
            chosen.append(word)
            length += len(word) + 1
        return " ".join(chosen)[:size]

    def words(self, size: int) -> str:
        text = self.plain(size)
        return f"{text} {self._random.choice(BEYOND_ASCII)}" if self._random.random() < 0.1 else text

    def _assistant(self, block: dict) -> bytes:
        message = {
            "id": MESSAGE_ID,
            "type": "message",
            "role": "assistant",
            "model": "claude-opus-5-5",
            "content": [block],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": USAGE,
            "context_management": None,
        }
        return line(
            type="assistant",
            message=message,
            parent_tool_use_id=None,
            session_id=SESSION,
            uuid=self._uuid(),
            timestamp=TURN_START,
            request_id="req_011CRv1W3XjX8WwzD4TqDfkS",
        )

    def delta(self) -> bytes:
        event = {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": self.words(self._random.randint(3, 24))},
        }
        return line(
            type="stream_event",
            event=event,
            session_id=SESSION,
            parent_tool_use_id=None,
            uuid=self._uuid(),
            api_message_id=MESSAGE_ID,
        )

    def text(self) -> bytes:
        return self._assistant({"type": "text", "text": self.words(300)})

    def large_text(self, size: int) -> bytes:
        return self._assistant({"type": "text", "text": self.plain(size)})

    def tool_use(self) -> bytes:
        command = {"command": self.words(90), "description": self.words(30)}
        return self._assistant({"type": "tool_use", "id": TOOL_USE_ID, "name": "Bash", "input": command})

    def tool_result(self) -> bytes:
        text = self.words(250)
        block = {"tool_use_id": TOOL_USE_ID, "type": "tool_result", "content": text, "is_error": False}
        outcome = {"stdout": text, "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
        return line(
            type="user",
            message={"role": "user", "content": [block]},
            parent_tool_use_id=None,
            session_id=SESSION,
            uuid=self._uuid(),
            timestamp=TURN_START,
            tool_use_result=outcome,
        )

    def status(self) -> bytes:
        return line(type="system", subtype="status", status="requesting", session_id=SESSION, uuid=self._uuid())

    def run_state(self, state: str) -> bytes:
        return line(
            type="system",
            subtype="session_state_changed",
            state=state,
            sdk_host_only=True,
            uuid=self._uuid(),
            session_id=SESSION,
        )

    def init(self) -> bytes:
        return line(
            type="system",
            subtype="init",
            cwd="/project",
            session_id=SESSION,
            tools=["Task", "Bash", "Edit", "Read", "WebFetch", "WebSearch", "Write"],
            mcp_servers=[],
            model="claude-opus-5-5",
            permissionMode="default",
            slash_commands=["clear", "compact", "config", "context", "init", "model"],
            apiKeySource="ANTHROPIC_API_KEY",
            claude_code_version="2.1.330",
            output_style="default",
            agents=["general-purpose", "Explore"],
            skills=[],
            plugins=[],
            uuid=self._uuid(),
        )

    def result(self) -> bytes:
        return line(
            duration_api_ms=87,
            stop_reason="end_turn",
            session_id=SESSION,
            total_cost_usd=0.001612,
            usage=USAGE,
            modelUsage={"claude-opus-5-5": {"inputTokens": 203, "outputTokens": 40, "costUSD": 0.001612}},
            permission_denials=[],
            terminal_reason="completed",
            is_error=False,
            num_turns=1,
            subtype="success",
            api_error_status=None,
            result="Second turn answer.",
            type="result",
            duration_ms=110,
            uuid=self._uuid(),
        )

    def mixed(self) -> bytes:
        """60% deltas, 14% texts, 11% tool calls, 11% their results, 4% system."""
        draw = self._random.random()
        if draw < 0.60:
            return self.delta()
        if draw < 0.74:
            return self.text()
        if draw < 0.85:
            return self.tool_use()
        if draw < 0.96:
            return self.tool_result()
        return self.status()


def line(**frame: object) -> bytes:
    """`frame` as the CLI writes it: compact, letters raw, ended by a newline."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
