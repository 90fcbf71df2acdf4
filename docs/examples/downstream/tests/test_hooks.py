"""What the hooks do: nothing is destroyed, everything is written down, the model knows whom to page."""

import re

import pytest

from oncall.agent import Desk, investigate

DESTRUCTIVE = ["rm -rf /var/lib/postgres", "psql -c 'DROP TABLE orders'", "cd infra && terraform destroy"]


@pytest.mark.parametrize("command", DESTRUCTIVE)
async def test_what_cannot_be_undone_does_not_run(fake_claude, claude_run, command):
    fake_claude.calls("Bash", command=command).says("Then page a human.")

    await investigate("Free some disk space")

    claude_run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", reason=re.compile("cannot be undone"))
    claude_run.assert_tool_called("Bash", {"command": command}, is_error=True, times=1)


async def test_a_harmless_command_runs(fake_claude, claude_run):
    fake_claude.calls("Bash", command="ls logs").returns("checkout.log").says("There is one log.")

    await investigate("Which logs are there?")

    claude_run.assert_hook_called("PreToolUse", tool="Bash", decision=None)
    claude_run.assert_tool_called("Bash", {"command": "ls logs"}, result="checkout.log")


async def test_the_model_is_told_who_is_on_call(fake_claude, claude_run):
    fake_claude.says("Page Oslo.")

    await investigate("Whom do I page?")

    told = claude_run.assert_hook_called("UserPromptSubmit", times=1)
    assert re.fullmatch("On call now: (Oslo|Sydney).", told.output["hookSpecificOutput"]["additionalContext"])


async def test_the_journal_has_what_ran_and_not_what_was_denied(fake_claude, claude_run):
    fake_claude.calls("Bash", command="ls").returns("a.log")
    fake_claude.calls("Bash", command="rm -rf a.log")
    fake_claude.says("The log is still there.")

    async with Desk() as desk:
        await desk.ask("Clean up")

    (line,) = desk.journal.lines
    assert re.fullmatch(r"\d\d:\d\d Bash", line)
    claude_run.assert_hook_called("PostToolUse", tool="Bash", times=1)


async def test_a_talk_needs_no_hook_of_a_tool(fake_claude, claude_run):
    fake_claude.says("Good evening.")

    await investigate("Hello")

    claude_run.assert_no_tool_called()
    claude_run.assert_hook_not_called("PreToolUse")
    claude_run.assert_hook_not_called("PostToolUse")
