from datetime import date

import pytest

from claude_code_sdk import ClaudeCodeOptions, create_sdk_mcp_server, query, tool
from claude_code_sdk.testing import Run, Script


@tool
def today() -> str:
    "The date of today."
    return date.today().strftime("%d %B %Y")


@pytest.mark.anyio
@pytest.mark.usefixtures("claude_clock")
async def test_the_tool_knows_the_day(fake_claude: Script, claude_run: Run) -> None:
    fake_claude.calls("mcp__kit__today").says("It is the first day of the year.")
    server = create_sdk_mcp_server("kit", tools=[today])
    options = ClaudeCodeOptions(mcp_servers={"kit": server}, allowed_tools=["mcp__kit__today"])
    async for _ in query(prompt="What day is it?", options=options):
        pass
    claude_run.assert_tool_called("mcp__kit__today", result="01 January 2026")
