"""What the programs in `programs_agent_sdk/` meet, and what they have to print: on our SDK and on the official one.

Above: `test_agent_sdk.py`, and `tests/official/test_programs.py`, which changes only their imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import anyio
import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.protocol.engine import Exit
from tests.client.peers import Frame, Peer, asks, assistant, result

from .running import asking, calls_tool, main_of, transport

WAIT = 10.0
PROGRAMS = Path(__file__).parent / "programs_agent_sdk"


class Case(NamedTuple):
    """- `peer`: makes the CLI of the program's run; None for a program with a transport of its own.
    - `lines`: what the program prints.
    - `answers`: the program's answers to what the CLI asks, by request id.
    - `sent`: the bodies of the program's control requests after the handshake.
    """

    peer: Callable[[], Peer] | None
    lines: list[str]
    answers: Mapping[str, Frame] = MappingProxyType({})
    sent: Sequence[Frame] = ()


def system(subtype: str, **more: Any) -> Frame:
    return {"type": "system", "subtype": subtype, "uuid": "u", "session_id": "s", **more}


def model(*blocks: Frame, **more: Any) -> Frame:
    message = {"id": "msg_1", "role": "assistant", "model": "m", "content": list(blocks), "usage": {"input_tokens": 1}}
    return {"type": "assistant", "message": message, "session_id": "s", "uuid": "u", **more}


def report() -> Peer:
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "{"}}
    gave = [{"type": "tool_result", "tool_use_id": "t1", "content": "ok", "is_error": False}]
    task = {"task_id": "k1", "tool_use_id": "t2"}
    used = {"total_tokens": 7, "tool_uses": 1, "duration_ms": 5}
    costs = {
        "inputTokens": 1,
        "outputTokens": 2,
        "cacheReadInputTokens": 0,
        "cacheCreationInputTokens": 0,
        "webSearchRequests": 0,
        "costUSD": 0.25,
        "contextWindow": 200_000,
        "maxOutputTokens": 32_000,
    }
    limit = {"status": "allowed", "rateLimitType": "five_hour", "resetsAt": 1_700_000_000}
    frames = [
        system("init", model="m", cwd="/project", tools=["Read"]),
        system("hook_started", hook_event="SessionStart"),
        {"type": "stream_event", "uuid": "u", "session_id": "s", "event": delta, "parent_tool_use_id": None},
        model({"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": "I look."}),
        model({"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "a"}}),
        {
            "type": "user",
            "uuid": "u9",
            "session_id": "s",
            "message": {"role": "user", "content": gave},
            "tool_use_result": {"type": "text"},
        },
        system("task_started", **task, description="Review", task_type="local_agent"),
        system("task_progress", **task, description="Review", usage=used, last_tool_name="Read"),
        system("task_updated", **task, patch={"status": "running"}),
        system("task_notification", **task, status="completed", output_file="/o", summary="All good"),
        system("status", status="compacting"),
        {"type": "rate_limit_event", "rate_limit_info": limit, "uuid": "u", "session_id": "s"},
        model({"type": "text", "text": "Too fast."}, error="rate_limit"),
        result(structured_output={"ok": True}, stop_reason="end_turn", modelUsage={"m": costs}),
    ]
    return Peer(lambda frame: frames)


def policy() -> Peer:
    given = {"session_id": "s", "transcript_path": "/t", "cwd": "/project"}
    suggestion = {
        "type": "addRules",
        "rules": [{"toolName": "Write", "ruleContent": "a.txt"}],
        "behavior": "allow",
        "destination": "localSettings",
    }

    def hook(request_id: str, callback: str, event: str, **more: Any) -> Frame:
        body = {**given, "hook_event_name": event, "tool_name": "Bash", "tool_use_id": "t1", **more}
        return asks(request_id, "hook_callback", callback_id=callback, input=body, tool_use_id="t1")

    def ask(request_id: str, tool: str) -> Frame:
        return asks(
            request_id,
            "can_use_tool",
            tool_name=tool,
            input={"file_path": "a.txt"},
            tool_use_id="t2",
            permission_suggestions=[suggestion],
            blocked_path=None,
            title=f"Use {tool}?",
            decision_reason="no rule",
        )

    return asking(
        hook("h1", "hook_0", "PreToolUse", tool_input={"command": "rm -rf /"}),
        hook("h2", "hook_0", "PreToolUse", tool_input={"command": "ls"}),
        hook("h3", "hook_1", "PostToolUse", tool_input={}, tool_response={}),
        hook("h4", "hook_2", "PostToolUse", tool_input={}, tool_response={}),
        ask("p1", "Write"),
        ask("p2", "Edit"),
        permission_denials=[{"tool_name": "Edit"}],
    )


SUGGESTION = {
    "type": "addRules",
    "destination": "localSettings",
    "rules": [{"toolName": "Write", "ruleContent": "a.txt"}],
    "behavior": "allow",
}


def toolbox() -> Peer:
    return asking(
        asks(
            "m0",
            "mcp_message",
            server_name="box",
            message={
                "jsonrpc": "2.0",
                "id": "m0",
                "method": "initialize",
                "params": {
                    "protocolVersion": "2025-06-18",
                    "capabilities": {},
                    "clientInfo": {"name": "cli", "version": "1"},
                },
            },
        ),
        asks(
            "mi",
            "mcp_message",
            server_name="box",
            message={"jsonrpc": "2.0", "method": "notifications/initialized", "params": {}},
        ),
        calls_tool("m1", "box", "search", query="tea", limit=2),
        calls_tool("m2", "box", "remember", text=""),
        calls_tool("m3", "box", "count", words=["a", "b"]),
        result="used",
    )


def tool_gave(request_id: str, *content: Frame, is_error: bool = False) -> Frame:
    answer = {"content": list(content), "isError": is_error}
    return {"mcp_response": {"jsonrpc": "2.0", "id": request_id, "result": answer}}


def console() -> Peer:
    servers = [
        {"name": "db", "status": "connected", "tools": [{"name": "select"}]},
        {"name": "web", "status": "failed", "error": "refused "},
    ]
    usage = {"percentage": 12, "maxTokens": 200_000, "categories": [{"name": "Messages", "tokens": 1, "color": "red"}]}
    prompt = {"type": "user", "uuid": "c1", "session_id": "s", "message": {"role": "user", "content": "Hello"}}
    return Peer(
        lambda frame: [prompt, assistant("Hi."), result()],
        on_control={
            "mcp_status": lambda request: {"mcpServers": servers},
            "get_context_usage": lambda request: usage,
        },
    )


def failures() -> Peer:
    end = {
        "subtype": "error_max_turns",
        "is_error": True,
        "errors": ["Reached maximum number of turns (1)"],
        "terminal_reason": "max_turns",
        "result": None,
    }
    return Peer(lambda frame: [result(**end), Exit(1)])


CASES = {
    "report": Case(
        report,
        [
            "init m in /project",
            "hook SessionStart: hook_started",
            "… {",
            "assistant msg_1 {'input_tokens': 1}: I look. (hm)",
            "assistant msg_1 {'input_tokens': 1}: Read {'file_path': 'a'}",
            "user u9: t1 gave 'ok', {'type': 'text'}",
            "task k1: Review (local_agent)",
            "task k1: 7 tokens, Read",
            "task k1: running",
            "task k1: completed, All good",
            "system status",
            "limit five_hour: allowed, resets at 1700000000",
            "assistant msg_1 {'input_tokens': 1}: Too fast. [rate_limit]",
            "result success, end_turn: {'ok': True} for {'m': 0.25}",
        ],
    ),
    "policy": Case(
        policy,
        [
            "Bash in /project as t1",
            "Bash in /project as t1",
            "Write: Use Write? (no rule, t2)",
            "addRules ['Write'] localSettings",
            "Edit: Use Edit? (no rule, t2)",
            "addRules ['Write'] localSettings",
            "[{'tool_name': 'Edit'}]",
        ],
        {
            "h1": {
                "reason": "Dangerous",
                "systemMessage": "Blocked",
                "hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "deny",
                    "permissionDecisionReason": "No deleting",
                },
            },
            "h2": {
                "hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "allow",
                    "updatedInput": {"command": "ls -l"},
                }
            },
            "h3": {"continue": False, "stopReason": "Enough", "suppressOutput": True},
            "h4": {"async": True, "asyncTimeout": 3000},
            "p1": {
                "behavior": "allow",
                "updatedInput": {"file_path": "a.txt"},
                "updatedPermissions": [SUGGESTION],
            },
            "p2": {"behavior": "deny", "message": "Not now"},
        },
    ),
    "toolbox": Case(
        toolbox,
        [
            "sdk toolbox ['search', 'remember', 'count']",
            (
                "{'content': [{'type': 'text', 'text': '1 notes about tea'}, "
                "{'type': 'image', 'data': 'aGk=', 'mimeType': 'image/png'}]}"
            ),
            "used",
        ],
        {
            "m1": tool_gave(
                "m1",
                {"type": "text", "text": "2 notes about tea"},
                {"type": "image", "data": "aGk=", "mimeType": "image/png"},
            ),
            "m2": tool_gave("m2", {"type": "text", "text": "nothing to remember"}, is_error=True),
            "m3": tool_gave("m3", {"type": "text", "text": "2"}),
        },
    ),
    "console": Case(
        console,
        [
            "default",
            "db: connected ['select']",
            "web: failed refused []",
            "12 % of 200000: ['Messages']",
        ],
        sent=[
            {"subtype": "set_permission_mode", "mode": "acceptEdits"},
            {"subtype": "set_model", "model": "opus"},
            {"subtype": "set_model", "model": None},
            {"subtype": "mcp_status"},
            {"subtype": "mcp_reconnect", "serverName": "web"},
            {"subtype": "mcp_toggle", "serverName": "web", "enabled": False},
            {"subtype": "get_context_usage"},
            {"subtype": "rewind_files", "user_message_id": "c1"},
            {"subtype": "stop_task", "task_id": "task-1"},
            {"subtype": "interrupt"},
        ],
    ),
    "failures": Case(
        failures,
        [
            "True ['Reached maximum number of turns (1)'] None max_turns",
            "result: error_max_turns, ['Reached maximum number of turns (1)'], None, 1",
            "s s max_turns None",
            "1 results",
        ],
    ),
    "wire": Case(None, ["['Hello!'] parrot", "True", "False"]),
}


async def check(name: str, capsys: pytest.CaptureFixture[str], *, sdk: str = "claude_code_sdk") -> None:
    """Run one program on an SDK and compare what it does with its case."""
    case = CASES[name]
    peers = [case.peer()] if case.peer else []
    main = main_of(PROGRAMS / f"{name}.py", sdk=sdk)

    with anyio.fail_after(WAIT), use_transport(transport(*peers)):
        await main()

    assert capsys.readouterr().out.splitlines() == case.lines
    for peer in peers:
        assert {request_id: peer.answer_to(request_id)["response"] for request_id in case.answers} == case.answers
        asked = [frame["request"] for frame in peer.of_type("control_request")]
        assert asked[1:] == list(case.sent)
