"""call_hook, call_permission, call_tool: one function as the client runs it, and the inputs against recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from claude_code_sdk import (
    CancelSignal,
    PermissionResultAllow,
    PermissionResultDeny,
    PermissionUpdate,
    ToolPermissionContext,
    create_sdk_mcp_server,
    tool,
)
from claude_code_sdk.hooks import inputs
from claude_code_sdk.hooks.matcher import HookEvent
from claude_code_sdk.testing import call_hook, call_permission, call_tool
from claude_code_sdk.testing.sample_requests import EVENTS, TOOL_EVENTS

CASSETTES = Path(__file__).parents[2] / "cassettes"


class Seen:
    """A hook that keeps what it was called with."""

    def __init__(self, output: Any = None) -> None:
        self.output = output

    async def __call__(self, given: Any, tool_use_id: str | None, context: Any) -> Any:
        self.given, self.tool_use_id, self.context = given, tool_use_id, context
        return self.output


# Hooks


async def test_a_hook_gets_the_call_and_its_output_comes_back() -> None:
    async def no_rm(given: Any, tool_use_id: Any, context: Any) -> dict[str, Any]:
        assert given["hook_event_name"] == "PreToolUse"
        assert tool_use_id == given["tool_use_id"]
        if "rm" not in given["tool_input"]["command"]:
            return {}
        return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny"}}

    denied = await call_hook(no_rm, "PreToolUse", tool="Bash", input={"command": "rm -rf /"})
    assert denied == {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny"}}
    assert await call_hook(no_rm, "PreToolUse", tool="Bash", input={"command": "ls"}) == {}


async def test_the_output_is_what_goes_over_the_wire() -> None:
    assert await call_hook(Seen({"continue_": False, "more": (1, 2)}), "Stop") == {"continue": False, "more": [1, 2]}
    assert await call_hook(Seen(None), "Stop") == {}


async def test_a_hook_need_not_be_async() -> None:
    assert await call_hook(lambda given, tool_use_id, context: {"reason": given["prompt"]}, "UserPromptSubmit") == {
        "reason": "Hello"
    }


async def test_fields_replace_those_of_the_sample() -> None:
    hook = Seen()
    await call_hook(hook, "PostToolUse", tool="Read", tool_response={"x": 1}, permission_mode="plan", agent_id="a1")
    assert hook.given["tool_response"] == {"x": 1}
    assert (hook.given["permission_mode"], hook.given["agent_id"]) == ("plan", "a1")
    assert hook.given["tool_input"] == {"file_path": "/project/note.txt"}


async def test_a_hook_that_raises_does_so_here() -> None:
    async def broken(*_: Any) -> None:
        raise LookupError("no such rule")

    with pytest.raises(LookupError, match="no such rule"):
        await call_hook(broken, "PreToolUse")
    blocked = await call_hook(broken, "PreToolUse", failing_hooks_block=True)
    assert blocked["hookSpecificOutput"]["permissionDecisionReason"] == "The hook failed: no such rule"


@pytest.mark.parametrize("output", ["yes", {"x": float("nan")}, {"x": object()}])
async def test_what_is_no_output_is_refused(output: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        await call_hook(Seen(output), "PreToolUse")


async def test_the_signal_is_the_one_given() -> None:
    hook, signal = Seen(), CancelSignal()
    await call_hook(hook, "Stop", signal=signal)
    assert hook.context == {"signal": signal}


@pytest.mark.parametrize("event", get_args(HookEvent))
async def test_every_event_has_an_input(event: str) -> None:
    hook = Seen()
    await call_hook(hook, event)
    assert hook.given["hook_event_name"] == event
    assert {"session_id", "transcript_path", "cwd"} <= hook.given.keys()
    assert ("tool_name" in hook.given) is (event in TOOL_EVENTS)
    assert hook.tool_use_id


@pytest.mark.parametrize("event", EVENTS)
async def test_an_input_has_the_fields_of_its_type_and_no_others(event: str) -> None:
    hook = Seen()
    await call_hook(hook, event)
    declared = getattr(inputs, f"{event}HookInput")
    assert (
        declared.__required_keys__
        <= hook.given.keys()
        <= declared.__annotations__.keys()
        | {"prompt_id", "permission_mode", "effort", "agent_id", "agent_type", "session_id", "transcript_path", "cwd"}
    )


def recorded(subtype: str) -> list[dict[str, Any]]:
    frames = [
        json.loads(line).get("frame") or {}
        for path in sorted(CASSETTES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    requests = [frame["request"] for frame in frames if frame.get("type") == "control_request"]
    return [request for request in requests if request.get("subtype") == subtype]


async def test_an_input_has_the_fields_of_a_recorded_one() -> None:
    requests = recorded("hook_callback")
    assert requests
    for request in requests:
        given = request["input"]
        hook, subagent = Seen(), {key: given[key] for key in ("agent_id", "agent_type") if key in given}
        call = {"tool": given.get("tool_name"), "input": given.get("tool_input")}
        await call_hook(hook, given["hook_event_name"], **call, **subagent)
        assert hook.given.keys() == given.keys()


# Permission callbacks


async def test_a_callback_is_asked_and_its_decision_comes_back() -> None:
    async def ask(name: str, given: dict[str, Any], context: ToolPermissionContext) -> Any:
        if name == "Bash":
            return PermissionResultDeny(message=f"not {given['command']}", interrupt=True)
        return PermissionResultAllow(updated_permissions=context.suggestions)

    assert await call_permission(ask, "Bash", {"command": "ls"}) == {
        "behavior": "deny",
        "message": "not ls",
        "interrupt": True,
    }
    assert await call_permission(ask, "Write", {"file_path": "/project/a", "content": ""}) == {
        "behavior": "allow",
        "updatedInput": {"file_path": "/project/a", "content": ""},
        "updatedPermissions": [{"type": "setMode", "mode": "acceptEdits", "destination": "session"}],
    }


async def test_the_context_has_the_fields_of_the_request() -> None:
    seen: list[ToolPermissionContext] = []

    async def ask(name: str, given: Any, context: ToolPermissionContext) -> PermissionResultAllow:
        seen.append(context)
        return PermissionResultAllow()

    rule = PermissionUpdate(type="addDirectories", directories=["/x"], destination="session")
    await call_permission(ask, "mcp__kit__say_hello", agent_id="a1", permission_suggestions=[rule.to_dict()])
    (context,) = seen
    assert (context.agent_id, context.suggestions, context.display_name) == ("a1", [rule], "Say hello")


async def test_a_request_has_the_fields_of_a_recorded_one() -> None:
    requests = recorded("can_use_tool")
    assert requests
    for request in requests:
        seen: list[Any] = []

        async def ask(name: str, given: Any, context: Any, seen: list[Any] = seen) -> PermissionResultAllow:
            seen.append(context.raw)
            return PermissionResultAllow()

        await call_permission(ask, request["tool_name"], request["input"])
        assert seen[0].keys() <= request.keys()
        assert {"tool_name", "display_name", "input", "tool_use_id", "permission_suggestions"} <= seen[0].keys()


async def test_what_is_no_decision_is_refused() -> None:
    with pytest.raises(TypeError, match="returns PermissionResultAllow or PermissionResultDeny, not bool"):
        await call_permission(lambda *_: True)


# Tools


@tool("greet", "Greet", {"name": str})
async def greet(given: dict[str, Any]) -> dict[str, Any]:
    if given["name"] == "nobody":
        raise ValueError("there is nobody")
    return {"content": [{"type": "text", "text": f"Hello {given['name']}"}]}


async def test_a_tool_is_called_and_its_result_comes_back() -> None:
    hello = [{"type": "text", "text": "Hello Ann"}]
    assert await call_tool(greet, {"name": "Ann"}) == {"content": hello, "isError": False}


async def test_a_tool_that_fails_gives_an_error_that_the_model_can_read() -> None:
    result = await call_tool(greet, {"name": "nobody"})
    assert result["isError"] is True
    assert "there is nobody" in result["content"][0]["text"]


async def test_arguments_are_checked_as_for_the_cli() -> None:
    result = await call_tool(greet, {"name": 3})
    assert result["isError"] is True
    assert "Input validation error" in result["content"][0]["text"]


async def test_a_tool_of_a_server_is_called_by_its_name() -> None:
    server = create_sdk_mcp_server("kit", tools=[greet])
    assert (await call_tool(server, {"name": "Bo"}, name="greet"))["content"][0]["text"] == "Hello Bo"
    with pytest.raises(TypeError, match="takes the name of the tool"):
        await call_tool(server, {"name": "Bo"})


async def test_a_hand_built_server_works_too() -> None:
    fastmcp = pytest.importorskip("mcp.server.mcpserver", reason="needs mcp 2")
    server = fastmcp.MCPServer("hand-built")

    @server.tool()  # type: ignore[untyped-decorator]
    def double(number: int) -> str:
        return str(2 * number)

    result = await call_tool(server, {"number": 4}, name="double")
    assert result["content"][0]["text"] == "8"
