"""What happened, kept as transcripts that a person reviews: __snapshots__/.  `pytest --snapshot-update` writes them."""

import pytest
from claude_code_sdk.testing import tool_use

from oncall.agent import investigate


async def test_an_incident_from_look_to_note(fake_claude, claude_run, claude_clock, claude_snapshot, incidents):
    fake_claude.calls("mcp__desk__service_status", name="checkout")
    fake_claude.calls("mcp__desk__open_incident", title="Checkout fails", severity="high")
    fake_claude.calls("Write", file_path="runbooks/checkout.md", content="# Checkout fails\n\nSee INC-1.\n")
    fake_claude.says("INC-1 is open, and the runbook says so.")

    await investigate("Checkout fails")

    assert claude_run == claude_snapshot


@pytest.mark.parametrize("command", ["rm -rf /", "rm -rf .", "ls"])
async def test_what_becomes_of_a_command(fake_claude, claude_run, claude_clock, claude_snapshot, command):
    fake_claude.replies(tool_use("Bash", command=command)).says("So be it.")

    await investigate("Go on")

    assert claude_run == claude_snapshot
