"""Frames with a value of the wrong kind, or without it, cost at most themselves: the session goes on."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
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

from .peers import Frame, Peer, asks, assistant, result

WAIT = 5.0
IDS = {"uuid": "u", "session_id": "s"}


def system(subtype: str, **more: Any) -> Frame:
    return {"type": "system", "subtype": subtype, **IDS, **more}


FRAMES: list[Frame] = [
    assistant("x"),
    result(result="in between"),
    {"type": "user", "message": {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t"}]}, **IDS},
    {"type": "stream_event", "event": {"type": "x"}, "parent_tool_use_id": None, **IDS},
    {"type": "rate_limit_event", "rate_limit_info": {"status": "allowed", "resetsAt": 1}, **IDS},
    {"type": "conversation_reset", "new_conversation_id": "x", **IDS},
    {"type": "keep_alive"},
    system("init", tools=[], mcp_servers=[{"name": "a"}], model="m"),
    system("session_state_changed", state="running", sdk_host_only=True),
    system("task_started", task_id="t", task_type="local_agent", description="d"),
    system("task_progress", task_id="t", description="d", usage={"total_tokens": 1}),
    system("task_updated", task_id="t", patch={"status": "completed"}),
    system("task_notification", task_id="t", status="completed", output_file="f", summary="s"),
    system("hook_started", hook_event_name="x"),
    asks("r1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"}, tool_use_id="t"),
    asks("r2", "can_use_tool", tool_name="Bash", input={}, permission_suggestions=[{"type": "addRules", "rules": []}]),
    asks("r3", "mcp_message", server_name="own", message={"jsonrpc": "2.0", "id": 1, "method": "tools/call"}),
    {"type": "control_response", "response": {"subtype": "success", "request_id": "nothing", "response": {}}},
    {"type": "control_cancel_request", "request_id": "nothing"},
]

ODD: list[Any] = [None, 1, -1.5, True, "x", [], [None], [[]], {}, {"type": []}]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def variants(frame: Frame) -> Iterator[Frame]:
    """The frame with each value in it replaced by each of `ODD`, and left out."""
    for *path, key in places(frame):
        for odd in (*ODD, ...):
            changed = copy.deepcopy(frame)
            parent: Any = changed
            for step in path:
                parent = parent[step]
            parent[key] = odd
            if odd is ...:
                del parent[key]
            yield changed


@tool("act", "acts", {})
async def act(args: dict[str, Any]) -> str:
    return "done"


async def no_opinion(*_: Any) -> dict[str, Any]:
    return {}


async def allow(*_: Any) -> PermissionResultAllow:
    return PermissionResultAllow()


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.get("subtype") or frame["type"])
async def test_a_session_outlives_frames_of_any_shape(frame: Frame, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL + 1)  # thousands of warnings, each right
    peer = Peer(lambda prompt: [*variants(frame), result(result="at last")])
    options = ClaudeCodeOptions(
        hooks={"PreToolUse": [HookMatcher(hooks=[no_opinion])]},
        can_use_tool=allow,
        mcp_servers={"own": create_sdk_mcp_server("own", tools=[act])},
    )
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options, transport=peer.transport) as client:
            await client.query("hi")
            async for message in client.receive_messages():
                assert repr(message)
                if isinstance(message, ResultMessage) and message.result == "at last":
                    break
            assert await client.interrupt() == {}


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("key", ["commands", "claude_code_version", "hooks_applied", "hook_on_failure_supported"])
async def test_a_handshake_may_say_what_it_likes(key: str, odd: Any) -> None:
    peer = Peer(on_control={"initialize": lambda request: {"claude_code_version": "2.1.330", key: odd}})
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(transport=peer.transport) as client:
            assert (await client.get_server_info() or {})[key] == odd
