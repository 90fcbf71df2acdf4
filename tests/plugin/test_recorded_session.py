"""The plugin on a recorded session of the real CLI, and what `answers=` makes of a permission callback's answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Project

RECORDING = Path(__file__).parents[2] / "cassettes" / "perm_deny.jsonl"
BEHIND = ["system/session_state_changed", "user", "assistant", "result", "system/session_state_changed"]
"""What the recorded CLI sends after the callback has answered."""

PROGRAM = """
    from claude_code_sdk import ClaudeCodeOptions, PermissionResultAllow, PermissionResultDeny

    asked = []

    async def touch(decision):
        async def may_use(name, given, context):
            asked.append(name)
            return decision

        options = ClaudeCodeOptions(system_prompt="", can_use_tool=may_use)
        async with ClaudeSDKClient(options) as client:
            await client.query("touch")
            return (await client.drain()).result
"""


@pytest.fixture
def recorded(project: Project) -> Project:
    """A project with a recording in which a permission callback denies with "Not in this house."."""
    (project.folder / "cassettes").mkdir()
    shutil.copy(RECORDING, project.folder / "cassettes")
    shutil.copytree(RECORDING.parent / "inventory", project.folder / "cassettes" / "inventory")
    return project


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_with_a_permission_callback_runs_on_the_recording(recorded: Project, backend: str) -> None:
    recorded.tests(f"""{PROGRAM}
    @pytest.fixture
    def anyio_backend():
        return "{backend}"

    @pytest.mark.claude_cassette("cassettes/perm_deny.jsonl", answers="verify")
    async def test_touch():
        assert await touch(PermissionResultDeny(message="Not in this house.")) == "I was told not to."
        assert asked == ["Bash"]
    """)
    assert recorded.run().outcomes == {"passed": 1}


def test_another_answer_of_the_callback_is_a_mismatch_when_answers_are_verified(recorded: Project) -> None:
    recorded.tests(f"""{PROGRAM}
    @pytest.mark.claude_cassette("cassettes/perm_deny.jsonl", answers="verify")
    async def test_touch():
        await touch(PermissionResultDeny(message="Ask later."))
    """)
    outcome = recorded.run()
    assert outcome.outcomes == {"failed": 1}
    assert [line[1:].strip() for line in outcome.report("test_touch") if line.startswith("E  ")] == [
        "claude_code_sdk.cassettes.mismatch.CassetteMismatch: frame 10 of episode 1 is not what was recorded",
        "",
        "cassettes/perm_deny.jsonl:11   host answers can_use_tool (Bash)",
        '- response.message: "Not in this house."',
        '+ response.message: "Ask later."',
        "",
        f"played 9 of 17 entries; waiting behind this one: {', '.join(BEHIND)}",
        "record mode none; matched on argv, prompt, control; answers: verify",
        "accept the new behaviour:  pytest test_it.py::test_touch --claude-record=all",
    ]


def test_another_answer_of_the_callback_is_taken_as_it_comes_otherwise(recorded: Project) -> None:
    recorded.tests(f"""{PROGRAM}
    @pytest.mark.claude_cassette("cassettes/perm_deny.jsonl")
    async def test_touch():
        assert await touch(PermissionResultAllow()) == "I was told not to."
        assert asked == ["Bash"]
    """)
    assert recorded.run().outcomes == {"passed": 1}


def test_callbacks_are_not_asked_when_answers_are_stubbed(recorded: Project) -> None:
    recorded.tests(f"""{PROGRAM}
    @pytest.mark.claude_cassette("cassettes/perm_deny.jsonl", answers="stub")
    async def test_touch():
        assert await touch(PermissionResultAllow()) == "I was told not to."
        assert asked == []
    """)
    assert recorded.run().outcomes == {"passed": 1}
