"""Built-in tools: which a session has, which input they take, and what they answer where the script says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script, tool_use

from .asked import decided, process
from .by_hand import ByHand, Frame, one, only, result_block

ALL = ("--permission-mode", "bypassPermissions")


def played(folder: Path, *calls: Frame, flags: tuple[str, ...] = ALL, script: Script | None = None) -> list[Frame]:
    """The frames of a turn with one call after the other."""
    script = Script() if script is None else script
    for call in calls:
        script.replies(call)
    script.says("Done.")
    return ByHand(script, folder, *flags).prompt("go")


# Which there are


@pytest.mark.parametrize(
    ("flags", "has", "lacks"),
    [
        ((), "Bash", "Glob"),
        ((), "Monitor", "AskUserQuestion"),
        (("--permission-prompt-tool", "stdio"), "ExitPlanMode", "TaskCreate"),
        (("--disallowedTools", "Bash"), "Grep", "Monitor"),
        (("--allowedTools", "TodoWrite"), "TaskCreate", "Glob"),
        (("--tools", "Read,Glob,Nope"), "Glob", "Bash"),
        (("--disallowedTools", "Agent"), "Read", "Task"),
        (("--disallowedTools", "Bash(rm:*)"), "Bash", "Glob"),
    ],
)
def test_the_flags_say_which_tools_are_listed(flags: tuple[str, ...], has: str, lacks: str) -> None:
    names = process(*flags).offered.listed()
    assert has in names
    assert lacks not in names


def test_no_tools_are_listed_where_none_are_wanted() -> None:
    assert process("--tools", "").offered.listed() == []


@pytest.mark.parametrize(
    ("name", "flags", "told"),
    [
        ("Nope", (), "No such tool available: Nope"),
        ("LS", (), "No such tool available: LS"),
        ("TodoWrite", (), "TodoWrite is disabled for this session, in subagents as well as here."),
        ("Glob", (), "Glob is not available in this session — find files with `find` via the Bash tool instead."),
        ("Glob", ("--tools", "Read"), "Glob is disabled for this session."),
        ("Bash", ("--disallowedTools", "Bash"), "Bash is disabled for this session, in subagents as well as here."),
    ],
)
def test_a_tool_that_there_is_not_is_refused_in_the_clis_words(
    tmp_path: Path, name: str, flags: tuple[str, ...], told: str
) -> None:
    frames = played(tmp_path, tool_use(name), flags=flags)
    assert told in result_block(frames)["content"]
    assert "tool_result_meta" not in one(frames, "user")


# Their input


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("Read", {}, "following issue:\nThe required parameter `file_path` is missing"),
        ("Read", {"file_path": 5}, "The parameter `file_path` type is expected as `string` but provided as `number`"),
        ("Bash", {"cmd": "ls"}, "`command` is missing\nAn unexpected parameter `cmd` was provided"),
        ("Edit", {"file_path": "/a", "old_string": "x", "new_string": "x"}, "No changes to make: old_string and"),
        ("Read", {"file_path": "/dev/zero"}, "Cannot read '/dev/zero': this path names a device"),
        ("NotebookEdit", {"notebook_path": "/a.txt", "new_source": ""}, "File must be a Jupyter notebook"),
    ],
)
def test_a_wrong_input_is_refused_before_anybody_is_asked(
    tmp_path: Path, name: str, given: Mapping[str, Any], told: str
) -> None:
    frames = played(tmp_path, tool_use(name, **given))
    block = result_block(frames)
    assert told in block["content"]
    assert block["content"].startswith("<tool_use_error>")
    assert only(frames, "can_use_tool") == []


def test_the_schema_of_a_deferred_tool_is_told_until_the_model_has_looked_it_up(tmp_path: Path) -> None:
    frames = played(
        tmp_path,
        tool_use("WebSearch"),
        tool_use("ToolSearch", query="select:WebSearch"),
        tool_use("WebSearch"),
    )
    first, _, second = (frame["message"]["content"][0]["content"] for frame in only(frames, "user"))
    assert 'call ToolSearch with query "select:WebSearch"' in first
    assert second == (
        "<tool_use_error>InputValidationError: WebSearch failed due to the following issue:\n"
        "The required parameter `query` is missing</tool_use_error>"
    )


def test_numbers_and_flags_that_came_as_texts_are_set_right_where_the_host_sees_them(tmp_path: Path) -> None:
    given = {"file_path": "/a", "old_string": "x", "new_string": "y", "replace_all": "true"}
    (call, *_) = only(played(tmp_path, tool_use("Edit", **given)), "assistant")
    assert call["message"]["content"][0]["input"]["replace_all"] is True


def test_what_a_hook_sees_has_defaults_and_whole_paths() -> None:
    cli = process()
    tool = cli.offered.find("Edit")
    assert tool is not None
    parsed = tool.parsed(cli, {"file_path": "a.txt", "old_string": "x", "new_string": "y"})
    assert parsed == {"file_path": "/project/a.txt", "old_string": "x", "new_string": "y", "replace_all": False}


# What they answer


def test_a_file_that_was_written_is_known(tmp_path: Path) -> None:
    frames = played(
        tmp_path,
        tool_use("Write", file_path="/x/a.txt", content="one\ntwo\n"),
        tool_use("Edit", file_path="/x/a.txt", old_string="two", new_string="2"),
        tool_use("Read", file_path="/x/a.txt"),
        tool_use("Edit", file_path="/x/a.txt", old_string="two", new_string="3"),
    )
    created, edited, read, refused = only(frames, "user")
    assert created["tool_use_result"]["type"] == "create"
    assert edited["tool_use_result"]["structuredPatch"] == [
        {"oldStart": 1, "oldLines": 2, "newStart": 1, "newLines": 2, "lines": [" one", "-two", "+2"]}
    ]
    assert read["message"]["content"][0]["content"] == "1\tone\n2\t2\n3\t"
    assert refused["tool_use_result"] == "Error: String to replace not found in file.\nString: two"


def test_what_nobody_said_of_a_file_is_not_held_against_an_edit(tmp_path: Path) -> None:
    frames = played(
        tmp_path,
        tool_use("Read", file_path="/x/a.txt"),
        tool_use("Edit", file_path="/x/a.txt", old_string="anything", new_string="else"),
    )
    assert "has been updated successfully" in only(frames, "user")[1]["message"]["content"][0]["content"]


def test_the_shell_keeps_the_directory_it_changed_to() -> None:
    cli = process()
    bash = cli.offered.find("Bash")
    assert bash is not None
    bash.ended(cli, {"command": "cd sub && ls"}, bash.default(cli, {"command": "ls"}))
    assert decided("touch x", cli=cli).facts["blocked_path"] == "/project/sub/x"


def test_a_question_is_answered_by_the_input_that_comes_back(tmp_path: Path) -> None:
    options = [{"label": "Red", "description": "warm"}, {"label": "Blue", "description": "cold"}]
    question = {"question": "Which?", "header": "Colour", "multiSelect": False, "options": options}
    script = Script()
    script.replies(tool_use("AskUserQuestion", questions=[question]))
    script.says("Blue.")
    cli = ByHand(script, tmp_path, "--permission-prompt-tool", "stdio")
    asked = one(cli.prompt("go"), "can_use_tool")
    assert asked["request"]["requires_user_interaction"] is True
    given = {**asked["request"]["input"], "answers": {"Which?": "Blue"}}
    frames = cli.answer(asked, {"behavior": "allow", "updatedInput": given})
    assert result_block(frames)["content"] == (
        'Your questions have been answered: "Which?"="Blue". You can now continue with these answers in mind.'
    )


def test_plan_mode_is_entered_without_asking_and_left_with_the_users_consent(tmp_path: Path) -> None:
    script = Script()
    script.replies(tool_use("EnterPlanMode"))
    script.replies(tool_use("ExitPlanMode", plan="1. Do it"))
    script.says("Planned.")
    cli = ByHand(script, tmp_path, "--permission-prompt-tool", "stdio")
    frames = cli.prompt("go")
    asked = one(frames, "can_use_tool")
    assert (one(frames, "status")["permissionMode"], asked["request"]["input"]) == ("plan", {})
    frames = cli.answer(asked, {"behavior": "allow", "updatedInput": {}})
    assert one(frames, "status")["permissionMode"] == "default"
    assert result_block(frames)["content"] == "User has approved exiting plan mode. You can now proceed."
    path = one(frames, "user")["tool_use_result"]["filePath"]
    assert path == f"{cli.home}/.claude/plans/majestic-scripted-plan.md"


def test_the_plan_of_a_session_that_began_with_planning_is_named_by_the_prompt(tmp_path: Path) -> None:
    script = Script()
    script.replies(tool_use("ExitPlanMode", plan="1. Do it")).says("Planned.")
    cli = ByHand(script, tmp_path, "--permission-prompt-tool", "stdio", "--permission-mode", "plan")
    frames = cli.answer(one(cli.prompt("Plan it!"), "can_use_tool"), {"behavior": "allow", "updatedInput": {}})
    path = one(frames, "user")["tool_use_result"]["filePath"]
    assert path == f"{cli.home}/.claude/plans/plan-it-scripted-plan.md"


@pytest.mark.parametrize(
    ("name", "given", "text", "key", "form"),
    [
        ("Bash", {"command": "ls"}, "a.txt", "stdout", "a.txt"),
        ("Read", {"file_path": "/x/a.txt"}, "1\tone\n2\ttwo", "type", "text"),
        ("Write", {"file_path": "/x/a.txt", "content": "x"}, "done", "filePath", "/x/a.txt"),
    ],
)
def test_a_result_of_which_the_script_says_the_text_has_the_tools_own_form_too(
    tmp_path: Path, name: str, given: Mapping[str, Any], text: str, key: str, form: str
) -> None:
    script = Script().answers(name, text)
    (user,) = only(played(tmp_path, tool_use(name, **given), script=script), "user")
    assert user["message"]["content"][0]["content"] == text
    assert user["tool_use_result"][key] == form


@pytest.mark.parametrize("said", ["", "(Bash completed with no output)"])
@pytest.mark.parametrize(("command", "expected"), [("touch x", True), ("git status", False)])
def test_a_command_that_the_script_says_printed_nothing_has_no_output(
    tmp_path: Path, said: str, command: str, expected: bool
) -> None:
    script = Script().answers("Bash", said)
    (user,) = only(played(tmp_path, tool_use("Bash", command=command), script=script), "user")
    assert user["message"]["content"][0]["content"] == "(Bash completed with no output)"
    result = user["tool_use_result"]
    assert (result["stdout"], result["noOutputExpected"]) == ("", expected)


def test_a_worktree_is_left_only_where_one_was_entered(tmp_path: Path) -> None:
    leave = tool_use("ExitWorktree", action="keep")
    refused = result_block(played(tmp_path / "none", leave))
    assert refused["is_error"] is True
    assert refused["content"].startswith("<tool_use_error>No-op: there is no active EnterWorktree session to exit.")
    script = Script().answers("EnterWorktree", "Entered.")
    frames = played(tmp_path / "one", tool_use("EnterWorktree"), leave, leave, script=script)
    _, left, again = only(frames, "user")
    assert "is_error" not in left["message"]["content"][0]
    assert again["message"]["content"][0]["is_error"] is True


def test_a_question_with_one_option_is_refused_with_advice(tmp_path: Path) -> None:
    question = {"question": "So?", "header": "S", "options": [{"label": "Yes", "description": "y"}]}
    flags = ("--permission-prompt-tool", "stdio")
    frames = played(tmp_path, tool_use("AskUserQuestion", questions=[question]), flags=flags)
    told = result_block(frames)["content"]
    assert told.startswith("<tool_use_error>InputValidationError: This call included a question with fewer than 2")
    assert '"code": "too_small"' in told
    assert one(frames, "user")["tool_use_result"].startswith("InputValidationError: [")


def test_a_large_output_of_another_session_is_in_a_file_of_this_one(tmp_path: Path) -> None:
    path = "/home/user/.claude/projects/-project/71a295b5-1418-48de-b615-a6f9f413f309/tool-results/b1.txt"
    script = Script().answers("Bash", f"saved to: {path}", tool_use_result={"persistedOutputPath": path})
    frames = played(tmp_path, tool_use("Bash", command="seq 99999"), script=script)
    user = one(frames, "user")
    own = path.replace("71a295b5-1418-48de-b615-a6f9f413f309", user["session_id"])
    assert user["tool_use_result"]["persistedOutputPath"] == own
    assert user["message"]["content"][0]["content"] == f"saved to: {own}"
    assert own != path
