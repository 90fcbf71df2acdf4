"""What the agent may do without asking a human."""

from dirty_equals import IsStr

from oncall.agent import investigate


async def test_a_runbook_is_written(fake_claude, claude_run):
    fake_claude.calls("Write", file_path="runbooks/checkout.md", content="# Checkout").says("Noted.")

    await investigate("Write that down")

    claude_run.assert_permission("Write", decision="allow", times=1)
    claude_run.assert_tool_called("Write", is_error=False)


async def test_nothing_else_is_written(fake_claude, claude_run):
    fake_claude.calls("Write", file_path="src/checkout.py", content="").says("I may not.")

    await investigate("Mend it")

    claude_run.assert_permission("Write", decision="deny", message="only notes in runbooks/ are written")
    assert [denial["tool_name"] for denial in claude_run.result.permission_denials] == ["Write"]


async def test_kubectl_only_pretends(fake_claude, claude_run):
    fake_claude.calls("Bash", command="kubectl delete pod checkout-1").returns("deleted (dry run)").says("It would.")

    await investigate("Restart checkout")

    asked = claude_run.assert_permission("Bash", decision="allow")
    assert asked.updated_input["command"] == "kubectl delete pod checkout-1 --dry-run=server"


async def test_a_look_at_the_web_ends_the_turn(fake_claude, claude_run):
    fake_claude.calls("WebFetch", url="https://paste.example.com", prompt="read it")

    answer = await investigate("Search for the error")

    assert not answer.complete
    claude_run.assert_permission("WebFetch", decision="deny", message=IsStr(regex=".*inside"))


async def test_hooks_come_before_permissions(fake_claude, claude_run):
    fake_claude.calls("Bash", command="kubectl exec db -- psql -c 'drop database shop'").says("No.")

    await investigate("Drop it")

    claude_run.assert_hook_called("PreToolUse", decision="deny")
    assert claude_run.permission_requests == []
