"""What the report of a sub-agent says of the tools that it used (the rules were seen on CLI 2.1.330)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only

FLAGS = ("--permission-mode", "bypassPermissions", "--allow-dangerously-skip-permissions")


def agent(script: Script) -> Script:
    given = {"description": "work", "prompt": "Go.", "subagent_type": "general-purpose", "run_in_background": False}
    return script.calls("Agent", **given)


def reports(script: Script, folder: Path) -> list[Frame]:
    """The results of the agents of one turn."""
    cli = ByHand(script, folder, *FLAGS)
    cli.start()
    cli.prompt("go")
    results = [frame.get("tool_use_result") for frame in only(cli.frames, "user")]
    return [result for result in results if isinstance(result, dict) and "agentType" in result]


def named(report: Frame) -> str:
    """The tools that the model is told of."""
    (first, *rest) = [block["text"] for block in report["content"]]
    return first.strip().removeprefix("<tools-used-before-summary>").partition("<")[0] if rest else ""


def test_a_report_names_only_tools_that_its_caller_has_not_heard_of(tmp_path: Path) -> None:
    script = Script().calls("Read", file_path="/a")
    agent(script).calls("Read", file_path="/b").calls("Bash", command="echo 1").says("One.")
    agent(script).calls("Bash", command="echo 2").calls("Write", file_path="/c", content="c").says("Two.")
    agent(script).calls("Bash", command="echo 3").says("Three.")
    found = reports(script.says("Done."), tmp_path)
    assert [named(report) for report in found] == ["Bash", "Write", ""]
    assert [report["toolsUsed"] for report in found] == [["Bash", "Read"], ["Bash", "Write"], ["Bash"]]
    assert [report["harnessNoteCount"] for report in found] == [1, 1, 0]


@pytest.mark.parametrize(
    ("tool", "given", "added", "removed"),
    [
        ("Write", {"file_path": "/n", "content": "b\n"}, 2, 0),
        ("Write", {"file_path": "/n", "content": "a\nb"}, 2, 0),
        ("Edit", {"file_path": "/n", "old_string": "one\ntwo\n", "new_string": "one\nTWO\nmore\n"}, 4, 3),
        ("Edit", {"file_path": "/n", "old_string": "two", "new_string": ""}, 0, 1),
    ],
)
def test_a_report_counts_the_lines_that_the_model_wrote(
    tmp_path: Path, tool: str, given: Frame, added: int, removed: int
) -> None:
    (report,) = reports(agent(Script()).calls(tool, **given).says("Done so.").says("Done."), tmp_path)
    stats = report["toolStats"]
    assert (stats["editFileCount"], stats["linesAdded"], stats["linesRemoved"]) == (1, added, removed)


@pytest.mark.parametrize(
    ("written", "said", "partial"),
    [
        (["First.", ""], "The text below is PARTIAL output; treat it as incomplete.", "First."),
        (["First.", "Second.\nLine."], "The text below is PARTIAL output; treat it as incomplete.", "Second.\nLine."),
        (["", ""], "It was still calling tools and had produced no report.", None),
    ],
)
def test_the_last_text_of_an_agent_that_used_up_its_turns_is_its_partial_report(
    tmp_path: Path, written: list[str], said: str, partial: str | None
) -> None:
    given = {"description": "d", "prompt": "Go.", "subagent_type": "looker", "run_in_background": False}
    turns: list[Any] = [[tool_use("Agent", given)]]
    for text in written:
        turns.append([*([{"type": "text", "text": text}] if text else []), tool_use("Read", {"file_path": "/a"})])
    cli = ByHand(Script([*turns, [{"type": "text", "text": "Done."}]]), tmp_path, *FLAGS)
    cli.start(agents={"looker": {"description": "Looks", "prompt": "You look.", "maxTurns": 2}})
    cli.prompt("go")
    handed = next(frame for frame in cli.frames if "agentType" in (frame.get("tool_use_result") or {}))
    result, told = handed["tool_use_result"], handed["message"]["content"][0]["content"][0]["text"]
    used, note, *report = [block["text"] for block in result["content"]]
    assert used == "<tools-used-before-summary>Read</tools-used-before-summary>\n"
    assert note == (
        f"NOTE: this agent stopped at its 2-turn limit before finishing. {said} Send the agent a message (SendMessage) "
        "to let it continue from where it stopped.\n"
    )
    assert report == ([] if partial is None else [partial])
    assert result["harnessNoteCount"] == 2
    assert one(cli.frames, "task_notification")["summary"] == (note if partial is None else f"{note}\n{partial}")
    assert told.startswith(f"  {used}  \n  {note}  \n")
    shown = "agentId:" if partial is None else "[Subagent hand-back]"
    assert told.removeprefix(f"  {used}  \n  {note}  \n").startswith(shown)


def tool_use(name: str, given: Frame) -> Frame:
    return {"type": "tool_use", "name": name, "input": given}
