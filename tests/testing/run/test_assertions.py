"""The assertions of a run: when they hold, what they return, and the whole text of each when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.testing import Run, including

from ...cassettes.playing import (
    answer,
    asks_for,
    cancel,
    cli,
    exits,
    host,
    prompt,
    refusal,
    request,
    says,
    spawn,
    stderr,
)


def hook(number: int, event: str, output: Any = None, **given: Any) -> list[Entry]:
    """A hook that was called, and its answer unless there is none."""
    asked = request(f"h{number}", "hook_callback", callback_id="hook_0", input={"hook_event_name": event, **given})
    return [cli(asked), *([] if output is None else [host(answer(f"h{number}", output))])]


def denied(reason: str) -> dict[str, Any]:
    specific = {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": reason}
    return {"hookSpecificOutput": specific}


def call(id: str, name: str, result: str | None = None, *, is_error: bool = False, **given: Any) -> list[Entry]:
    block = {"type": "tool_use", "id": id, "name": name, "input": given}
    returned = {"type": "tool_result", "tool_use_id": id, "content": result, "is_error": is_error}
    came = [cli({"type": "user", "message": {"content": [returned]}})] if result is not None else []
    return [cli({"type": "assistant", "message": {"model": "m", "content": [block]}}), *came]


def result(**fields: Any) -> Entry:
    frame = {"type": "result", "subtype": "success", "is_error": False, "result": "done", "num_turns": 2}
    return cli({**frame, "duration_ms": 1, "duration_api_ms": 1, "session_id": "s", "total_cost_usd": 0.02, **fields})


HOOKS = [
    *hook(1, "PreToolUse", denied("no rm here"), tool_name="Bash", tool_input={"command": "rm -rf build"}),
    *hook(2, "PreToolUse", {}, tool_name="Bash", tool_input={"command": "ls"}),
    *hook(3, "UserPromptSubmit", {}, prompt="hi", session_id="s", cwd="/project"),
]
CALLS = [
    *call("t1", "Read", "text", file_path="a.py"),
    *call("t2", "Bash", "no rm here", is_error=True, command="rm -rf build"),
    *call("t3", "Bash", command="ls"),
]
PERMISSIONS = [
    cli(asks_for("p1", "Bash", command="ls")),
    host(answer("p1", {"behavior": "deny", "message": "read only"})),
    cli(asks_for("p2", "Write", file_path="a")),
    host(answer("p2", {"behavior": "allow", "updatedInput": {"file_path": "b"}})),
]


def run_of(*entries: Entry) -> Run:
    return Run.of([spawn(), *entries])


def failure(assertion: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The text with which the assertion fails."""
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    return f"{caught.value}\n"


def block(text: str) -> str:
    return dedent(text).lstrip("\n")


# Hooks


def test_a_hook_call_that_fits_is_returned() -> None:
    run = run_of(*HOOKS)
    assert run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", times=1) == run.hook_calls[0]
    assert run.assert_hook_called(tool=re.compile("^B"), times=2) is not None
    assert run.assert_hook_called("UserPromptSubmit", input={"prompt": "hi"}) == run.hook_calls[2]
    assert run.assert_hook_called("PostToolUse", times=0) is None
    run.assert_hook_not_called("PreToolUse", tool="Read")


def test_a_hook_that_was_called_otherwise_is_shown_with_what_differs() -> None:
    run = run_of(*HOOKS)
    text = failure(run.assert_hook_called, "PreToolUse", tool="Bash", decision="deny", reason=re.compile("^no ls"))
    assert text == block("""
        expected a hook call with
          event     'PreToolUse'
          tool      'Bash'
          decision  'deny'
          reason    re.compile('^no ls')
        but none of 3 hook calls fits, nearest first:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
               reason  expected re.compile('^no ls'), was 'no rm here'
          2. PreToolUse of Bash {'command': 'ls'} -> no decision
               decision  expected 'deny', was None
               reason    expected re.compile('^no ls'), was None
          … and 1 more
        """)


def test_only_the_keys_of_an_input_that_differ_are_shown() -> None:
    run = run_of(*hook(1, "PreToolUse", {}, tool_name="Bash", tool_input={"command": "ls", "timeout": 3, "cwd": "/"}))
    given = {"command": "rm", "timeout": int, "description": "List"}
    assert failure(run.assert_hook_called, "PreToolUse", input=given) == block("""
        expected a hook call with
          event  'PreToolUse'
          input  {'command': 'rm', 'timeout': int, 'description': 'List'}
        but the only hook call differs:
          1. PreToolUse of Bash {'command': 'ls', 'timeout': 3, 'cwd': '/'} -> no decision
               input.command      expected 'rm', was 'ls'
               input.description  expected 'List', was nothing
               input.cwd          expected nothing, was '/'
        """)


def test_the_nearest_come_first_whenever_they_were_called() -> None:
    run = run_of(
        *(entry for number in range(1, 6) for entry in call(f"t{number}", "Read", path=number, to=number // 4))
    )
    assert failure(run.assert_tool_called, "Read", {"path": 9, "to": 1}) == block("""
        expected a tool call with
          name   'Read'
          input  {'path': 9, 'to': 1}
        but none of 5 tool calls fits, nearest first:
          4. Read {'path': 4, 'to': 1} -> no result
               input.path  expected 9, was 4
          5. Read {'path': 5, 'to': 1} -> no result
               input.path  expected 9, was 5
          1. Read {'path': 1, 'to': 0} -> no result
               input.path  expected 9, was 1
               input.to    expected 1, was 0
          … and 2 more
        """)


def test_where_no_hook_of_the_event_was_called_that_alone_is_said() -> None:
    run = run_of(*HOOKS)
    assert failure(run.assert_hook_called, "PostToolUse", tool="Bash", decision="block") == block("""
        expected a hook call with
          event     'PostToolUse'
          tool      'Bash'
          decision  'block'
        but none of 3 hook calls fits, nearest first:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
               event  expected 'PostToolUse', was 'PreToolUse'
          2. PreToolUse of Bash {'command': 'ls'} -> no decision
               event  expected 'PostToolUse', was 'PreToolUse'
          … and 1 more
        """)


def test_where_no_hook_was_called_at_all_that_is_said() -> None:
    assert failure(run_of().assert_hook_called, "Stop") == block("""
        expected a hook call with
          event  'Stop'
        but there was no hook call at all
        """)


def test_a_hook_that_was_called_too_often_is_listed() -> None:
    run = run_of(*HOOKS)
    assert failure(run.assert_hook_called, "PreToolUse", times=1) == block("""
        expected 1 hook call with
          event  'PreToolUse'
        but 2 of 3 fit:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
          2. PreToolUse of Bash {'command': 'ls'} -> no decision
        """)


def test_a_hook_that_was_called_too_rarely_is_listed_with_the_nearest_of_the_others() -> None:
    run = run_of(*HOOKS)
    assert failure(run.assert_hook_called, "PreToolUse", decision="deny", times=2) == block("""
        expected 2 hook calls with
          event     'PreToolUse'
          decision  'deny'
        but 1 of 3 fits:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
        nearest of the others:
          2. PreToolUse of Bash {'command': 'ls'} -> no decision
               decision  expected 'deny', was None
          … and 1 more
        """)


def test_a_hook_that_should_not_have_been_called_is_listed() -> None:
    run = run_of(*HOOKS)
    assert failure(run.assert_hook_not_called, "PreToolUse", decision="deny") == block("""
        expected no hook call with
          event     'PreToolUse'
          decision  'deny'
        but there was 1:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
        """)
    assert failure(run.assert_hook_not_called) == block("""
        expected no hook call
        but there were 3:
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
          2. PreToolUse of Bash {'command': 'ls'} -> no decision
          3. UserPromptSubmit {'prompt': 'hi'} -> no decision
        """)


def test_hooks_that_failed_or_were_withdrawn_or_never_answered_say_so() -> None:
    asked = {"tool_name": "Bash", "tool_input": {}}
    run = run_of(
        *hook(1, "PreToolUse", **asked),
        host(refusal("h1", "ValueError: gone")),
        *hook(2, "PreToolUse", **asked),
        cli(cancel("h2")),
        *hook(3, "PreToolUse", **asked),
    )
    assert [call.status for call in run.hook_calls] == ["failed", "withdrawn", "unanswered"]
    assert failure(run.assert_hook_not_called) == block("""
        expected no hook call
        but there were 3:
          1. PreToolUse of Bash {} -> failed, 'ValueError: gone'
          2. PreToolUse of Bash {} -> withdrawn
          3. PreToolUse of Bash {} -> unanswered
        """)


def test_what_a_sub_agent_did_in_which_session_is_said() -> None:
    inside = {"tool_name": "Bash", "tool_input": {}, "agent_id": "a1", "agent_type": "reader"}
    run = Run.of([spawn(), *HOOKS[:2], spawn(), *hook(4, "PreToolUse", {}, **inside)])
    run.assert_hook_called(agent="reader", times=1)
    run.sessions[0].assert_hook_not_called(agent="reader")
    assert failure(run.assert_hook_not_called, "PreToolUse") == block("""
        expected no hook call with
          event  'PreToolUse'
        but there were 2:
          1. session 1: PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
          2. session 2: PreToolUse of Bash {} by the sub-agent reader -> no decision
        """)


def test_long_lists_and_values_are_cut() -> None:
    run = run_of(*(entry for number in range(12) for entry in call(f"t{number}", "Bash", "x" * 200, command="y" * 200)))
    line = "Bash {'command': '" + "y" * 47 + "… (155 more) -> '" + "x" * 59 + "… (142 more)"
    head = "expected no tool call\nbut there were 12:\n"
    lines = "".join(f"  {number}. {line}\n" for number in range(1, 11))
    assert failure(run.assert_no_tool_called) == f"{head}{lines}  … and 2 more\n"


def test_of_long_texts_the_place_where_they_part_is_shown() -> None:
    run = run_of(*call("t1", "Write", content="a" * 500 + "b" + "c" * 300))
    assert failure(run.assert_tool_called, "Write", {"content": "a" * 500 + "d"}) == block(f"""
        expected a tool call with
          name   'Write'
          input  {{'content': '{"a" * 87}… (416 more)
        but the only tool call differs:
          1. Write {{'content': '{"a" * 47}… (756 more) -> no result
               input.content  expected …'{"a" * 20}d', was …'{"a" * 20}b{"c" * 78}… (223 more)
        """)


# Tools


def test_a_tool_call_that_fits_is_returned() -> None:
    run = run_of(*CALLS)
    assert run.assert_tool_called("Bash", {"command": "ls"}) == run.tool_calls[2]
    assert run.assert_tool_called("Read", including(file_path=re.compile("py$")), result="text") is not None
    assert run.assert_tool_called("Bash", is_error=True, times=1) == run.tool_calls[1]
    assert run.assert_tool_called("Write", times=0) is None


def test_a_tool_that_was_called_otherwise_is_shown_with_what_differs() -> None:
    run = run_of(*CALLS)
    text = failure(run.assert_tool_called, "Read", {"file_path": "b.py"}, result=lambda text: text.startswith("T"))
    line = failure.__code__.co_filename.rpartition("/")[2]
    number = re.search(rf"<lambda> of {line}:(\d+)", text)
    assert number is not None
    assert text == block(f"""
        expected a tool call with
          name    'Read'
          input   {{'file_path': 'b.py'}}
          result  <lambda> of test_assertions.py:{number[1]}
        but none of 3 tool calls fits, nearest first:
          1. Read {{'file_path': 'a.py'}} -> 'text'
               input.file_path  expected 'b.py', was 'a.py'
               result           expected <lambda> of test_assertions.py:{number[1]}, was 'text'
          … and 2 more
        """)


def test_tools_that_should_not_have_been_called_are_listed() -> None:
    run_of().assert_no_tool_called()
    assert failure(run_of(*CALLS).assert_no_tool_called) == block("""
        expected no tool call
        but there were 3:
          1. Read {'file_path': 'a.py'} -> 'text'
          2. Bash {'command': 'rm -rf build'} -> error 'no rm here'
          3. Bash {'command': 'ls'} -> no result
        """)
    assert failure(run_of(*CALLS).assert_tool_called, "Read", times=0) == block("""
        expected no tool call with
          name  'Read'
        but there was 1:
          1. Read {'file_path': 'a.py'} -> 'text'
        """)


def test_an_order_holds_with_others_in_between() -> None:
    run = run_of(*CALLS)
    run.assert_tool_order("Read", "Bash", "Bash")
    run.assert_tool_order("Read", ("Bash", {"command": "ls"}))
    run.assert_tool_order("Bash")
    run.assert_tool_order()


def test_an_order_that_does_not_hold_is_shown_with_where_it_broke() -> None:
    run = run_of(*CALLS)
    assert failure(run.assert_tool_order, "Read", ("Bash", {"command": "ls"}), "Read", "Write") == block("""
        expected these tool calls, in this order
          1. Read
          2. Bash {'command': 'ls'}
          3. Read   <- not found
          4. Write
        but none fits 3. after 2. was met; what was called:
          Read {'file_path': 'a.py'} -> 'text'   <- 1.
          Bash {'command': 'rm -rf build'} -> error 'no rm here'
          Bash {'command': 'ls'} -> no result   <- 2.
        """)
    assert failure(run_of().assert_tool_order, "Read") == block("""
        expected these tool calls, in this order
          1. Read   <- not found
        but no tool was called
        """)
    assert failure(run.assert_tool_order, "Read", agent="reader") == block("""
        expected these tool calls, in this order
          1. Read   <- not found
        but no tool was called
        """)


# Permissions


def test_a_permission_request_that_fits_is_returned() -> None:
    run = run_of(*PERMISSIONS)
    assert run.assert_permission("Bash", decision="deny", message="read only") == run.permission_requests[0]
    assert run.assert_permission("Write", decision="allow", updated_input={"file_path": "b"}, times=1) is not None


def test_a_permission_request_that_was_answered_otherwise_is_shown_with_what_differs() -> None:
    run = run_of(*PERMISSIONS)
    assert failure(run.assert_permission, "Bash", decision="allow") == block("""
        expected a permission request with
          tool      'Bash'
          decision  'allow'
        but none of 2 permission requests fits, nearest first:
          1. Bash {'command': 'ls'} -> deny, 'read only'
               decision  expected 'allow', was 'deny'
          … and 1 more
        """)
    assert failure(run_of().assert_permission, "Bash") == block("""
        expected a permission request with
          tool  'Bash'
        but there was no permission request at all
        """)


# Prompts


def test_a_prompt_is_found() -> None:
    run = run_of(host(prompt("Tidy up")), host(prompt("Go on")))
    run.assert_prompt("Tidy up")
    run.assert_prompt(re.compile("^Go"), times=1)
    run.assert_prompt("Stop", times=0)


def test_a_prompt_that_was_not_sent_is_told_with_those_that_were() -> None:
    run = run_of(host(prompt("Tidy up")), host(prompt("Go on")))
    assert failure(run.assert_prompt, "Tidy") == block("""
        expected the prompt 'Tidy'
        but the program sent 2 prompts:
          1. 'Tidy up'
          2. 'Go on'
        """)
    assert failure(run.assert_prompt, re.compile("down"), times=2) == block("""
        expected a prompt like re.compile('down'), twice
        but the program sent 2 prompts:
          1. 'Tidy up'
          2. 'Go on'
        """)
    assert failure(run_of().assert_prompt, "Hi") == block("""
        expected the prompt 'Hi'
        but nothing was sent
        """)


# The result


def test_a_result_that_fits_is_returned() -> None:
    run = run_of(result())
    assert run.assert_result() is run.result
    run.assert_result("done", is_error=False, subtype="success", cost_below=0.03, turns=2)
    run.assert_result(re.compile("d"), turns=lambda number: number < 3)


def test_a_result_that_differs_is_told() -> None:
    run = run_of(result(is_error=True, subtype="error_during_execution", result="It broke"))
    assert failure(run.assert_result, is_error=False, cost_below=0.01, subtype="success") == block("""
        the last result is not as expected
          is_error  expected False, was True
          subtype   expected 'success', was 'error_during_execution'
          cost      expected below 0.01 USD, was 0.02 USD
        its text: 'It broke'
        """)
    assert failure(run.assert_result, "done") == block("""
        the last result is not as expected
          text  expected 'done', was 'It broke'
        """)


def test_the_cost_is_that_of_all_sessions() -> None:
    run = Run.of([spawn(), result(), spawn(), result()])
    run.sessions[1].assert_result(cost_below=0.03)
    assert failure(run.assert_result, cost_below=0.03) == block("""
        the last result is not as expected
          cost  expected below 0.03 USD, was 0.04 USD
        its text: 'done'
        """)


def test_a_missing_result_is_told_with_how_the_session_ended() -> None:
    assert failure(Run.of([]).assert_result) == block("""
        expected a result
        but no session was started
        """)
    assert failure(run_of(cli(says("Hello"))).assert_result) == block("""
        expected a result
        but the session has none; it is not over, or was ended by force
        """)
    crashed = Run.of([spawn(), result(), spawn(), *(stderr(f"line {number}") for number in range(7)), exits(1)])
    assert failure(crashed.assert_result) == block("""
        expected a result
        but session 2, the last one, has none; it ended with exit code 1
        its stderr ends with
          line 2
          line 3
          line 4
          line 5
          line 6
        """)


# What must not have happened, misspelt


@pytest.mark.parametrize("event", ["PreToolUs", "pretooluse", "PreToolUsed"])
def test_a_misspelt_event_that_must_not_have_come_is_refused(event: str) -> None:
    run = run_of(*HOOKS)
    with pytest.raises(ValueError, match=f"^there is no event '{event}', so this would always hold; did you "):
        run.assert_hook_not_called(event)
    with pytest.raises(ValueError, match=re.escape("did you mean 'PreToolUse'?  For an event of a newer CLI give a ")):
        run.assert_hook_called(event, times=0)


def test_a_misspelt_event_that_was_expected_is_no_more_than_that() -> None:
    assert "expected 'PreToolUs', was 'PreToolUse'" in failure(run_of(*HOOKS).assert_hook_called, "PreToolUs")


def test_events_of_a_newer_cli_may_be_asserted_not_to_have_come() -> None:
    run = run_of(*HOOKS, *hook(4, "PreToolUsed", {}))
    run.assert_hook_not_called("PlanMade")
    run.assert_hook_not_called(re.compile("^PreToolUses$"))
    assert "but there was 1:" in failure(run.assert_hook_not_called, "PreToolUsed")


def test_a_decision_that_nothing_comes_to_is_refused() -> None:
    words = "there are allow, deny, ask, defer, approve, block, stop"
    with pytest.raises(ValueError, match=f"^there is no decision 'denied', so this would always hold; {words}$"):
        run_of(*PERMISSIONS).assert_permission(decision="denied", times=0)
    with pytest.raises(ValueError, match="there is no decision 'denied'"):
        run_of(*HOOKS).assert_hook_not_called(decision="denied")


def test_a_status_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no status 'error', .* answered, failed, withdrawn, unanswered$"):
        run_of(*HOOKS).assert_hook_not_called(status="error")
