"""The CLI that the documentation's programs meet: it tries out whatever they registered, and refuses nothing.

In each turn it calls every hook, the permission callback and every tool of the program, and notes what was answered
with an error.  So a block of documentation whose callbacks do not work fails, without a script of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claude_code_sdk.protocol.command import Command
from tests.client.peers import INFO, Frame, Peer, asks, assistant, result

SLOWLY = "slowly"
"""A prompt with this word is not answered until it is interrupted."""

HOOK_INPUTS: dict[str, Frame] = {
    "PreToolUse": {"tool_name": "Bash", "tool_input": {"command": "rm -rf .git"}, "tool_use_id": "toolu_1"},
    "UserPromptSubmit": {"prompt": "hello"},
}
ASKED: tuple[tuple[str, Frame], ...] = (
    ("Write", {"file_path": "notes.txt", "content": "hello"}),
    ("Bash", {"command": "make"}),
)
SAMPLES = {"string": "Ada", "number": 1.5, "integer": 2, "boolean": True, "array": [], "object": {}}


class CuriousCLI(Peer):
    """An engine; `problems` has what was answered with an error."""

    def __init__(self) -> None:
        super().__init__(
            self._begin,
            on_answer=self._answered,
            on_control={
                "initialize": self._initialize,
                "interrupt": self._interrupt,
                "get_context_usage": lambda request: {"percentage": 1.5},
            },
        )
        self.problems: list[Frame] = []
        self._hooks: dict[str, str] = {}
        self._asks = False
        self._servers: list[str] = []
        self._partial = False
        self._pending: dict[str, Frame] = {}
        self._results_due: list[Frame] = []
        self._count = 0

    def open(self, command: Command) -> None:
        super().open(command)
        flags = dict(zip(command.argv, command.argv[1:], strict=False))
        self._asks = flags.get("--permission-prompt-tool") == "stdio"
        servers = json.loads(flags.get("--mcp-config", '{"mcpServers": {}}'))["mcpServers"]
        self._servers = [name for name, config in servers.items() if config["type"] == "sdk"]

    def _initialize(self, request: Frame) -> Frame:
        for event, matchers in (request["hooks"] or {}).items():
            for matcher in matchers:
                self._hooks |= dict.fromkeys(matcher["hookCallbackIds"], event)
        return {**INFO, "hook_on_failure_supported": True, "hooks_applied": True}

    # A turn

    def _begin(self, prompt: Frame) -> Iterator[Frame]:
        answers = {"user_message_uuid": prompt["uuid"]} if "uuid" in prompt else {}
        self._results_due.append(result(**answers))
        yield from self._requests()
        if SLOWLY not in str(prompt["message"]["content"]):
            yield from self._end_of_turn()

    def _requests(self) -> Iterator[Frame]:
        for callback_id, event in self._hooks.items():
            given = {"hook_event_name": event, "session_id": "s", "transcript_path": "/t", "cwd": "/project"}
            hook_input = {**given, **HOOK_INPUTS[event]}
            yield self._ask("hook_callback", callback_id=callback_id, input=hook_input, tool_use_id="toolu_1")
        for tool, given in ASKED if self._asks else ():
            rule = {"type": "addRules", "rules": [{"toolName": tool}], "behavior": "allow", "destination": "session"}
            yield self._ask("can_use_tool", tool_name=tool, input=given, permission_suggestions=[rule])
        for name in self._servers:
            yield self._call(name, "tools/list")

    def _call(self, server: str, method: str, **params: Any) -> Frame:
        message = {"jsonrpc": "2.0", "id": self._count, "method": method, "params": params}
        return self._ask("mcp_message", server_name=server, message=message)

    def _ask(self, subtype: str, **body: Any) -> Frame:
        self._count += 1
        frame = asks(f"cli_{self._count}", subtype, **body)
        self._pending[frame["request_id"]] = frame["request"]
        return frame

    def _answered(self, response: Frame) -> Iterator[Frame]:
        request = self._pending.pop(response["request_id"])
        if response["subtype"] == "error":
            self.problems.append(response)
        elif request["subtype"] == "mcp_message":
            answer = response["response"]["mcp_response"]
            if "error" in answer or answer["result"].get("isError"):
                self.problems.append(answer)
            for tool in answer.get("result", {}).get("tools", ()):
                arguments = {name: _sample(schema) for name, schema in tool["inputSchema"]["properties"].items()}
                yield self._call(request["server_name"], "tools/call", name=tool["name"], arguments=arguments)
        yield from self._end_of_turn()

    def _end_of_turn(self) -> Iterator[Frame]:
        if not self._pending:
            for end in self._results_due:
                yield assistant("2 + 2 is 4.")
                yield end
            self._results_due.clear()

    def _interrupt(self, request: Frame) -> Frame:
        interrupted = {"subtype": "error_during_execution", "is_error": True, "terminal_reason": "aborted_streaming"}
        self.say(*(result(**interrupted) for _ in self._results_due))
        self._results_due.clear()
        return {"still_queued": []}


def _sample(schema: Frame) -> Any:
    return schema["enum"][0] if "enum" in schema else SAMPLES[schema["type"]]
