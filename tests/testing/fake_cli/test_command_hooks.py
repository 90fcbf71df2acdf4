"""Command hooks of settings files: what the host sees of them and what they come to.  None is ever run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only, result_block, write

SHOWN = "--include-hook-events"


def hook(command: str, matcher: str | None = None, **more: Any) -> Frame:
    return {"matcher": matcher, "hooks": [{"type": "command", "command": command, **more}]}


def settings(folder: Path, **events: list[Frame]) -> None:
    write(folder / "home" / ".claude" / "settings.json", {"hooks": events})


def touching() -> Script:
    return Script().calls("Bash", command="touch x").says("Done.")


def test_nothing_of_a_hook_shows_unless_the_host_asks(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("exit 0")], Stop=[hook("echo text")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert only(cli.frames, "hook_started") == []
    assert one(cli.frames, "result")["result"] == "Done."


def test_a_hook_that_the_host_asks_for_shows_as_it_starts_and_ends(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("echo out; echo err >&2", "Bash")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    started, response = one(cli.frames, "hook_started"), one(cli.frames, "hook_response")
    assert (started["hook_name"], started["hook_event"]) == ("PreToolUse:Bash", "PreToolUse")
    assert response["hook_id"] == started["hook_id"]
    assert (response["stdout"], response["stderr"], response["output"]) == ("out\n", "err\n", "out\nerr\n")
    assert (response["exit_code"], response["outcome"]) == (0, "success")


def test_exit_code_2_refuses_a_tool_with_what_the_command_wrote_to_stderr(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("echo no >&2; exit 2", "Bash")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    block = result_block(cli.frames)
    assert block["content"] == "PreToolUse:Bash hook error: [echo no >&2; exit 2]: no\n"
    assert block["is_error"] is True
    assert [denial["tool_name"] for denial in one(cli.frames, "result")["permission_denials"]] == ["Bash"]


def test_a_refusal_without_a_word_says_so(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("exit 2", "Bash")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"] == "PreToolUse:Bash hook error: [exit 2]: No stderr output"


@pytest.mark.parametrize("matcher", ["Read", "Rea|Bas", "bash", "("])
def test_a_hook_that_is_about_another_tool_does_not_run(tmp_path: Path, matcher: str) -> None:
    settings(tmp_path, PreToolUse=[hook("exit 2", matcher)])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "result")["permission_denials"] == []


def test_any_other_exit_code_changes_nothing(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("echo hm >&2; exit 3", "Bash")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "hook_response")["outcome"] == "error"
    assert one(cli.frames, "result")["permission_denials"] == []


def test_the_script_says_what_a_command_prints(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("./check.sh", "Bash")])
    script = touching().command_hook("./check.sh", stderr="dirty", exit_code=2)
    cli = ByHand(script, tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"] == "PreToolUse:Bash hook error: [./check.sh]: dirty"


def test_a_command_that_nobody_knows_succeeds_and_stderr_says_once_how_to_script_it(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("python3 check.py", "Bash")])
    script = Script().calls("Bash", command="touch x").calls("Bash", command="touch y").says("Done.")
    cli = ByHand(script, tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    responses = only(cli.frames, "hook_response")
    assert [(response["output"], response["exit_code"]) for response in responses] == [("", 0), ("", 0)]
    (line,) = cli.stderr
    assert line == (
        "fake-claude: what the hook command 'python3 check.py' (PreToolUse) would do cannot be read from it, and "
        "nothing is run: it is taken to succeed in silence. Say what it does in the script: "
        "Script.command_hook('python3 check.py', stdout=..., stderr=..., exit_code=...)"
    )


def test_a_command_that_the_script_answers_for_is_not_complained_of(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("python3 check.py", "Bash")])
    cli = ByHand(touching().command_hook("python3 check.py"), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert cli.stderr == []


@pytest.mark.parametrize("command", ["{}/h/no.sh", "h/no.sh", "$CLAUDE_PROJECT_DIR/h/no.sh", "sh h/no.sh"])
def test_a_script_of_the_shell_that_a_command_names_is_read(tmp_path: Path, command: str) -> None:
    command = command.format(tmp_path / "project")
    settings(tmp_path, PreToolUse=[hook(command, "Bash")])
    path = tmp_path / "project" / "h" / "no.sh"
    write(path, "#!/bin/sh\n# guards\necho 'no touching' >&2\nexit 2\n")
    path.chmod(0o755)
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"] == f"PreToolUse:Bash hook error: [{command}]: no touching\n"
    assert cli.stderr == []


def test_a_script_that_may_not_be_executed_fails_as_the_shell_says(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("./no.sh", "Bash")])
    write(tmp_path / "project" / "no.sh", "exit 2\n")
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    response = one(cli.frames, "hook_response")
    assert (response["stderr"], response["exit_code"]) == ("/bin/sh: 1: ./no.sh: Permission denied\n", 126)
    assert one(cli.frames, "result")["permission_denials"] == []


@pytest.mark.parametrize("text", ["#!/usr/bin/env python3\nprint(1)\n", "#!/bin/sh\ncurl example.org\n", None])
def test_a_script_that_is_no_plain_shell_or_not_there_is_complained_of(tmp_path: Path, text: str | None) -> None:
    settings(tmp_path, PreToolUse=[hook("./check", "Bash")])
    if text is not None:
        write(tmp_path / "project" / "check", text)
        (tmp_path / "project" / "check").chmod(0o755)
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    (line,) = cli.stderr
    assert "Script.command_hook('./check', " in line


def test_json_decides_like_the_answer_of_a_callback(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("./allow", "Bash")])
    allow = '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow"}}'
    cli = ByHand(touching().command_hook("./allow", stdout=allow), tmp_path)
    cli.start()
    cli.prompt("go")
    (meta,) = next(frame["tool_result_meta"] for frame in only(cli.frames, "user"))
    assert meta["permission_decision"] == {"decision": "accept", "source": "hook", "reason_type": "hook"}


def test_json_with_a_word_that_is_not_known_counts_for_nothing(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("""echo '{"decision": "perhaps"}'""", "Bash")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    response = one(cli.frames, "hook_response")
    assert response["outcome"] == "error"
    assert response["stderr"].startswith(
        'Hook JSON output validation failed — decision: Invalid option: expected one of "approve"|"block"\n\n'
        'The hook\'s output was: {\n  "decision": "perhaps"\n}\n\nExpected schema:\n{'
    )
    notice = one(cli.frames, "informational")
    assert notice["content"] == "A hook gave no usable answer, so it didn't check this action."
    assert notice["hook_no_verdict"]["timed_out"] is False
    assert one(cli.frames, "result")["permission_denials"] == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ('{"systemMessage": 3}', "systemMessage: expected string, received number"),
        ('{"continue": "no"}', "continue: expected boolean, received string"),
        ('{"hookSpecificOutput": 3}', "hookSpecificOutput: expected object, received number"),
        (
            '{"hookSpecificOutput": {"permissionDecision": "deny"}}',
            'hookSpecificOutput is missing required field "hookEventName"',
        ),
        (
            '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "perhaps"}}',
            'hookSpecificOutput.permissionDecision: Invalid option: expected one of "allow"|"deny"|"ask"|"defer"',
        ),
    ],
)
def test_the_fault_of_an_answer_is_named(tmp_path: Path, answer: str, fault: str) -> None:
    settings(tmp_path, PreToolUse=[hook("./check")])
    cli = ByHand(touching().command_hook("./check", stdout=answer), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "hook_response")["stderr"].startswith(f"Hook JSON output validation failed — {fault}\n\n")


def test_that_a_hook_is_of_no_use_is_said_once(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("""echo '{"decision": "perhaps"}'""")])
    script = Script().calls("Bash", command="touch x").calls("Bash", command="touch y").says("Done.")
    cli = ByHand(script, tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert len(only(cli.frames, "informational")) == 1


def test_the_last_of_several_refusals_is_the_one_that_is_told(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("sleep 1; echo late >&2; exit 2"), hook("echo soon >&2; exit 2")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"].endswith(": late\n")


def test_json_about_another_event_counts_for_nothing(tmp_path: Path) -> None:
    answer = '{"hookSpecificOutput": {"hookEventName": "PostToolUse", "permissionDecision": "deny"}}'
    settings(tmp_path, PreToolUse=[hook("./odd", "Bash")])
    cli = ByHand(touching().command_hook("./odd", stdout=answer), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    response = one(cli.frames, "hook_response")
    assert (response["stdout"], response["exit_code"]) == ("", 1)
    assert response["stderr"].startswith(
        "Failed to run: Hook returned incorrect event name: expected 'PreToolUse' but got 'PostToolUse'."
    )
    assert one(cli.frames, "result")["permission_denials"] == []


def test_a_command_that_is_too_slow_is_not_waited_for(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("sleep 5; exit 2", "Bash", timeout=1)])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    response = one(cli.frames, "hook_response")
    assert (response["exit_code"], response["outcome"]) == (1, "cancelled")
    assert one(cli.frames, "informational")["hook_no_verdict"]["timed_out"] is True
    assert one(cli.frames, "result")["permission_denials"] == []
    assert 1 <= cli.now < 5


def test_commands_of_one_event_start_together_and_the_same_one_once(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("sleep 1; echo late"), hook("echo soon"), hook("echo soon")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN)
    cli.start()
    cli.prompt("go")
    hooks = [frame for frame in cli.frames if frame.get("hook_event")]
    assert [frame["subtype"] for frame in hooks] == ["hook_started"] * 2 + ["hook_response"] * 2
    assert [frame["stdout"] for frame in hooks[2:]] == ["soon\n", "late\n"]


def test_all_settings_files_count_and_flags_too(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("echo user")])
    write(tmp_path / "project" / ".claude" / "settings.json", {"hooks": {"PreToolUse": [hook("echo project")]}})
    write(tmp_path / "project" / ".claude" / "settings.local.json", {"hooks": {"PreToolUse": [hook("echo local")]}})
    given = '{"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "echo flag"}]}]}}'
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", SHOWN, "--settings", given)
    cli.start()
    cli.prompt("go")
    printed = [frame["stdout"] for frame in only(cli.frames, "hook_response")]
    assert printed == ["user\n", "project\n", "local\n", "flag\n"]


def test_sources_that_are_not_asked_for_have_no_hooks(tmp_path: Path) -> None:
    settings(tmp_path, PreToolUse=[hook("exit 2")])
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash", "--setting-sources", "project")
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "result")["permission_denials"] == []


def test_hooks_can_be_switched_off_by_a_setting(tmp_path: Path) -> None:
    write(
        tmp_path / "home" / ".claude" / "settings.json",
        {"disableAllHooks": True, "hooks": {"PreToolUse": [hook("exit 2")]}},
    )
    cli = ByHand(touching(), tmp_path, "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "result")["permission_denials"] == []


def test_hooks_of_the_start_show_before_the_first_answer(tmp_path: Path) -> None:
    settings(tmp_path, SessionStart=[hook("echo hello", "startup"), hook("echo again", "resume")])
    cli = ByHand(Script([{"content": [{"type": "text", "text": "Hi."}], "match": "hello"}]), tmp_path)
    said = cli.start()
    assert [frame.get("subtype") or frame["type"] for frame in said] == [
        "hook_started",
        "hook_response",
        "control_response",
    ]
    assert said[0]["hook_name"] == "SessionStart:startup"
    cli.prompt("go")
    assert one(cli.frames, "result")["result"] == "Hi."


def test_a_hook_of_the_start_gives_the_session_a_title(tmp_path: Path) -> None:
    settings(tmp_path, SessionStart=[hook("./start")])
    answer = '{"hookSpecificOutput": {"hookEventName": "SessionStart", "sessionTitle": "Named"}}'
    cli = ByHand(Script().command_hook("./start", stdout=answer), tmp_path)
    assert one(cli.start(), "session_title_changed")["title"] == "Named"


def test_hooks_of_the_end_run_without_a_trace(tmp_path: Path) -> None:
    settings(tmp_path, SessionEnd=[hook("sleep 1; echo bye")])
    cli = ByHand(Script().says("Hi."), tmp_path, SHOWN)
    cli.start()
    cli.prompt("go")
    before = cli.now
    assert cli.end() == []
    assert (cli.exit_code, cli.now - before) == (0, 1)


def test_a_prompt_is_blocked_by_the_first_command_that_says_so(tmp_path: Path) -> None:
    command = "p=$(cat); case \"$p\" in *secret*) echo 'no secrets' >&2; exit 2;; esac"
    settings(tmp_path, UserPromptSubmit=[hook(command), hook("sleep 3; echo late")])
    cli = ByHand(Script(), tmp_path, SHOWN)
    cli.start()
    said = cli.prompt("a secret")
    notice = one(said, "informational")
    assert notice["content"] == (
        f"UserPromptSubmit operation blocked by hook:\n[{command}]: no secrets\n\n\nOriginal prompt: a secret"
    )
    assert notice["prompt_submit_outcome"] == {"kind": "blocked_by_hook", "prompt_kept": False, "reason": "no secrets"}
    assert one(said, "result")["result"] == notice["content"]
    assert said.index(one(said, "result")) < said.index(only(said, "hook_response")[1])


def test_a_prompt_that_is_blocked_without_a_word_has_no_reason(tmp_path: Path) -> None:
    settings(tmp_path, UserPromptSubmit=[hook("exit 2")])
    cli = ByHand(Script(), tmp_path)
    cli.start()
    notice = one(cli.prompt("hello"), "informational")
    assert notice["content"].startswith("UserPromptSubmit operation blocked by hook:\n[exit 2]: No stderr output\n\n")
    assert notice["prompt_submit_outcome"] == {"kind": "blocked_by_hook", "prompt_kept": False}


def test_the_model_is_told_what_a_command_prints_about_a_prompt(tmp_path: Path) -> None:
    settings(tmp_path, UserPromptSubmit=[hook("echo 'It is raining.'")])
    script = Script([{"content": [{"type": "text", "text": "Wet."}], "match": "It is raining."}])
    cli = ByHand(script, tmp_path)
    cli.start()
    cli.prompt("Weather?")
    assert one(cli.frames, "result")["result"] == "Wet."


def test_each_command_that_keeps_the_model_going_is_told_to_it(tmp_path: Path) -> None:
    settings(
        tmp_path,
        Stop=[
            hook("""p=$(cat); case "$p" in *'"stop_hook_active":false'*) echo more >&2; exit 2;; esac"""),
            hook("""p=$(cat); case "$p" in *'"stop_hook_active":false'*) echo '{"decision": "block"}';; esac"""),
        ],
    )
    cli = ByHand(Script().says("Once.").says("Twice."), tmp_path)
    cli.start()
    cli.prompt("go")
    told = [frame["message"]["content"][0]["text"] for frame in only(cli.frames, "user")]
    assert [text.partition("\n")[2].rpartition("]: ")[2] for text in told] == ["more\n", "Blocked by hook"]
    assert one(cli.frames, "notification")["key"] == "stop-hook-error"
    result = one(cli.frames, "result")
    assert (result["result"], result["num_turns"]) == ("Twice.", 3)


def test_a_stop_hook_that_fails_is_notified_and_no_more(tmp_path: Path) -> None:
    settings(tmp_path, Stop=[hook("exit 1")])
    cli = ByHand(Script().says("Once."), tmp_path)
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "notification")["key"] == "stop-hook-error"
    assert one(cli.frames, "result")["result"] == "Once."


def test_commands_start_before_callbacks_are_asked(tmp_path: Path) -> None:
    settings(tmp_path, Stop=[hook("echo text")])
    cli = ByHand(Script().says("Hi."), tmp_path, SHOWN)
    cli.start(hooks={"Stop": [{"matcher": None, "hookCallbackIds": ["hook_0"]}]})
    said = cli.prompt("go")
    kinds = [frame.get("request", frame).get("subtype") for frame in said]
    assert kinds.index("hook_started") < kinds.index("hook_callback")
    cli.answer(one(said, "hook_callback"), {})
    assert one(cli.frames, "result")["result"] == "Hi."


def test_a_permission_request_hook_answers_in_place_of_the_program(tmp_path: Path) -> None:
    denied = '{"behavior": "deny", "message": "No."}'
    answer = f'{{"hookSpecificOutput": {{"hookEventName": "PermissionRequest", "decision": {denied}}}}}'
    settings(tmp_path, PermissionRequest=[hook("./decide", "Bash")])
    script = touching().command_hook("./decide", stdout=answer)
    cli = ByHand(script, tmp_path, "--permission-prompt-tool", "stdio")
    cli.start()
    cli.prompt("go")
    question = one(cli.frames, "can_use_tool")
    assert one(cli.frames, "control_cancel_request")["request_id"] == question["request_id"]
    assert result_block(cli.frames)["content"] == "No."


def test_each_stop_hook_that_blocks_once_is_told_to_the_model_by_itself(tmp_path: Path) -> None:
    once = "[ -e {0} ] && exit 0; touch {0}; echo {0} >&2; exit 2"
    settings(tmp_path, Stop=[hook(once.format("one")), hook(once.format("two"))])
    cli = ByHand(Script().says("Done.").says("Now it is."), tmp_path)
    cli.start()
    cli.prompt("go")
    told = [frame["message"]["content"][0]["text"] for frame in cli.frames if frame.get("isSynthetic")]
    feedback = "Stop hook feedback:\n[{0}]: {1}\n"
    assert told == [feedback.format(once.format(name), name) for name in ("one", "two")]
    assert one(cli.frames, "result")["result"] == "Now it is."


def test_a_hook_finds_the_files_that_the_session_wrote(tmp_path: Path) -> None:
    settings(tmp_path, Stop=[hook("[ -f notes.txt ] && echo found")])
    path = f"{tmp_path}/project/notes.txt"
    script = Script().calls("Write", file_path=path, content="x").says("Done.")
    cli = ByHand(script, tmp_path, "--allowedTools", "Write", SHOWN)
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "hook_response")["stdout"] == "found\n"
