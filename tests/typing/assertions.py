"""What typed tests write about what happened.  Checked by `mypy`, never run.

An `assert_type` that does not hold is an error of the mypy run.
"""

from __future__ import annotations

from typing import assert_type

from claude_code_sdk.testing import HookCall, PermissionRequest, Run, ToolCall
from claude_code_sdk.testing.run.run import SessionRun


def what_was_asserted_can_be_asked_for_more(run: Run) -> tuple[str | None, object, str | None]:
    hook = run.assert_hook_called("PreToolUse", tool="Bash", decision="deny")
    call = run.assert_tool_called("Bash", {"command": "ls"}, result="a.txt")
    asked = run.assert_permission("Bash", decision="allow")
    assert_type((hook, call, asked), tuple[HookCall, ToolCall, PermissionRequest])
    return hook.reason, call.result, asked.message


def a_number_of_times_leaves_the_first(run: Run, times: int, times_or_any: int | None) -> None:
    assert_type(run.assert_hook_called("PreToolUse", times=2), HookCall)
    assert_type(run.assert_tool_called("Bash", times=times), ToolCall)
    assert_type(run.assert_permission(times=times_or_any), PermissionRequest)


def one_session_says_the_same(session: SessionRun) -> None:
    assert_type(session.assert_hook_called(), HookCall)
    assert_type(session.assert_tool_called("Bash"), ToolCall)
    assert_type(session.assert_permission(), PermissionRequest)


def never_leaves_nothing(run: Run) -> None:
    run.assert_hook_called("PreToolUse", times=0)
    nothing = run.assert_hook_called("PreToolUse", times=0)
    no_call = run.assert_tool_called("Bash", times=0)
    no_request = run.assert_permission(times=0)
    assert_type((nothing, no_call, no_request), tuple[None, None, None])
