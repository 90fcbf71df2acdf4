import pytest
from release_bot import release

pytestmark = pytest.mark.anyio


async def test_history_is_not_rewritten(fake_claude, claude_run):
    fake_claude.calls("Bash", command="git push --force")
    fake_claude.says("I may not rewrite history.")

    await release("1.2")

    claude_run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", reason="never with --force")


async def test_a_plain_push_is_fine(fake_claude, claude_run):
    fake_claude.calls("Bash", command="git push origin v1.2").returns("pushed")
    fake_claude.says("Version 1.2 is out.")

    assert await release("1.2") == "Version 1.2 is out."

    claude_run.assert_tool_called("Bash", {"command": "git push origin v1.2"}, result="pushed")
