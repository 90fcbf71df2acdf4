"""A tool call that a hook put off, and the process that resumes its session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only, result_block

ASKED = "--permission-prompt-tool=stdio"
STATES = {"CLAUDE_CODE_SDK_READS_SESSION_STATE": "1"}
DEFER = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "defer"}}


def call(number: int, name: str = "Bash", **given: Any) -> Frame:
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": given or {"command": f"touch {number}"}}


def says(words: str) -> Frame:
    return {"content": [{"type": "text", "text": words}]}


def hooks(*events: str) -> Frame:
    """A callback for each event: `hook_0`, `hook_1` …"""
    registered = enumerate(events)
    return {event: [{"matcher": None, "hookCallbackIds": [f"hook_{number}"]}] for number, event in registered}


def answered(cli: ByHand, frames: list[Frame], payload: Frame) -> list[Frame]:
    """Answer what the frames ask the host, and all that is asked then; what is said in all."""
    said = list(frames)
    questions = only(frames, "hook_callback") + only(frames, "can_use_tool")
    for question in questions:
        said += answered(cli, cli.answer(question, payload), payload)
    return said


def process(script: Script, folder: Path, *flags: str, **env: str) -> ByHand:
    """A process; its clock is not turned so far that a hook is too slow."""
    cli = ByHand(script, folder, *flags, **env)
    cli.patience = 1
    return cli


def deferring(folder: Path, *calls: Frame) -> tuple[Script, str]:
    """A session whose last turn ended with calls that were put off: the script of what follows, and its id."""
    turns = [{"content": list(calls)}, says("Gone on."), says("Answered."), says("And again.")]
    script = Script.from_json({"script": 1, "turns": turns})
    cli = process(script, folder)
    cli.start(hooks=hooks("PreToolUse"))
    result = one(answered(cli, cli.prompt("one"), DEFER), "result")
    assert result["stop_reason"] == "tool_deferred"
    cli.end()
    return script, str(result["session_id"])


def kinds(frames: list[Frame]) -> list[str]:
    """The frames in short, without answers to control requests."""
    names = [
        frame.get("state") or frame.get("subtype") or frame.get("request", {}).get("subtype") or frame["type"]
        for frame in frames
        if frame["type"] != "control_response"
    ]
    return [name for name in names if name not in ("requires_action",)]


def test_the_process_that_resumes_runs_the_call_without_being_asked(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash", **STATES)
    frames = cli.start()
    assert kinds(frames) == [
        "running",
        "started",
        "user",
        "init",
        "assistant",
        "success",
        "completed",
        "idle",
    ]
    assert one(frames, "control_response")["response"]["response"]["session_state"] == "running"
    assert result_block(frames)["tool_use_id"] == "toolu_1"
    assert (one(frames, "result")["result"], one(frames, "result")["num_turns"]) == ("Gone on.", 1)


def test_a_prompt_that_came_meanwhile_is_the_next_turn(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, ASKED, **STATES)
    question = one(cli.start(), "can_use_tool")
    cli.prompt("go on")
    frames = cli.answer(question, {"behavior": "allow", "updatedInput": question["request"]["input"]})
    assert [result["result"] for result in only(frames, "result")] == ["Gone on.", "Answered."]
    assert [frame["state"] for frame in only(frames, "session_state_changed")] == ["running", "idle"]


@pytest.mark.parametrize("flag", ["--fork-session", "--continue"])
def test_a_fork_and_a_continued_session_run_it_too(tmp_path: Path, flag: str) -> None:
    script, session = deferring(tmp_path, call(1))
    resume = () if flag == "--continue" else ("--resume", session)
    frames = process(script, tmp_path, *resume, flag, "--allowedTools", "Bash").start()
    assert result_block(frames)["tool_use_id"] == "toolu_1"


def test_a_process_that_is_not_greeted_runs_it_before_the_first_prompt(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    frames = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash").prompt("go on")
    assert [result["result"] for result in only(frames, "result")] == ["Gone on.", "Answered."]
    assert kinds(frames)[:3] == ["started", "user", "init"]


def test_it_is_run_once(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    for expected in (1, 0):
        cli = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash")
        assert len(only(cli.start(), "result")) == expected
        cli.end()


def test_a_process_that_went_on_otherwise_has_given_it_up(tmp_path: Path) -> None:
    turns = [{"content": [call(1)]}, says("Otherwise.")]
    script = Script.from_json({"script": 1, "turns": turns})
    cli = process(script, tmp_path)
    cli.start(hooks=hooks("PreToolUse"))
    answered(cli, cli.prompt("one"), DEFER)
    session = one(cli.prompt("two"), "result")["session_id"]
    cli.end()
    assert only(process(script, tmp_path, "--resume", session).start(), "result") == []


def test_of_several_calls_the_last_is_kept(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1), call(2))
    frames = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash").start()
    assert result_block(frames)["tool_use_id"] == "toolu_2"


def test_its_hooks_are_asked_and_what_they_said_is_shown(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash")
    before = cli.start(hooks=hooks("PreToolUse", "PostToolUse", "UserPromptSubmit"))
    assert "prompt_id" not in one(before, "hook_callback")["request"]["input"]
    context = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "additionalContext": "Be quick."}}
    frames = answered(cli, before, context)
    shown = [frame["attachment"] | {"hook": frame["attachment"]["hookEvent"]} for frame in only(frames, "attachment")]
    assert [(each["type"], each["hook"]) for each in shown] == [
        ("hook_success", "PreToolUse"),
        ("hook_additional_context", "PreToolUse"),
        ("hook_success", "PostToolUse"),
        ("hook_additional_context", "PostToolUse"),
    ]
    assert kinds(frames).index("user") == kinds(frames).index("attachment") + 2
    assert only(frames, "attachment")[1]["rendered"] == [
        {"content": "<system-reminder>\nPreToolUse:Bash hook additional context: Be quick.\n</system-reminder>"}
    ]
    asked = only(frames, "hook_callback")[-1]["request"]["input"]
    assert asked["prompt"] == "Continue from where you left off."


def test_a_hook_that_wants_to_stop_is_shown_and_does_not_stop_it(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash")
    frames = answered(cli, cli.start(hooks=hooks("PostToolUse")), {"continue": False, "stopReason": "enough"})
    assert one(frames, "attachment")["attachment"]["type"] == "hook_stopped_continuation"
    assert one(frames, "result")["result"] == "Gone on."


def test_it_can_be_put_off_again_until_there_is_a_prompt(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session)
    frames = answered(cli, cli.start(hooks=hooks("PreToolUse")), DEFER)
    result = one(frames, "result")
    assert (result["deferred_tool_use"]["id"], result["stop_reason"]) == ("toolu_1", "tool_deferred")
    assert "terminal_reason" not in result
    assert [frame["attachment"]["type"] for frame in only(frames, "attachment")] == [
        "hook_success",
        "hook_deferred_tool",
    ]
    assert only(frames, "init") == []
    assert one(cli.prompt("go on"), "result")["result"] == "Gone on."
    cli.end()
    assert only(process(script, tmp_path, "--resume", session).start(), "result") == []


def test_what_nobody_allows_is_among_the_denials_of_the_turn(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    frames = process(script, tmp_path, "--resume", session).start()
    assert result_block(frames)["is_error"] is True
    assert [denied["tool_use_id"] for denied in one(frames, "result")["permission_denials"]] == ["toolu_1"]


def test_an_interrupt_breaks_it_off_and_ends_its_turn(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, ASKED)
    cli.start()
    frames = cli.request("interrupt")
    assert result_block(frames)["content"] == "Tool permission request aborted"
    result = one(frames, "result")
    assert (result["terminal_reason"], result["num_turns"]) == ("aborted_streaming", 2)
    assert kinds(frames)[-1] == "cancelled"


def test_an_interrupt_while_servers_are_asked_ends_its_turn_too(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    servers = json.dumps({"mcpServers": {"shop": {"type": "sdk", "name": "shop"}}})
    cli = process(script, tmp_path, "--resume", session, "--mcp-config", servers)
    cli.start()
    frames = cli.request("interrupt")
    assert result_block(frames)["content"] == "Tool permission request aborted"
    assert one(frames, "result")["terminal_reason"] == "aborted_streaming"


@pytest.mark.parametrize("dropped", [False, True])
def test_without_its_tool_the_session_goes_on_only_if_the_call_may_be_dropped(tmp_path: Path, dropped: bool) -> None:
    script, session = deferring(tmp_path, call(1))
    env = {"CLAUDE_CODE_DROP_UNAVAILABLE_DEFERRED_TOOL": "1"} if dropped else {}
    cli = process(script, tmp_path, "--resume", session, "--tools", "Read", **env)
    frames = cli.start()
    result = one(frames, "result")
    assert (result["subtype"], result["is_error"], result["terminal_reason"]) == (
        "success",
        True,
        "tool_deferred_unavailable",
    )
    assert kinds(frames)[-1] == "cancelled"
    kept = (
        "Bash isn't available, so its deferred call didn't run. Reconnect the tool and resume, or resume with a prompt "
        "and CLAUDE_CODE_DROP_UNAVAILABLE_DEFERRED_TOOL=1 to drop the call and continue."
    )
    assert result["result"] == ("" if dropped else kept)
    if dropped:
        text = "Bash isn't available, so this deferred call was dropped without running."
        assert result_block(frames)["content"] == text
    after = cli.prompt("go on")
    assert one(after, "result")["result"] == ("Gone on." if dropped else kept)
    assert len(only(after, "init")) == dropped
    cli.end()
    assert cli.exit_code == (0 if dropped else 1)


def test_a_call_whose_tool_is_back_is_run_after_all(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    gone = process(script, tmp_path, "--resume", session, "--tools", "Read")
    gone.start()
    gone.end()
    frames = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash").start()
    assert result_block(frames)["tool_use_id"] == "toolu_1"


def test_the_hosts_prompts_come_back_and_the_clis_own_does_not(tmp_path: Path) -> None:
    script, session = deferring(tmp_path, call(1))
    cli = process(script, tmp_path, "--resume", session, "--allowedTools", "Bash", "--replay-user-messages")
    cli.start()
    cli.prompt("go on")
    assert [frame["message"]["content"] for frame in cli.frames if frame.get("isReplay")] == ["go on"]
