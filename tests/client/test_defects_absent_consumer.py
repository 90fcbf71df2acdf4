"""Everything that is not a message works while nobody reads messages, all of it at once (known-defects B1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultAllow,
    ResultMessage,
    create_sdk_mcp_server,
    tool,
)
from claude_code_sdk.transports.base import Transport

from .peers import INFO, Peer, asks, assistant, result
from .processes import fake_cli

pytestmark = pytest.mark.requirement("B1", "control-never-waits")

WAIT = 15.0

UNREAD = 2000

CALL = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "add", "arguments": {"a": 1, "b": 2}}}
QUESTIONS = [
    asks("p", "can_use_tool", tool_name="Bash", input={"command": "ls"}, tool_use_id="t1"),
    asks("h", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"}, tool_use_id="t1"),
    asks("m", "mcp_message", server_name="sums", message=CALL),
]


class Program:
    """Three callbacks that end only when all of them, and an interrupt, are under way."""

    def __init__(self) -> None:
        self._met = {name: anyio.Event() for name in ("permission", "hook", "tool", "interrupt")}

    async def _meet(self, name: str) -> None:
        self._met[name].set()
        for event in self._met.values():
            await event.wait()

    def options(self, **more: Any) -> ClaudeCodeOptions:
        async def can_use_tool(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
            await self._meet("permission")
            return PermissionResultAllow(updated_input={"command": "pwd"})

        async def hook(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
            await self._meet("hook")
            return {"systemMessage": "seen"}

        @tool("add", "Adds", {"a": int, "b": int})
        async def add(given: dict[str, Any]) -> str:
            await self._meet("tool")
            return str(given["a"] + given["b"])

        return ClaudeCodeOptions(
            can_use_tool=can_use_tool,
            hooks={"PreToolUse": [HookMatcher(hooks=[hook])]},
            mcp_servers={"sums": create_sdk_mcp_server("sums", tools=[add])},
            **more,
        )

    async def run(self, transport: Transport | None = None, **more: Any) -> list[Any]:
        """Ask, interrupt without reading, and only then read; the messages."""
        with anyio.fail_after(WAIT):
            async with ClaudeSDKClient(self.options(**more), transport) as client:
                await client.query("go")
                for name in ("permission", "hook", "tool"):
                    await self._met[name].wait()
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._meet, "interrupt")
                    receipt = await client.interrupt()
                assert receipt == {"still_queued": []}
                return [message async for message in client.receive_response()]


def payloads(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of the three callbacks, without the wrapping of JSON-RPC."""
    answers["m"] = answers["m"]["mcp_response"]["result"]["content"]
    return answers


EXPECTED = {
    "p": {"behavior": "allow", "updatedInput": {"command": "pwd"}},
    "h": {"systemMessage": "seen"},
    "m": [{"type": "text", "text": "3"}],
}


async def test_callbacks_tools_and_an_interrupt_at_once_in_process() -> None:
    texts = [assistant(f"text {number}") for number in range(UNREAD)]
    answered: list[str] = []

    def on_answer(answer: dict[str, Any]) -> list[Any]:
        answered.append(answer["request_id"])
        return [result()] if len(answered) == 3 else []

    peer = Peer(
        lambda frame: [*texts, *QUESTIONS],
        on_control={"interrupt": lambda request: {"still_queued": []}},
        on_answer=on_answer,
    )
    messages = await Program().run(peer.transport)
    assert (len(messages), type(messages[-1])) == (UNREAD + 1, ResultMessage)
    assert payloads({key: peer.answer_to(key)["response"] for key in answered}) == EXPECTED


async def test_callbacks_tools_and_an_interrupt_at_once_with_a_process(tmp_path: Path) -> None:
    source = f"""
answers = {{}}

def control(frame):
    answer(frame, {INFO!r} if frame["request"]["subtype"] == "initialize" else {{"still_queued": []}})

def turn(frame):
    say(*[HELLO] * {UNREAD}, *{QUESTIONS!r})

def answered(frame):
    answers[frame["response"]["request_id"]] = frame["response"]["response"]
    if len(answers) == 3:
        say({{**RESULT, "structured_output": answers}})
"""
    messages = await Program().run(cli_path=fake_cli(tmp_path, source))
    assert (len(messages), type(messages[-1])) == (UNREAD + 1, ResultMessage)
    assert payloads(messages[-1].structured_output) == EXPECTED
