"""The time of day: that of what is played, and the test may move it."""

from datetime import UTC, datetime

import pytest
from claude_code_sdk.testing import including

from oncall.agent import Desk, investigate


@pytest.mark.parametrize(("hour", "team"), [(5, "Sydney"), (6, "Oslo"), (17, "Oslo"), (18, "Sydney")])
async def test_the_night_belongs_to_sydney(fake_claude, claude_run, claude_clock, hour, team):
    claude_clock.move_to(datetime(2026, 3, 1, hour, tzinfo=UTC))
    fake_claude.says("I will page them.")

    await investigate("Who is on call?")

    told = including(hookSpecificOutput=including(additionalContext=f"On call now: {team}."))
    claude_run.assert_hook_called("UserPromptSubmit", output=told)


@pytest.mark.claude_cassette("cassettes/test_recorded/test_a_night_shift.jsonl")
async def test_the_journal_has_the_times_of_the_recording(claude_cassette, claude_clock):
    async with Desk() as desk:
        await desk.ask("The disk of checkout is full. Free some space.")
        await desk.ask("Write down what you found in runbooks/disk.md.")

    assert desk.journal.lines[-1] == f"{claude_clock.now:%H:%M} Write"
