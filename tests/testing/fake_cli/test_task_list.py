"""The list of tasks that the model keeps with TaskCreate, TaskGet, TaskList and TaskUpdate (texts of CLI 2.1.330)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script, tool_use

from .by_hand import ByHand, Frame, one, only

FLAGS = ("--tools", "TaskCreate,TaskGet,TaskList,TaskUpdate")


def create(subject: str, **more: Any) -> Frame:
    return tool_use("TaskCreate", subject=subject, description=f"Do {subject}", **more)


def update(number: str, **changes: Any) -> Frame:
    return tool_use("TaskUpdate", taskId=number, **changes)


def get(number: str) -> Frame:
    return tool_use("TaskGet", taskId=number)


LIST = tool_use("TaskList")
TWO = (create("One"), create("Two"))


def session(folder: Path, *calls: Frame) -> ByHand:
    script = Script()
    for call in calls:
        script.replies(call)
    script.says("Done.")
    return ByHand(script, folder, *FLAGS)


def last_of(frames: list[Frame]) -> tuple[Any, Any]:
    """The text and the structured result of the last call."""
    frame = only(frames, "user")[-1]
    return frame["message"]["content"][0]["content"], frame["tool_use_result"]


def last(folder: Path, *calls: Frame) -> tuple[Any, Any]:
    return last_of(session(folder, *calls).prompt("go"))


def test_an_entry_is_created_pending_with_the_next_number(tmp_path: Path) -> None:
    text, result = last(tmp_path, *TWO)
    assert text == "Task #2 created successfully: Two"
    assert result == {"task": {"id": "2", "subject": "Two", "description": "Do Two"}}


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    assert last(tmp_path, LIST) == ("No tasks found", {"tasks": []})


def test_an_entry_is_shown_whole(tmp_path: Path) -> None:
    text, result = last(tmp_path, *TWO, update("2", addBlockedBy=["1"]), get("2"))
    assert text == "Task #2: Two\nStatus: pending\nDescription: Do Two\nBlocked by: #1"
    assert (result["task"]["blocks"], result["task"]["blockedBy"]) == ([], ["1"])


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert last(tmp_path / "get", get("9")) == ("Task not found", {"task": None})
    failed = {"success": False, "taskId": "9", "updatedFields": [], "error": "Task not found"}
    assert last(tmp_path / "update", update("9", status="completed")) == ("Task not found", failed)


@pytest.mark.parametrize("status", ["in_progress", "completed", "deleted"])
def test_a_change_of_status_tells_from_what_to_what(tmp_path: Path, status: str) -> None:
    text, result = last(tmp_path, *TWO, update("1", status=status))
    changed = "deleted" if status == "deleted" else "status"
    assert text == f"Updated task #1 {changed}"
    change = {"from": "pending", "to": status}
    assert result == {"success": True, "taskId": "1", "updatedFields": [changed], "statusChange": change}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"owner": "me", "status": "in_progress", "metadata": {"a": 1}}, ["owner", "metadata", "status"]),
        ({"metadata": {}, "activeForm": "at it", "description": "d", "subject": "s"},
         ["subject", "description", "activeForm", "metadata"]),
        ({"subject": "One", "status": "pending"}, []),
        ({"addBlockedBy": ["2"], "addBlocks": ["9"]}, ["blocks", "blockedBy"]),
        ({}, []),
    ],
)  # fmt: skip
def test_an_update_tells_what_is_other_than_before(tmp_path: Path, changes: Frame, fields: list[str]) -> None:
    text, result = last(tmp_path, *TWO, update("1", **changes))
    assert text == f"Updated task #1 {', '.join(fields)}"
    assert result["updatedFields"] == fields


def test_the_list_shows_owners_and_what_entries_still_wait_for(tmp_path: Path) -> None:
    changes = (update("1", owner="me"), update("1", addBlocks=["2", "9"]))
    text, result = last(tmp_path / "waits", *TWO, *changes, LIST)
    assert text == "#1 [pending] One (me)\n#2 [pending] Two [blocked by #1]"
    assert [entry["blockedBy"] for entry in result["tasks"]] == [[], ["1"]]
    assert "owner" not in result["tasks"][1]
    text, _ = last(tmp_path / "done", *TWO, *changes, update("1", status="completed"), LIST)
    assert text == "#1 [completed] One (me)\n#2 [pending] Two"


def test_a_deleted_entry_blocks_nobody_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    calls = (*TWO, update("1", addBlocks=["2"]), update("2", status="deleted"), create("Three"))
    assert last(tmp_path / "three", *calls)[0] == "Task #3 created successfully: Three"
    assert last(tmp_path / "one", *calls, get("1"))[0] == "Task #1: One\nStatus: pending\nDescription: Do One"


def test_a_status_that_there_is_not_is_refused_with_all_that_is_wrong_with_it(tmp_path: Path) -> None:
    text, _ = last(tmp_path, create("One"), update("1", status="done"))
    assert text.startswith('<tool_use_error>InputValidationError: [\n  {\n    "code": "invalid_union",\n')
    assert '"message": "Invalid input: expected \\"deleted\\""' in text


def test_the_list_lasts_from_turn_to_turn(tmp_path: Path) -> None:
    cli = ByHand(Script().replies(create("One")).says("Made.").replies(LIST).says("Read."), tmp_path, *FLAGS)
    cli.prompt("make")
    assert last_of(cli.prompt("read"))[0] == "#1 [pending] One"


def test_a_script_may_answer_in_place_of_the_list(tmp_path: Path) -> None:
    script = Script().answers("TaskList", "nothing left").replies(LIST).says("Done.")
    frames = ByHand(script, tmp_path, *FLAGS).prompt("go")
    assert one(frames, "user")["message"]["content"][0]["content"] == "nothing left"


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("TaskCreated", "TaskCreated hook feedback:\nNot now."),
        ("TaskCompleted", "TaskCompleted hook feedback:\nNot now."),
    ],
)
def test_a_hook_may_have_something_against_it(tmp_path: Path, event: str, told: str) -> None:
    cli = session(tmp_path, create("One"), update("1", status="completed"), LIST)
    cli.start(hooks={event: [{"hookCallbackIds": ["hook_0"]}]})
    question = one(cli.prompt("go", patient=False), "hook_callback")
    given = question["request"]["input"]
    assert (given["task_id"], given["task_subject"], given["task_description"]) == ("1", "One", "Do One")
    assert "permission_mode" not in given
    frames = cli.answer(question, {"decision": "block", "reason": "Not now."})
    first, listed = only(frames, "user")[0], only(frames, "user")[-1]
    assert first["message"]["content"][0]["content"] == told
    left = "No tasks found" if event == "TaskCreated" else "#1 [pending] One"
    assert listed["message"]["content"][0]["content"] == left


def test_an_update_runs_beside_a_look_that_is_over_sooner(tmp_path: Path) -> None:
    script = Script().replies(create("One")).replies(update("1", status="completed"), get("9")).says("Done.")
    _, looked, updated = only(ByHand(script, tmp_path, *FLAGS).prompt("go"), "user")
    assert looked["message"]["content"][0]["content"] == "Task not found"
    assert updated["message"]["content"][0]["content"] == "Updated task #1 status"
