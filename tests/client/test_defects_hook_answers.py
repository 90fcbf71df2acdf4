"""What a hook that says nothing, or fails, means (known-defects B24)."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, HookMatcher, query

from .peers import Peer, asks, result

WAIT = 5.0


async def answer_of(hook: Any, event: str, *, failing_hooks_block: bool = False) -> dict[str, Any]:
    """What the CLI gets when it asks `hook` about `event`."""
    given = {"hook_event_name": event, "tool_name": "Bash", "tool_input": {"command": "ls"}}
    ask = asks("c1", "hook_callback", callback_id="hook_0", input=given, tool_use_id="t1")
    peer = Peer(lambda frame: [ask], on_answer=lambda answer: [result()])
    options = ClaudeCodeOptions(hooks={event: [HookMatcher(hooks=[hook])]}, failing_hooks_block=failing_hooks_block)
    with anyio.fail_after(WAIT):
        async for _ in query(prompt="go", options=options, transport=peer.transport):
            pass
    return peer.answer_to("c1")


@pytest.mark.parametrize("failing_hooks_block", [False, True])
@pytest.mark.requirement("B24", "hook-none")
async def test_a_hook_that_returns_none_has_no_opinion(failing_hooks_block: bool) -> None:
    async def forgetful(given: Any, tool_use_id: str | None, context: Any) -> None: ...

    answer = await answer_of(forgetful, "PreToolUse", failing_hooks_block=failing_hooks_block)
    assert answer == {"subtype": "success", "request_id": "c1", "response": {}}


async def raising(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
    raise LookupError("no rule for ls")


async def wrong(given: Any, tool_use_id: str | None, context: Any) -> Any:
    return "deny"


async def test_a_hook_that_raises_is_an_error_answer_and_a_traceback_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await answer_of(raising, "PreToolUse")
    assert answer == {"subtype": "error", "request_id": "c1", "error": "no rule for ls"}
    assert "the PreToolUse hook raising raised" in caplog.text
    assert "LookupError: no rule for ls" in caplog.text


@pytest.mark.parametrize("hook", [raising, wrong])
@pytest.mark.requirement("B24", "failing-hooks-block")
async def test_on_request_a_hook_that_fails_denies_the_tool(hook: Any) -> None:
    answer = await answer_of(hook, "PreToolUse", failing_hooks_block=True)
    said = answer["response"]["hookSpecificOutput"]
    assert (said["hookEventName"], said["permissionDecision"]) == ("PreToolUse", "deny")
    assert said["permissionDecisionReason"].startswith("The hook failed: ")


@pytest.mark.requirement("failing-hooks-block")
async def test_on_request_a_hook_that_fails_denies_a_permission() -> None:
    answer = await answer_of(raising, "PermissionRequest", failing_hooks_block=True)
    assert answer["response"] == {
        "hookSpecificOutput": {
            "hookEventName": "PermissionRequest",
            "decision": {"behavior": "deny", "message": "The hook failed: no rule for ls"},
        }
    }


@pytest.mark.requirement("failing-hooks-block")
async def test_on_request_a_hook_that_fails_blocks_anything_else() -> None:
    answer = await answer_of(raising, "UserPromptSubmit", failing_hooks_block=True)
    assert answer["response"] == {"decision": "block", "reason": "The hook failed: no rule for ls"}


@pytest.mark.parametrize("event", ["Stop", "SubagentStop"])
async def test_a_stop_is_never_blocked_since_that_would_go_on_for_ever(event: str) -> None:
    answer = await answer_of(raising, event, failing_hooks_block=True)
    assert answer["subtype"] == "error"
