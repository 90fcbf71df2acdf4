"""How long commands run: in the foreground, past their timeout, and after the CLI was told to end."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script
from claude_code_sdk.testing.fake_cli.shell_time import in_words

from .by_hand import ByHand, Frame, one, only, result_block

FLAGS = ("--allowedTools", "Bash")
IS_MOVED = "was moved to the background (ID: "


def running(folder: Path, command: str, printed: str = "", **given: Any) -> ByHand:
    """A session in which the model runs a command, and the time is that of the call."""
    script = Script().calls("Bash", command=command, description="Work", **given).returns(printed).says("Done.")
    cli = ByHand(script.says("It has ended."), folder, *FLAGS)
    cli.start()
    cli.prompt("go", patient=False)
    return cli


def told(frames: list[Frame]) -> list[Any]:
    """What is said of tasks."""
    said: list[Any] = []
    for frame in frames:
        if frame.get("subtype") == "background_tasks_changed":
            said.append(len(frame["tasks"]))
        elif str(frame.get("subtype")).startswith("task_"):
            said.append((frame["subtype"], frame.get("is_backgrounded", frame.get("patch", frame).get("status"))))
    return said


def test_a_command_within_three_seconds_is_no_task(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 3", "made")
    assert result_block(cli.wait(3.0))["content"] == "made"
    assert told(cli.frames) == []


def test_a_longer_one_is_a_task_until_it_ends(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 5", "made")
    assert told(cli.wait(3.0)) == [("task_started", False)]
    frames = cli.wait(2.0)
    assert told(frames) == [("task_notification", "completed")]
    assert result_block(frames)["content"] == "made"


def test_past_its_timeout_a_command_goes_on_in_the_background(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 9", "made one", timeout=1000)
    frames = cli.wait(1.0)
    assert told(frames) == [1, ("task_started", True)]
    content = result_block(frames)["content"]
    assert content.startswith(f"made one\nCommand did not complete within its 1s timeout and {IS_MOVED}")
    result = one(frames, "user")["tool_use_result"]
    assert (result["stdout"], result["timedOutAfterMs"]) == ("made one", 1000)
    assert result["backgroundTaskId"] == one(frames, "task_started")["task_id"]


def test_one_that_was_shown_by_then_is_said_to_be_in_the_background(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 9", timeout=5000)
    cli.wait(3.0)
    frames = cli.wait(2.0)
    assert told(frames) == [1, ("task_updated", None)]
    assert one(frames, "task_updated")["patch"] == {"is_backgrounded": True}
    assert result_block(frames)["content"].startswith("Command did not complete within its 5s timeout")


def test_the_model_hears_of_its_end_in_a_turn_of_its_own(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 9", timeout=1000)
    cli.wait(1.0)
    frames = cli.wait(8.0)
    assert told(frames) == [("task_updated", "completed"), ("task_notification", "completed"), 0]
    assert one(frames, "task_notification")["summary"] == 'Background command "Work" completed (exit code 0)'
    assert one(frames, "success")["result"] == "It has ended."


def test_two_minutes_are_the_timeout_where_the_call_names_none(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 500")
    cli.wait(3.0)
    assert f"within its 2m timeout and {IS_MOVED}" in result_block(cli.wait(117.0))["content"]


def test_a_line_that_begins_with_sleep_is_ended_instead(tmp_path: Path) -> None:
    cli = running(tmp_path, "sleep 1.9; make", "made", timeout=1000)
    frames = cli.wait(1.0)
    assert told(frames) == []
    assert result_block(frames)["content"] == "Exit code 143\nCommand timed out after 1s"
    assert result_block(frames)["is_error"] is True


def test_a_signal_that_ends_the_cli_ends_what_runs_in_the_background(tmp_path: Path) -> None:
    cli = running(tmp_path, "make; sleep 9", run_in_background=True)
    frames = cli.signal(signal.SIGTERM)
    assert told(frames) == [("task_notification", "stopped"), ("task_updated", "killed"), 0]
    assert cli.exit_code == 143


def test_hooks_are_told_the_directory_of_the_shell_which_is_put_back_from_outside(tmp_path: Path) -> None:
    script = Script()
    for command in ("cd sub", "pwd", "cd /elsewhere", "pwd"):
        script.calls("Bash", command=command).returns("")
    cli = ByHand(script.says("Done."), tmp_path, "--permission-prompt-tool", "stdio", "--allowedTools", "Bash")
    cli.patience = 1.0
    cli.start(hooks={"PostToolUse": [{"matcher": None, "hookCallbackIds": ["after"]}]})
    cli.prompt("go")
    seen = []
    while cli.frames[-1].get("type") == "control_request":
        seen.append(cli.frames[-1]["request"]["input"]["cwd"].removeprefix(str(cli.project)))
        cli.answer(cli.frames[-1], {})
    assert seen == ["/sub", "/sub", "", ""]
    assert only(cli.frames, "success")


@pytest.mark.parametrize(
    ("length", "words"), [(0.9, "1s"), (1.4, "1s"), (59.4, "59s"), (120, "2m"), (125, "2m 5s"), (0.2, "0s")]
)
def test_a_length_of_time_in_words(length: float, words: str) -> None:
    assert in_words(length) == words
