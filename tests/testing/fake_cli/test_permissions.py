"""Permissions: rules from all their places, modes, and what answers change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script, tool_use

from .asked import asked_about, decided, denied_with, process, runs
from .by_hand import ByHand, Frame, one, only, result_block, write

WRITE = ("Write", {"file_path": "/project/src/a.py", "content": "x"})
ASKED = "--permission-prompt-tool=stdio"


def settings(**permissions: Any) -> tuple[str, str]:
    return "--settings", json.dumps({"permissions": permissions})


def session(folder: Path, *flags: str, **env: str) -> ByHand:
    script = Script()
    script.replies(tool_use("Bash", command="touch made.txt"))
    script.says("Done.")
    return ByHand(script, folder, *flags, **env)


# Rules


def test_a_tool_that_is_allowed_runs() -> None:
    assert runs(WRITE, "--allowedTools", "Write") == "rule"


def test_a_rule_with_a_path_is_about_files_like_it_and_about_reading_them() -> None:
    flags = settings(allow=["Edit(src/**)"])
    assert runs(WRITE, *flags) == "rule"
    assert runs(("Read", {"file_path": "/project/src/a.py"}), *flags) == "rule"
    assert asked_about(("Write", {"file_path": "/project/a.py", "content": ""}), *flags)


def test_write_with_a_path_allows_nothing() -> None:
    assert asked_about(WRITE, *settings(allow=["Write(src/**)"]))


def test_what_may_not_be_read_is_refused_and_may_not_be_written() -> None:
    flags = settings(deny=["Read(src/**)"])
    read = decided(("Read", {"file_path": "/project/src/a.py"}), *flags)
    assert (read.told, read.refused) == (
        "File is in a directory that is denied by your permission settings.",
        True,
    )
    assert denied_with(WRITE, *flags) == (
        "File is covered by a Read deny rule in your permission settings and cannot be written."
    )
    assert denied_with("cat src/a.py", *flags) == ("Permission to use Bash with command cat src/a.py has been denied.")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("//etc/**", "/etc/hosts"),
        ("~/notes/*.md", "/home/user/notes/a.md"),
        ("*.env", "/project/deep/in/here/.env"),
        ("/lib", "/project/lib/a/b.py"),
        ("./lib/**", "/project/lib/a.py"),
    ],
)
def test_patterns_are_relative_to_the_root_the_home_or_the_project(pattern: str, path: str) -> None:
    cli = process(*settings(deny=[f"Read({pattern})"]))
    assert cli.permissions.path_rule("deny", "Read", path) is not None
    assert cli.permissions.path_rule("deny", "Read", "/project/other.txt") is None


def test_a_deny_rule_beats_an_allow_rule() -> None:
    assert decided("touch x", *settings(allow=["Bash"], deny=["Bash(touch:*)"])).behavior == "deny"


def test_an_ask_rule_counts_even_where_all_is_allowed() -> None:
    flags = (*settings(ask=["Bash(touch:*)"]), "--permission-mode", "bypassPermissions")
    assert asked_about("touch x", *flags) == {
        "decision_reason_type": "rule",
        "decision_reason_rule_source": "flagSettings",
        "server_policy_ask_only": False,
    }


def test_a_domain_is_allowed_by_its_name() -> None:
    fetch = ("WebFetch", {"url": "https://example.com/x", "prompt": "p"})
    assert runs(fetch, *settings(allow=["WebFetch(domain:example.com)"])) == "rule"
    assert asked_about(fetch)["permission_suggestions"][0]["rules"] == [
        {"toolName": "WebFetch", "ruleContent": "domain:example.com"}
    ]


# Settings files


def test_rules_come_from_the_files_that_setting_sources_names(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    write(tmp_path / "home/.claude/settings.json", {"permissions": {"deny": ["Bash(touch:*)"]}})
    denied = session(tmp_path).prompt("go")
    assert one(denied, "permission_denied")["message"] == (
        "Permission to use Bash with command touch made.txt has been denied."
    )
    asked = session(tmp_path, ASKED, "--setting-sources=project").prompt("go")
    assert only(asked, "can_use_tool")


def test_a_denial_by_a_rule_of_the_users_own_is_the_users(tmp_path: Path) -> None:
    write(tmp_path / "home/.claude/settings.json", {"permissions": {"deny": ["Bash(touch made.txt)"]}})
    (user,) = only(session(tmp_path).prompt("go"), "user")
    assert user["tool_result_meta"][0]["permission_decision"]["source"] == "user_reject"


@pytest.mark.parametrize("trusted", [False, True])
def test_what_a_project_allows_counts_where_somebody_trusted_it(tmp_path: Path, trusted: bool) -> None:
    write(tmp_path / "project/.claude/settings.json", {"permissions": {"allow": ["Bash(touch:*)"]}})
    project = str(tmp_path / "project")
    write(tmp_path / "home/.claude.json", {"projects": {project: {"hasTrustDialogAccepted": trusted}}})
    cli = session(tmp_path)
    frames = cli.prompt("go")
    assert bool(only(frames, "permission_denied")) is not trusted
    if not trusted:
        (line,) = cli.stderr
        assert line.startswith("Ignoring 1 permissions.allow entry from .claude/settings.json: this workspace has not")


def test_directories_of_the_projects_files_count_and_are_not_named_in_init(tmp_path: Path) -> None:
    places = {
        "home/.claude/settings.json": "/of/the/user",
        "project/.claude/settings.json": "/of/the/project",
        "project/.claude/settings.local.json": "/of/the/local/file",
    }
    for file, directory in places.items():
        write(tmp_path / file, {"permissions": {"additionalDirectories": [directory]}})
    project = str(tmp_path / "project")
    write(tmp_path / "home/.claude.json", {"projects": {project: {"hasTrustDialogAccepted": True}}})
    script = Script()
    script.replies(tool_use("Grep", pattern="x", path="/of/the/project"))
    script.says("Done.")
    flags = ("--setting-sources=user,project,local", "--add-dir", "/added", *settings(additionalDirectories=["/flag"]))
    frames = ByHand(script, tmp_path, *flags).prompt("go")
    assert one(frames, "init")["additional_directories"] == ["/of/the/user", "/flag", "/added"]
    assert only(frames, "permission_denied") == []


def test_a_directory_of_the_projects_files_that_others_give_too_is_named_in_init(tmp_path: Path) -> None:
    write(tmp_path / "project/.claude/settings.local.json", {"permissions": {"additionalDirectories": ["/more"]}})
    frames = session(tmp_path, "--setting-sources=local", "--add-dir", "/more").prompt("go")
    assert one(frames, "init")["additional_directories"] == ["/more"]


def test_the_mode_of_the_settings_counts_where_none_is_asked_for() -> None:
    flags = settings(defaultMode="acceptEdits")
    assert process(*flags).permissions.mode == "acceptEdits"
    assert process(*flags, "--permission-mode", "plan").permissions.mode == "plan"


# Modes


def test_dont_ask_denies_what_would_be_asked_about() -> None:
    told = denied_with(WRITE, "--permission-mode", "dontAsk")
    assert told.startswith("Permission to use Write has been denied because Claude Code is running in don't ask mode.")


def test_plan_asks_about_edits_and_refuses_what_it_cannot_check(tmp_path: Path) -> None:
    assert asked_about(WRITE, "--permission-mode", "plan") == {"decision_reason_type": "mode"}
    frames = session(tmp_path, ASKED, "--permission-mode", "plan").prompt("go")
    assert one(frames, "informational")["tag"] == "auto_mode_no_server_check"
    assert one(frames, "permission_denied")["decision_reason_code"] == "auto_mode_no_check_in_session"


def test_what_cannot_be_checked_is_refused_when_the_reply_has_streamed(tmp_path: Path) -> None:
    cli = session(tmp_path, ASKED, "--permission-mode", "plan", "--include-partial-messages")
    kinds = [
        frame.get("event", frame).get("subtype") or frame.get("event", frame)["type"] for frame in cli.prompt("go")
    ]
    assert kinds.index("content_block_stop") < kinds.index("message_stop") < kinds.index("permission_denied")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/project/.git/config", "Claude requested permissions to edit {} which is a sensitive file."),
        ("/home/user/.bashrc", "Claude requested permissions to edit {} which is a sensitive file."),
        (
            "/project/.claude/agents/a.md",
            "Claude requested permissions to write to {}, but you haven't granted it yet.",
        ),
    ],
)
def test_sensitive_files_are_asked_about_even_where_edits_are_accepted(path: str, reason: str) -> None:
    asked = asked_about(("Write", {"file_path": path, "content": ""}), "--permission-mode", "acceptEdits")
    assert (asked["decision_reason"], asked["decision_reason_type"]) == (reason.format(path), "safetyCheck")


# Answers


def answered(cli: ByHand, answer: Frame) -> list[Frame]:
    return cli.answer(one(cli.prompt("go"), "can_use_tool"), answer)


def test_an_update_for_the_local_settings_is_written_there(tmp_path: Path) -> None:
    cli = session(tmp_path, ASKED)
    rules = [{"toolName": "Bash", "ruleContent": "touch (it)"}]
    update = {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "localSettings"}
    answered(cli, {"behavior": "allow", "updatedInput": {"command": "true"}, "updatedPermissions": [update]})
    saved = cli.project / ".claude/settings.local.json"
    assert json.loads(saved.read_text()) == {"permissions": {"allow": ["Bash(touch \\(it\\))"]}}


def test_an_update_for_the_session_writes_nothing_and_counts_at_once(tmp_path: Path) -> None:
    script = Script()
    script.replies(tool_use("Bash", command="touch one"))
    script.replies(tool_use("Bash", command="touch two"))
    script.says("Done.")
    cli = ByHand(script, tmp_path, ASKED)
    rules = [{"toolName": "Bash", "ruleContent": "touch:*"}]
    update = {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "session"}
    frames = answered(cli, {"behavior": "allow", "updatedInput": {}, "updatedPermissions": [update]})
    assert only(frames, "can_use_tool") == []
    assert list(cli.project.iterdir()) == []


def test_a_mode_that_an_answer_sets_is_told_before_the_tool_runs(tmp_path: Path) -> None:
    update = {"type": "setMode", "mode": "acceptEdits", "destination": "session"}
    frames = answered(session(tmp_path, ASKED), {"behavior": "allow", "updatedPermissions": [update]})
    kinds = [frame.get("subtype", frame["type"]) for frame in frames]
    assert kinds.index("status") < kinds.index("user")
    assert one(frames, "status")["permissionMode"] == "acceptEdits"


@pytest.mark.parametrize("answer", [{}, {"behavior": "maybe"}, {"behavior": "deny"}])
def test_an_answer_that_is_none_is_an_error_for_the_model(tmp_path: Path, answer: Frame) -> None:
    block = result_block(answered(session(tmp_path, ASKED), answer))
    assert block["is_error"] is True
    assert block["content"].startswith("Tool permission request failed: ")


def test_a_question_that_failed_was_not_refused_by_the_user(tmp_path: Path) -> None:
    cli = session(tmp_path, ASKED)
    cli.start()
    frames = cli.refuse(one(cli.prompt("go"), "can_use_tool"), "lost")
    assert one(frames, "user")["tool_result_meta"][0]["permission_decision"] == {
        "decision": "reject",
        "source": "config",
        "reason_type": "other",
    }


def test_an_input_of_the_callback_that_the_tool_cannot_take_is_an_error_for_the_model(tmp_path: Path) -> None:
    frames = answered(session(tmp_path, ASKED), {"behavior": "allow", "updatedInput": {"cmd": "ls"}})
    assert "The required parameter `command` is missing" in result_block(frames)["content"]


@pytest.mark.parametrize("given", [{}, {"command": 5}, ["x"], "x"])
def test_an_input_of_a_hook_that_the_tool_cannot_take_is_an_error_for_the_model(tmp_path: Path, given: Any) -> None:
    cli = session(tmp_path)
    cli.start(hooks={"PreToolUse": [{"matcher": None, "hookCallbackIds": ["hook_0"]}]})
    asked = one(cli.prompt("go", patient=False), "hook_callback")
    specific = {"hookEventName": "PreToolUse", "permissionDecision": "allow", "updatedInput": given}
    block = result_block(cli.answer(asked, {"hookSpecificOutput": specific}))
    assert block["is_error"] is True


def test_a_callback_may_add_the_working_directory_itself() -> None:
    cli = process("--add-dir", "/project")
    assert cli.permissions.directories == []
    cli.permissions.apply([{"type": "addDirectories", "directories": ["/project"], "destination": "session"}])
    assert cli.permissions.directories == ["/project"]


@pytest.mark.parametrize(
    ("settings_file", "source"),
    [
        ("home/.claude/settings.json", "user_permanent"),
        ("project/.claude/settings.local.json", "user_permanent"),
        (None, "config"),
    ],
)
def test_a_result_says_whether_the_user_allowed_the_call_for_good(
    tmp_path: Path, settings_file: str | None, source: str
) -> None:
    rule = "Bash(touch made.txt)"
    if settings_file is not None:
        write(tmp_path / settings_file, {"permissions": {"allow": [rule]}})
    trusted = {"projects": {str(tmp_path / "project"): {"hasTrustDialogAccepted": True}}}
    write(tmp_path / "home" / ".claude.json", trusted)
    cli = session(tmp_path, *(() if settings_file else ("--allowedTools", rule)))
    cli.start()
    cli.prompt("go")
    (meta,) = next(frame["tool_result_meta"] for frame in only(cli.frames, "user"))
    assert meta["permission_decision"] == {"decision": "accept", "source": source, "reason_type": "rule"}


def test_a_call_that_a_rule_of_the_session_allows_was_allowed_for_a_while(tmp_path: Path) -> None:
    script = Script().calls("Bash", command="touch a").calls("Bash", command="touch a").says("Done.")
    cli = ByHand(script, tmp_path, ASKED)
    cli.start()
    cli.prompt("go")
    rules = [{"toolName": "Bash", "ruleContent": "touch a"}]
    update = {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "session"}
    cli.answer(
        one(cli.frames, "can_use_tool"), {"behavior": "allow", "updatedInput": {}, "updatedPermissions": [update]}
    )
    metas = [frame["tool_result_meta"][0]["permission_decision"] for frame in only(cli.frames, "user")]
    assert [(meta["source"], meta.get("reason_type")) for meta in metas] == [
        ("user_temporary", None),
        ("user_temporary", "rule"),
    ]


@pytest.mark.parametrize(
    ("content", "source", "reason_type"),
    [("touch a", "user_reject", "rule"), ("touch:*", "config", "subcommandResults")],
)
def test_a_denial_says_whose_the_rule_is_where_it_is_about_the_whole_line(
    tmp_path: Path, content: str, source: str, reason_type: str
) -> None:
    script = Script().calls("Bash", command="touch a").calls("Bash", command="touch a").says("Done.")
    cli = ByHand(script, tmp_path, ASKED)
    cli.start()
    cli.prompt("go")
    rules = [{"toolName": "Bash", "ruleContent": content}]
    update = {"type": "addRules", "rules": rules, "behavior": "deny", "destination": "session"}
    cli.answer(
        one(cli.frames, "can_use_tool"), {"behavior": "allow", "updatedInput": {}, "updatedPermissions": [update]}
    )
    meta = only(cli.frames, "user")[-1]["tool_result_meta"][0]["permission_decision"]
    assert (meta["source"], meta["reason_type"]) == (source, reason_type)


def test_a_question_that_only_a_hook_wants_names_no_rule(tmp_path: Path) -> None:
    cli = session(tmp_path, ASKED, "--allowedTools", "Bash")
    cli.start(hooks={"PreToolUse": [{"hookCallbackIds": ["h"]}]})
    cli.prompt("go", patient=False)
    ask = {"hookEventName": "PreToolUse", "permissionDecision": "ask"}
    cli.answer(one(cli.frames, "hook_callback"), {"hookSpecificOutput": ask})
    assert "decision_reason_rule_source" not in one(cli.frames, "can_use_tool")["request"]


def test_hooks_are_told_the_command_of_a_shell_in_the_background(tmp_path: Path) -> None:
    script = Script().calls("Bash", command="sleep 9", run_in_background=True).says("Waiting.").says("Done.")
    cli = ByHand(script, tmp_path, "--allowedTools", "Bash")
    cli.start(hooks={"Stop": [{"hookCallbackIds": ["h"]}]})
    cli.prompt("go", patient=False)
    (told,) = one(cli.frames, "hook_callback")["request"]["input"]["background_tasks"]
    assert (told["type"], told["command"]) == ("shell", "sleep 9")
