import pytest
from forecast import umbrella

from claude_code_sdk.testing import Run

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("claude_cassette")]


@pytest.mark.claude_cassette(http=True, freeze_time=True)
async def test_in_the_rain_it_is_yes(claude_run: Run) -> None:
    assert await umbrella("Oslo") == "Yes, take one."
    claude_run.assert_tool_called("mcp__weather__forecast", {"city": "Oslo"}, result="rain")
