"""Callback hooks: whom the CLI asks, when, and what it makes of the answers, of failures and of silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only, result_block

STDIO = ("--permission-prompt-tool", "stdio")


def registered(*ids: str, **more: Any) -> list[Frame]:
    return [{"matcher": None, "hookCallbackIds": list(ids), **more}]


def touching(*replies: str) -> Script:
    script = Script().calls("Bash", command="touch x").returns("")
    for reply in replies or ("Done.",):
        script.says(reply)
    return script


def decision(word: str, reason: str | None = None, **more: Any) -> Frame:
    specific = {"hookEventName": "PreToolUse", "permissionDecision": word, **more}
    return {"hookSpecificOutput": specific | ({} if reason is None else {"permissionDecisionReason": reason})}


def begun(script: Script, folder: Path, *flags: str, **hooks: list[Frame]) -> ByHand:
    """A session with these hooks, whose first prompt was sent; it waits for nothing that takes a second."""
    cli = ByHand(script, folder, *flags)
    cli.patience = 1.0
    cli.start(hooks=hooks)
    cli.prompt("go")
    return cli


def test_all_callbacks_of_an_event_are_asked_at_once(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one", "two"))
    assert [frame["request"]["callback_id"] for frame in only(cli.frames, "hook_callback")] == ["one", "two"]


def test_a_denial_wins_over_an_allowance_in_whatever_order(tmp_path: Path) -> None:
    for number, first in enumerate(("one", "two")):
        folder = tmp_path / str(number)
        cli = begun(touching(), folder, PreToolUse=registered("one", "two"))
        questions = only(cli.frames, "hook_callback")
        for question in sorted(questions, key=lambda frame: frame["request"]["callback_id"] != first):
            word = "deny" if question["request"]["callback_id"] == "two" else "allow"
            cli.answer(question, decision(word, "not now"))
        assert result_block(cli.frames)["content"] == "PreToolUse:Bash hook error: not now"


def test_the_input_of_a_tool_hook_says_what_is_called(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one"))
    given = one(cli.frames, "hook_callback")["request"]["input"]
    assert (given["hook_event_name"], given["tool_name"]) == ("PreToolUse", "Bash")
    assert given["tool_input"] == {"command": "touch x"}
    assert (given["permission_mode"], given["cwd"]) == ("default", str(cli.project))


def test_a_callback_that_does_not_answer_is_given_up_and_its_tool_does_not_run(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one", timeout=2))
    question = one(cli.frames, "hook_callback")
    assert cli.wait(1.5) == []
    cli.wait(0.6)
    assert one(cli.frames, "control_cancel_request")["request_id"] == question["request_id"]
    cli.read()
    assert result_block(cli.frames)["content"].startswith("PreToolUse hook did not respond before its timeout")


def test_an_answer_that_comes_too_late_changes_nothing(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one", timeout=2))
    question = one(cli.frames, "hook_callback")
    cli.wait(2.1)
    cli.answer(question, decision("allow"))
    assert one(cli.frames, "result")["result"] == "Done."


def test_a_prompt_hook_that_does_not_answer_blocks_the_prompt(tmp_path: Path) -> None:
    cli = begun(Script(), tmp_path, UserPromptSubmit=registered("one", timeout=2))
    cli.wait(2.1)
    cli.read()
    notice = one(cli.frames, "informational")
    assert notice["prompt_submit_outcome"] == {
        "kind": "no_verdict",
        "no_verdict_kind": "callback_timed_out",
        "prompt_kept": False,
    }


def test_a_callback_that_fails_counts_for_nothing(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one"))
    cli.refuse(one(cli.frames, "hook_callback"), "it broke")
    notice = one(cli.frames, "informational")
    assert notice["tag"] == "hook_callback_failed"
    assert notice["content"].endswith("Its answer was treated as empty.")
    assert any("it broke" in line for line in cli.stderr)
    assert one(cli.frames, "result")["permission_denials"] == []


def test_a_failure_blocks_where_the_hook_may_not_fail(tmp_path: Path) -> None:
    hooks = registered("one", onFailure="block")
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=hooks)
    cli.refuse(one(cli.frames, "hook_callback"), "it broke")
    assert result_block(cli.frames)["content"].startswith(
        'PreToolUse:Bash hook error: [callback]: failed; blocking because onFailure is "block"\n'
    )


def test_an_answer_with_a_word_that_is_not_known_counts_for_nothing(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, "--allowedTools", "Bash", PreToolUse=registered("one"))
    cli.answer(one(cli.frames, "hook_callback"), decision("perhaps"))
    assert one(cli.frames, "informational")["tag"] == "hook_callback_failed"
    assert one(cli.frames, "result")["permission_denials"] == []


def test_a_changed_input_is_what_runs(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, *STDIO, PreToolUse=registered("one"))
    cli.answer(one(cli.frames, "hook_callback"), decision("ask", "sure?", updatedInput={"command": "touch y"}))
    question = one(cli.frames, "can_use_tool")["request"]
    assert question["input"] == {"command": "touch y"}
    assert (question["decision_reason"], question["decision_reason_type"]) == ("sure?", "hook")
    assert "permission_suggestions" not in question


@pytest.mark.parametrize("behavior", ["allow", "deny"])
def test_a_permission_request_hook_that_is_first_takes_the_question_back(tmp_path: Path, behavior: str) -> None:
    cli = begun(touching(), tmp_path, *STDIO, PermissionRequest=registered("one"))
    question, asked = one(cli.frames, "can_use_tool"), one(cli.frames, "hook_callback")
    answer = {"behavior": behavior} | ({"message": "Never."} if behavior == "deny" else {})
    cli.answer(asked, {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": answer}})
    assert one(cli.frames, "control_cancel_request")["request_id"] == question["request_id"]
    block = result_block(cli.frames)
    assert (block["content"] == "Never.") is (behavior == "deny")


def test_a_permission_request_hook_that_is_second_is_of_no_use(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, *STDIO, PermissionRequest=registered("one"))
    question = one(cli.frames, "can_use_tool")
    cli.answer(question, {"behavior": "deny", "message": "Said no."})
    assert result_block(cli.frames)["content"] == "Said no."
    assert only(cli.frames, "control_cancel_request") == []


def test_a_question_without_an_answer_is_notified_after_six_seconds(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, *STDIO, Notification=registered("one"))
    question = one(cli.frames, "can_use_tool")
    assert cli.wait(5.9) == []
    (asked,) = only(cli.wait(0.2), "hook_callback")
    given = asked["request"]["input"]
    assert given["message"] == "Claude needs your permission to use Bash"
    assert given["notification_type"] == "permission_prompt"
    cli.answer(asked, {}, patient=False)
    cli.answer(question, {"behavior": "deny", "message": "No."})
    assert result_block(cli.frames)["content"] == "No."


def test_a_question_that_is_answered_soon_is_not_notified(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, *STDIO, Notification=registered("one"))
    cli.answer(one(cli.frames, "can_use_tool"), {"behavior": "deny", "message": "No."})
    cli.wait(10)
    assert only(cli.frames, "hook_callback") == []


def test_a_text_is_shown_to_the_hooks_before_the_host(tmp_path: Path) -> None:
    cli = begun(Script().says("Hello."), tmp_path, MessageDisplay=registered("one"))
    asked = one(cli.frames, "hook_callback")
    assert asked["request"]["input"]["delta"] == "Hello."
    assert only(cli.frames, "assistant") == []
    cli.answer(asked, {})
    assert one(cli.frames, "assistant")["message"]["content"][0]["text"] == "Hello."


def test_a_stop_hook_keeps_the_model_going_as_often_as_it_likes(tmp_path: Path) -> None:
    cli = begun(Script().says("One.").says("Two.").says("Three."), tmp_path, Stop=registered("one"))
    active = []
    for reason in ("more", "even more", None):
        asked = only(cli.frames, "hook_callback")[-1]
        active.append(asked["request"]["input"]["stop_hook_active"])
        cli.answer(asked, {} if reason is None else {"decision": "block", "reason": reason})
    assert active == [False, True, True]
    told = [frame["message"]["content"][0]["text"] for frame in only(cli.frames, "user")]
    assert told == ["Stop hook feedback:\nmore", "Stop hook feedback:\neven more"]
    assert len(only(cli.frames, "notification")) == 1
    assert one(cli.frames, "result")["num_turns"] == 3


def test_each_of_several_stop_hooks_that_block_is_told_as_it_answers(tmp_path: Path) -> None:
    cli = begun(Script().says("One.").says("Two."), tmp_path, Stop=registered("one", "two"))
    first, second = only(cli.frames, "hook_callback")
    cli.answer(second, {"decision": "block", "reason": "second"})
    assert only(cli.frames, "user")[0]["message"]["content"][0]["text"] == "Stop hook feedback:\nsecond"
    cli.answer(first, {"decision": "block", "reason": "first"})
    assert only(cli.frames, "user")[1]["message"]["content"][0]["text"] == "Stop hook feedback:\nfirst"


def test_a_stop_hook_can_end_the_turn(tmp_path: Path) -> None:
    cli = begun(Script().says("One."), tmp_path, Stop=registered("one"))
    cli.answer(one(cli.frames, "hook_callback"), {"continue": False})
    assert one(cli.frames, "result")["terminal_reason"] == "stop_hook_prevented"


def test_a_hook_that_blocks_a_prompt_does_not_wait_for_the_others(tmp_path: Path) -> None:
    cli = begun(Script(), tmp_path, UserPromptSubmit=registered("one", "two"))
    _, second = only(cli.frames, "hook_callback")
    cli.answer(second, {"decision": "block", "reason": "no"})
    assert one(cli.frames, "result")["result"].startswith("UserPromptSubmit operation blocked by hook:\nno\n")


def test_events_that_the_cli_does_not_know_are_taken(tmp_path: Path) -> None:
    cli = begun(Script().says("Hi."), tmp_path, NoSuchEvent=registered("one"))
    cli.read()
    assert one(cli.frames, "result")["result"] == "Hi."


def test_callbacks_are_not_asked_about_the_start_and_the_end(tmp_path: Path) -> None:
    cli = begun(Script().says("Hi."), tmp_path, SessionStart=registered("one"), SessionEnd=registered("two"))
    cli.read()
    cli.end()
    assert only(cli.frames, "hook_callback") == []
    assert cli.exit_code == 0


def test_a_batch_tells_of_every_call_of_a_message_also_of_those_that_were_refused(tmp_path: Path) -> None:
    block = {"type": "tool_use", "name": "Bash"}
    script = Script().replies(
        block | {"id": "toolu_ok", "input": {"command": "echo 1"}},
        block | {"id": "toolu_no", "input": {"command": "touch x"}},
        block | {"id": "toolu_bad", "input": {"cmd": "wrong"}},
    )
    cli = begun(script.says("Done."), tmp_path, PostToolBatch=registered("batch"))
    calls = one(cli.frames, "hook_callback")["request"]["input"]["tool_calls"]
    assert [call["tool_use_id"] for call in calls] == ["toolu_ok", "toolu_no", "toolu_bad"]
    assert "needs approval" in calls[1]["tool_response"]
    assert "InputValidationError" in calls[2]["tool_response"]


def test_a_message_whose_only_call_is_refused_is_a_batch_too(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, PostToolBatch=registered("batch"))
    assert len(one(cli.frames, "hook_callback")["request"]["input"]["tool_calls"]) == 1


@pytest.mark.parametrize(
    ("model", "effort"), [("claude-opus-5-5", {"level": "medium"}), ("claude-haiku-4-5", None), ("unheard-of", None)]
)
def test_hooks_are_told_the_effort_of_models_that_have_one(
    tmp_path: Path, model: str, effort: dict[str, str] | None
) -> None:
    cli = begun(Script().says("Done."), tmp_path, "--model", model, Stop=registered("one"))
    assert one(cli.frames, "hook_callback")["request"]["input"].get("effort") == effort


@pytest.mark.parametrize(("matcher", "asked"), [("Task", True), ("Task.*", True), ("Agent", True), ("Tas", False)])
def test_matchers_may_name_the_tool_for_sub_agents_as_it_was_called(tmp_path: Path, matcher: str, asked: bool) -> None:
    script = Script().calls("Agent", description="d", prompt="Go.", run_in_background=False).says("One.").says("Done.")
    hooks = [{"matcher": matcher, "hookCallbackIds": ["one"]}]
    assert bool(only(begun(script, tmp_path, PreToolUse=hooks).frames, "hook_callback")) is asked
