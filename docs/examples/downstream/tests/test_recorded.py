"""Whole sessions, replayed from the recordings in cassettes/: what the agent says, asks and decides is as it was.

What the hooks answer is compared with the recording.  One of them looks at the clock, so time is as it was too.
"""

import pytest
from claude_code_sdk.testing import including

from oncall.agent import Desk, investigate, summary

pytestmark = pytest.mark.claude_cassette(freeze_time=True)


async def test_a_night_shift(claude_cassette, claude_run):
    async with Desk() as desk:
        first = await desk.ask("The disk of checkout is full. Free some space.")
        second = await desk.ask("Write down what you found in runbooks/disk.md.")

    assert "page a human" in first.text
    assert second.complete
    claude_run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", times=1)
    claude_run.assert_permission("Write", including(content=str), decision="allow")
    assert [line.split()[1] for line in desk.journal.lines] == ["Bash", "Write"]


@pytest.mark.parametrize("service", ["checkout", "search"])
async def test_each_case_has_a_recording_of_its_own(claude_cassette, service):
    answer = await investigate(f"Is there a runbook for {service}? Look in runbooks/.")

    assert service in answer.text


@pytest.mark.usefixtures("claude_cassette")
async def test_a_plain_query_is_replayed_too():
    assert await summary(["02:10 Bash", "02:12 Write"]) == "The disk was looked at, and a runbook was written."


@pytest.mark.claude_cassette(name="test_a_night_shift", unplayed="ignore")
async def test_a_recording_serves_a_test_of_its_beginning(claude_cassette, claude_run):
    async with Desk() as desk:
        await desk.ask("The disk of checkout is full. Free some space.")

    claude_run.assert_tool_order("Bash", "Bash")
    assert claude_run.sessions[0].prompts == ["The disk of checkout is full. Free some space."]


async def test_the_api_that_the_tools_call_is_replayed_too(claude_cassette, claude_run):
    answer = await investigate("Is checkout all right? Open an incident if not.")

    assert answer.text == "INC-1 is open."
    claude_run.assert_tool_order("mcp__desk__service_status", "mcp__desk__open_incident")
    claude_run.assert_tool_called("mcp__desk__open_incident", result="opened INC-1")
