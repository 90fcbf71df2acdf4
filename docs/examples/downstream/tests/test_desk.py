"""Conversations, and what becomes of them when the CLI or its API fails."""

import anyio
import pytest

from oncall.agent import Desk, DeskClosed, investigate, summary


async def test_a_conversation_is_one_session(fake_claude, claude_run):
    fake_claude.expects_prompt("How is checkout?").says("Degraded.")
    fake_claude.expects_prompt("Since when?").says("Since 02:10.")

    async with Desk() as desk:
        assert (await desk.ask("How is checkout?")).text == "Degraded."
        assert (await desk.ask("Since when?")).text == "Since 02:10."

    assert len(claude_run.sessions) == 1
    claude_run.assert_result("Since 02:10.", is_error=False, cost_below=0.05)


async def test_two_desks_are_two_sessions(fake_claude, claude_run):
    fake_claude.says("Degraded.", match="checkout").says("Healthy.", match="search")
    answers = {}

    async def ask(service):
        answers[service] = (await investigate(f"How is {service}?")).text

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, "search")
        tasks.start_soon(ask, "checkout")

    assert answers == {"checkout": "Degraded.", "search": "Healthy."}
    assert len(claude_run.sessions) == 2


async def test_an_api_that_refuses_is_an_incomplete_answer(fake_claude):
    fake_claude.fails(403, message="no access to this model")

    assert not (await investigate("Read all the logs")).complete


async def test_a_cli_that_crashes_closes_the_desk(fake_claude, claude_run):
    fake_claude.crashes("Let me se", exit_code=137, stderr="out of memory")

    with pytest.raises(DeskClosed, match="exit code 137"):
        await investigate("How is checkout?")

    assert "out of memory" in claude_run.stderr


async def test_a_night_is_summed_up_without_tools(fake_claude, claude_run):
    fake_claude.says("One look at checkout.")

    assert await summary(["02:10 mcp__desk__service_status"]) == "One look at checkout."

    claude_run.assert_prompt("02:10 mcp__desk__service_status")
    assert claude_run.argv[claude_run.argv.index("--system-prompt") + 1] == "Sum up a journal in one sentence."


async def test_the_options_of_the_caller_are_kept(fake_claude, claude_run, claude_options):
    fake_claude.says("Degraded.")

    await investigate("How is checkout?", claude_options)

    assert claude_run.argv[claude_run.argv.index("--model") + 1] == "sonnet"
    assert "You help whoever is on call. Be brief." in claude_run.argv


@pytest.mark.parametrize("claude_engine", ["in-process", "subprocess"], indirect=True)
async def test_the_desk_closes_its_session_on_both_engines(fake_claude, claude_run, claude_engine):
    fake_claude.says("Good night.")

    async with Desk() as desk:
        await desk.ask("Good night")

    assert claude_run.sessions[0].exit_code == 0
