"""Sub-agents: who starts them, what they may do, and what of their work the host sees (wire-facts §7)."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only

STDIO = ("--permission-prompt-tool", "stdio")
BYPASS = ("--permission-mode", "bypassPermissions", "--allow-dangerously-skip-permissions")


def agent(script: Script, kind: str = "general-purpose", *, background: bool = False) -> Script:
    return script.calls(
        "Agent", description=f"{kind} works", prompt="Go.", subagent_type=kind, run_in_background=background
    )


def begun(script: Script, folder: Path, *flags: str, **agents: Frame) -> ByHand:
    """A session with these kinds of sub-agent, whose first prompt was sent."""
    cli = ByHand(script, folder, *flags)
    cli.start(
        agents={name: {"description": name, "prompt": f"You are {name}."} | more for name, more in agents.items()}
    )
    cli.prompt("go")
    return cli


def results(cli: ByHand) -> list[Frame]:
    """The results of tools, of whatever thread."""
    return [
        block
        for frame in only(cli.frames, "user")
        for block in frame["message"]["content"]
        if isinstance(block, dict) and block["type"] == "tool_result"
    ]


def text(result: Frame) -> str:
    """The text of a result."""
    content: Any = result["content"]
    return content if isinstance(content, str) else "".join(block["text"] for block in content)


def test_a_sub_agents_frames_name_the_call_that_started_it(tmp_path: Path) -> None:
    script = agent(Script()).calls("Bash", command="echo 1").returns("1").says("One.").says("Done.")
    cli = begun(script, tmp_path, *BYPASS)
    calls = [frame for frame in only(cli.frames, "assistant") if frame["message"]["content"][0]["type"] == "tool_use"]
    outer, inner = [(frame["parent_tool_use_id"], frame["message"]["content"][0]) for frame in calls]
    assert (outer[0], outer[1]["name"]) == (None, "Agent")
    assert (inner[0], inner[1]["name"]) == (outer[1]["id"], "Bash")


def test_a_task_is_told_from_its_start_to_its_end(tmp_path: Path) -> None:
    cli = begun(agent(Script()).says("One.").says("Done."), tmp_path)
    started, ended = one(cli.frames, "task_started"), one(cli.frames, "task_notification")
    assert (started["task_type"], started["prompt"], started["spawn_depth"]) == ("local_agent", "Go.", 1)
    assert (ended["task_id"], ended["status"], ended["summary"]) == (started["task_id"], "completed", "One.")


def test_the_report_comes_before_the_main_thread_goes_on_in_the_foreground_and_after_it_in_the_background(
    tmp_path: Path,
) -> None:
    for background in (False, True):
        script = agent(Script(), background=background)
        for reply in ("Main.", "Report.") if background else ("Report.", "Main."):
            script.says(reply)
        cli = begun(script.says("Told.") if background else script, tmp_path / str(background))
        summary = one(cli.frames, "task_notification")["summary"]
        said = [frame["result"] for frame in only(cli.frames, "result")]
        assert (summary, said) == ("Report.", ["Main.", "Told."] if background else ["Main."])


def test_a_kind_that_there_is_not_is_an_error_that_lists_those_that_there_are(tmp_path: Path) -> None:
    cli = begun(agent(Script(), "nobody").says("Done."), tmp_path, scout={})
    (result,) = results(cli)
    assert "Agent type 'nobody' not found. Available agents: claude, Explore, general-purpose, Plan, scout" in text(
        result
    )


def test_a_kind_is_found_whatever_the_size_of_its_letters(tmp_path: Path) -> None:
    cli = begun(agent(Script(), "SCOUT").says("Found.").says("Done."), tmp_path, scout={})
    assert one(cli.frames, "task_started")["subagent_type"] == "scout"
    assert "Found." in text(results(cli)[0])


@pytest.mark.parametrize("tool", ["AskUserQuestion", "ExitPlanMode", "Workflow"])
def test_a_sub_agent_has_no_tool_that_is_the_main_threads_alone(tmp_path: Path, tool: str) -> None:
    script = agent(Script(), "scout").calls(tool).says("I cannot.").says("Done.")
    cli = begun(script, tmp_path, *STDIO, scout={})
    refused, report = results(cli)
    assert f"No such tool available: {tool}. {tool} is not available inside subagents." in text(refused)
    assert "tools-used" not in text(report)
    assert not only(cli.frames, "can_use_tool")


def test_a_sub_agents_progress_has_its_own_description_for_tools_that_the_cli_has_no_words_for(tmp_path: Path) -> None:
    script = agent(Script(), "scout").calls("CronList").calls("Bash", command="ls", description="look").says("Done.")
    cli = begun(script.says("Done."), tmp_path, scout={})
    assert [frame["description"] for frame in only(cli.frames, "task_progress")] == ["scout works", "Running look"]


def test_a_rule_may_deny_one_kind_of_sub_agent(tmp_path: Path) -> None:
    script = agent(agent(Script(), "scout"), "Plan").says("Planned.").says("Done.")
    cli = begun(script, tmp_path, "--disallowedTools", "Agent(scout)", scout={})
    denied, allowed = results(cli)
    assert "Agent type 'scout' has been denied by permission rule 'Agent(scout)'" in text(denied)
    assert "Planned." in text(allowed)


@pytest.mark.parametrize("limit", [{"tools": ["Read"]}, {"disallowedTools": ["Bash"]}])
def test_a_sub_agent_has_only_the_tools_of_its_definition(tmp_path: Path, limit: Frame) -> None:
    script = agent(Script(), "scout").calls("Bash", command="touch x").says("I cannot.").says("Done.")
    cli = begun(script, tmp_path, *BYPASS, scout=limit)
    refused, _ = results(cli)
    assert refused["is_error"]
    assert "No such tool available: Bash" in text(refused)


def test_a_sub_agent_decides_in_the_mode_of_its_definition_and_the_session_keeps_its_own(tmp_path: Path) -> None:
    script = agent(Script(), "writer").calls("Write", file_path="/x", content="x").says("Written.")
    script.calls("Write", file_path="/y", content="y").says("Done.")
    cli = begun(script, tmp_path, *STDIO, writer={"permissionMode": "bypassPermissions"})
    assert one(cli.frames, "can_use_tool")["request"]["input"]["file_path"] == "/y"


def test_while_planning_a_sub_agent_would_have_to_be_checked_and_nobody_can(tmp_path: Path) -> None:
    cli = begun(agent(Script(), "Explore").says("Then not."), tmp_path, *STDIO, "--permission-mode", "plan")
    assert one(cli.frames, "permission_denied")["decision_reason_code"] == "auto_mode_no_check_in_session"
    assert [text(result).split(",")[0] for result in results(cli)] == [
        "Auto mode is unavailable: its safety check does not run for this session"
    ]
    assert only(cli.frames, "task_started") == []


def test_what_a_nested_sub_agent_does_is_not_shown_but_its_task_is(tmp_path: Path) -> None:
    script = agent(agent(Script())).calls("Bash", command="echo 1").returns("1").says("Inner.").says("Outer.")
    cli = begun(script.says("Done."), tmp_path, *BYPASS)
    outer, inner = only(cli.frames, "task_started")
    assert (inner["spawn_depth"], inner["parent_task_id"]) == (2, outer["task_id"])
    assert "parent_task_id" not in outer
    shown = [block.get("name") for frame in only(cli.frames, "assistant") for block in frame["message"]["content"]]
    assert shown.count("Agent") == 2
    assert "Bash" not in shown


def test_a_result_counts_the_sub_agents_of_the_session(tmp_path: Path) -> None:
    script = agent(agent(Script())).says("Inner.").says("Outer.")
    agent(script, "Plan", background=True).says("Main.").says("Planned.").says("Told.")
    stats = only(begun(script, tmp_path).frames, "result")[-1]["subagent_stats"]
    assert (stats["spawned"], stats["completed"], stats["max_depth"], stats["spawned_by_subagents"]) == (3, 3, 2, 1)
    assert stats["requested"] == {"background": 1, "foreground": 2, "unset": 0}
    assert stats["by_type"] == {"general-purpose": 2, "Plan": 1}


def test_a_denied_call_of_agent_is_listed_as_task(tmp_path: Path) -> None:
    cli = ByHand(agent(Script()).says("Done."), tmp_path)
    cli.patience = 1.0  # or the hook is given up
    cli.start(hooks={"PreToolUse": [{"matcher": None, "hookCallbackIds": ["one"]}]})
    question = one(cli.prompt("go"), "hook_callback")
    cli.answer(question, {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny"}})
    (denial,) = one(cli.frames, "result")["permission_denials"]
    assert denial["tool_name"] == "Task"


def test_an_interrupt_ends_a_sub_agent_in_the_foreground(tmp_path: Path) -> None:
    script = agent(Script()).calls("Write", file_path="/x", content="x").says("Never said.")
    cli = begun(script, tmp_path, *STDIO)
    assert one(cli.frames, "can_use_tool")
    said = cli.request("interrupt")
    assert one(said, "task_notification")["status"] == "stopped"
    result = one(said, "result")
    assert (result["terminal_reason"], result["subagent_stats"]["killed"]["user"]) == ("aborted_tools", 1)


def test_a_sub_agent_in_the_background_that_the_host_stops_is_told_and_the_model_in_a_turn_of_its_own(
    tmp_path: Path,
) -> None:
    script = agent(Script(), background=True).says("Out.").calls("Write", file_path="/x", content="x")
    cli = begun(script.says("It was stopped.", match="was stopped by user"), tmp_path, *STDIO)
    assert one(cli.frames, "can_use_tool")
    said = cli.request("stop_task", task_id=one(cli.frames, "task_started")["task_id"])
    answer, told, result = one(said, "control_response"), one(said, "user"), one(said, "result")
    assert said.index(answer) < said.index(told) < said.index(one(said, "init"))
    assert told["message"]["content"] == [{"type": "text", "text": "[Request interrupted by user]"}]
    assert told["agent_id"] == one(cli.frames, "task_started")["task_id"]
    assert (result["result"], result["origin"]["kind"]) == ("It was stopped.", "task-notification")
    assert result["subagent_stats"]["killed"] == {"parent": 0, "user": 1, "system": 0}


def test_a_command_line_in_the_background_ends_with_a_process_that_is_told_to_end(tmp_path: Path) -> None:
    script = Script().calls("Bash", command="sleep 99", run_in_background=True).says("Waiting.")
    cli = ByHand(script, tmp_path, *BYPASS)
    cli.patience = 1.0
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "task_started")["is_backgrounded"]
    said = cli.signal(signal.SIGTERM)
    assert [frame["subtype"] for frame in said] == ["task_notification", "task_updated", "background_tasks_changed"]
    assert (said[0]["status"], said[0]["output_file"]) == ("stopped", "")
    assert (said[1]["patch"]["status"], said[2]["tasks"], cli.exit_code) == ("killed", [], 143)


def test_a_report_says_how_to_go_on_where_there_is_a_tool_for_it(tmp_path: Path) -> None:
    for flags, goes_on in (((), True), (("--tools", "Agent,Read"), False)):
        cli = begun(agent(Script()).says("One.").says("Done."), tmp_path / str(goes_on), *flags)
        (frame,) = [frame for frame in only(cli.frames, "user") if frame["parent_tool_use_id"] is None]
        assert ("use SendMessage" in text(frame["message"]["content"][0])) is goes_on
        assert frame["tool_use_result"]["canContinueAgent"] is goes_on
