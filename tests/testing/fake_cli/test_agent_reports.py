"""What the report of a sub-agent says of the tools that it used (the rules were seen on CLI 2.1.330)."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, only

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
