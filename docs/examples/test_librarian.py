import pytest
from librarian import ask

from claude_code_sdk.testing import Script, use_script

pytestmark = pytest.mark.anyio


async def test_a_book_is_looked_up() -> None:
    script = Script()
    script.expects_prompt("Where is Dune?")
    script.calls("mcp__library__find_book", title="Dune")
    script.says("On shelf F-HER.")
    script.expects_answer("mcp_message", {"mcp_response": {"result": {"content": [{"text": "F-HER"}]}}}, request=CALL)
    with use_script(script):
        assert await ask("Where is Dune?") == "On shelf F-HER."


async def test_nothing_is_deleted() -> None:
    script = Script().calls("Bash", command="rm catalogue.txt").says("I may not delete it.")
    script.expects_answer("hook_callback", {"hookSpecificOutput": {"permissionDecision": "deny"}})
    with use_script(script):
        await ask("Delete the catalogue")


async def test_only_notes_are_written() -> None:
    script = Script().calls("Write", file_path="/tmp/shelves.py", content="").says("Then I will not.")
    script.expects_answer("can_use_tool", {"behavior": "deny"})
    with use_script(script):
        await ask("Write a program")


CALL = {"message": {"method": "tools/call"}}
