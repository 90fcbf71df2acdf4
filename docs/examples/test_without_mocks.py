import pytest
from librarian import ask, find_book, no_deleting

from claude_code_sdk.testing import Run, Script, call_hook, call_tool, including

pytestmark = pytest.mark.anyio


async def test_a_book_is_found(fake_claude: Script, claude_run: Run) -> None:
    fake_claude.calls("mcp__library__find_book", title="Dune").says("On shelf F-HER.")
    assert await ask("Where is Dune?") == "On shelf F-HER."
    claude_run.assert_tool_called("mcp__library__find_book", {"title": "Dune"}, result="F-HER")


async def test_nothing_is_deleted(fake_claude: Script, claude_run: Run) -> None:
    fake_claude.calls("Bash", command="rm catalogue.txt").says("I may not.")
    await ask("Delete the catalogue")
    claude_run.assert_hook_called("PreToolUse", tool="Bash", decision="deny")


async def test_the_hook_alone() -> None:
    output = await call_hook(no_deleting, "PreToolUse", tool="Bash", input={"command": "rm catalogue.txt"})
    assert output == {"hookSpecificOutput": including(permissionDecision="deny")}


async def test_the_tool_alone() -> None:
    assert (await call_tool(find_book, {"title": "Emma"}))["content"] == [{"type": "text", "text": "F-AUS"}]


async def test_the_options_reach_the_cli(fake_claude: Script, claude_run: Run) -> None:
    fake_claude.says("Hello.")
    await ask("Hello")
    assert "--mcp-config" in claude_run.argv
    claude_run.assert_prompt("Hello")


async def test_a_cli_that_dies(fake_claude: Script) -> None:
    fake_claude.crashes(exit_code=2)
    with pytest.raises(Exception, match="exit code 2"):
        await ask("Hello")
