"""Tools that are executed: on the script's own directory, and on nothing outside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, query
from claude_code_sdk.testing import Script, ScriptFormatError, tool_use, use_script

LIMIT = 10.0

pytestmark = pytest.mark.anyio


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    directory = tmp_path / "owned"
    (directory / "src").mkdir(parents=True)
    (directory / "src" / "a.py").write_text("one\ntwo\n")
    (directory / "notes.md").write_text("# Notes\n")
    return directory


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def results(directory: Path, *calls: dict[str, Any]) -> list[Any]:
    """What each call answered, as the model is told it."""
    script = Script(tools="execute", directory=directory)
    for call in calls:
        script.replies(call)
    script.says("Done.")
    options = ClaudeCodeOptions(permission_mode="bypassPermissions", cwd="/work", allowed_tools=["Glob", "Grep"])
    told = []
    with use_script(script), anyio.fail_after(LIMIT):
        async for message in query(prompt="go", options=options):
            blocks = getattr(message, "content", ())
            told += [block.content for block in blocks if hasattr(block, "tool_use_id")]
    return told


async def test_files_are_read_written_and_edited_there(owned: Path) -> None:
    read, wrote, edited = await results(
        owned,
        tool_use("Read", file_path="/work/src/a.py"),
        tool_use("Write", file_path="/work/new/b.txt", content="b\n"),
        tool_use("Edit", file_path="src/a.py", old_string="two", new_string="2"),
    )
    assert read == "1\tone\n2\ttwo\n3\t"
    assert wrote.startswith("File created successfully at: /work/new/b.txt")
    assert "has been updated successfully" in edited
    assert (owned / "new" / "b.txt").read_text() == "b\n"
    assert (owned / "src" / "a.py").read_text() == "one\n2\n"


async def test_files_and_lines_are_found_there(owned: Path) -> None:
    found, counted, shown = await results(
        owned,
        tool_use("Glob", pattern="**/*.py"),
        tool_use("Grep", pattern="o", output_mode="count"),
        tool_use("Grep", pattern="^t", path="/work/src", output_mode="content"),
    )
    assert found == "src/a.py"
    assert counted == "notes.md:1\nsrc/a.py:2\n\nFound 3 total occurrences across 2 files."
    assert shown == "src/a.py:2:two"


async def test_what_cannot_be_is_refused_as_the_cli_refuses_it(owned: Path) -> None:
    gone, absent, folder = await results(
        owned,
        tool_use("Read", file_path="/work/none"),
        tool_use("Edit", file_path="/work/notes.md", old_string="absent", new_string="x"),
        tool_use("Write", file_path="/work/src", content="x"),
    )
    assert gone == "File does not exist. Note: your current working directory is /work."
    assert absent == "<tool_use_error>String to replace not found in file.\nString: absent</tool_use_error>"
    assert folder.startswith("<tool_use_error>/work/src is a directory, not a file.")


@pytest.mark.parametrize("path", ["/work/../secret.txt", "../secret.txt", "{outside}", "/work/link/secret.txt"])
async def test_nothing_outside_is_read_or_written(owned: Path, path: str) -> None:
    outside = owned.parent / "secret.txt"
    outside.write_text("secret")
    (owned / "link").symlink_to(owned.parent)
    path = path.format(outside=outside)
    read, wrote = await results(
        owned, tool_use("Read", file_path=path), tool_use("Write", file_path=path, content="spoilt")
    )
    assert read == "File does not exist. Note: your current working directory is /work."
    assert wrote.startswith("EACCES: permission denied, open ")
    assert outside.read_text() == "secret"


async def test_links_that_lead_out_are_not_searched(owned: Path) -> None:
    (owned.parent / "secret.txt").write_text("secret")
    (owned / "link").symlink_to(owned.parent)
    (owned / "file").symlink_to(owned.parent / "secret.txt")
    found, matched = await results(owned, tool_use("Glob", pattern="*"), tool_use("Grep", pattern="secret"))
    assert sorted(found.split("\n")) == ["notes.md", "src/a.py"]
    assert matched == "No files found"


async def test_what_the_script_says_comes_first(owned: Path) -> None:
    script = Script(tools="execute", directory=owned)
    script.calls("Read", file_path="/work/notes.md").returns("scripted")
    script.says("Done.")
    told = []
    with use_script(script), anyio.fail_after(LIMIT):
        async for message in query(prompt="go", options=ClaudeCodeOptions(cwd="/work")):
            told += [getattr(block, "content", None) for block in getattr(message, "content", ())]
    assert "scripted" in told


async def test_by_default_no_file_is_touched(tmp_path: Path) -> None:
    script = Script()
    script.replies(tool_use("Write", file_path=str(tmp_path / "a.txt"), content="x"))
    script.says("Done.")
    options = ClaudeCodeOptions(cwd=tmp_path, permission_mode="acceptEdits")
    with use_script(script), anyio.fail_after(LIMIT):
        async for _ in query(prompt="go", options=options):
            pass
    assert listed(tmp_path) == []


def test_the_json_form_has_both(owned: Path) -> None:
    value = Script(tools="execute", directory=owned).to_json()
    assert (value["tools"], value["directory"]) == ("execute", str(owned))
    assert Script.from_json(value).directory == str(owned)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"tools": "execute"}, r'^\$\.tools: "execute" needs a directory'),
        ({"directory": "x"}, r'^\$\.directory: only tools that are executed have one; say tools="execute" too'),
        ({"tools": "run", "directory": "x"}, r"^\$\.tools: expected \"execute\", not 'run'"),
    ],
)
def test_one_without_the_other_is_refused(given: dict[str, Any], error: str) -> None:
    with pytest.raises(ScriptFormatError, match=error):
        Script(**given)
