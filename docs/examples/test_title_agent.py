import pytest
from title_agent import title_of

from claude_code_sdk.testing import Script
from pytest_claude_code import ClaudeFaults


@pytest.mark.anyio
async def test_a_title_survives_everything(fake_claude: Script, claude_faults: ClaudeFaults) -> None:
    fake_claude.says("On weather")

    async def program() -> None:
        assert await title_of("It rains.") == "On weather"

    report = await claude_faults(program)
    report.raise_for_findings()
