"""The agent's own tools, and the API that they call."""

import pytest
from claude_code_sdk.testing import McpCall, containing, tool_use

from oncall.agent import investigate


async def test_a_service_is_looked_up(fake_claude, claude_run, incidents):
    fake_claude.calls("mcp__desk__service_status", name="checkout").says("Checkout is degraded.")

    answer = await investigate("How is checkout?")

    assert answer.text == "Checkout is degraded."
    claude_run.assert_tool_called(
        "mcp__desk__service_status", {"name": "checkout"}, result="checkout is degraded, 12.5% errors"
    )


async def test_an_incident_is_opened_after_a_look(fake_claude, claude_run, incidents):
    fake_claude.calls("mcp__desk__service_status", name="checkout")
    fake_claude.calls("mcp__desk__open_incident", title="Checkout fails", severity="high")
    fake_claude.says("INC-1 is open.")

    await investigate("Is checkout all right? Open an incident if not.")

    assert incidents == [{"title": "Checkout fails", "severity": "high"}]
    claude_run.assert_tool_order("mcp__desk__service_status", "mcp__desk__open_incident")
    assert claude_run.mcp_calls == [
        McpCall("desk", "service_status", {"name": "checkout"}, result="checkout is degraded, 12.5% errors"),
        McpCall("desk", "open_incident", {"title": "Checkout fails", "severity": "high"}, result="opened INC-1"),
    ]


async def test_two_services_are_looked_up_in_one_reply(fake_claude, claude_run, incidents):
    fake_claude.replies(
        tool_use("mcp__desk__service_status", name="checkout"), tool_use("mcp__desk__service_status", name="search")
    )
    fake_claude.says("Search is healthy, checkout is not.")

    await investigate("How are checkout and search?")

    assert sorted(call.result for call in claude_run.tool_calls) == [
        "checkout is degraded, 12.5% errors",
        "search is healthy, 0.0% errors",
    ]


async def test_the_model_is_told_of_an_unknown_service(fake_claude, claude_run, incidents):
    fake_claude.calls("mcp__desk__service_status", name="chekout").says("There is no such service.")

    await investigate("How is chekout?")

    claude_run.assert_tool_called("mcp__desk__service_status", is_error=True, result=containing("failed: 404"))


async def test_the_agent_survives_an_api_that_is_down(
    fake_claude, claude_run, monkeypatch: pytest.MonkeyPatch, unused_port
):
    monkeypatch.setenv("ONCALL_API", f"http://127.0.0.1:{unused_port}")
    fake_claude.calls("mcp__desk__service_status", name="checkout").says("I cannot see it.")

    answer = await investigate("How is checkout?")

    assert answer.complete
    claude_run.assert_tool_called("mcp__desk__service_status", is_error=True, result=containing("ConnectError"))


async def test_a_call_without_its_field_does_not_reach_the_api(fake_claude, claude_run, incidents):
    fake_claude.calls("mcp__desk__open_incident", title="Checkout fails").says("I forgot the severity.")

    await investigate("Open an incident")

    assert incidents == []
    claude_run.assert_tool_called("mcp__desk__open_incident", is_error=True)
