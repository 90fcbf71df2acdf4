import pytest
from triage import triage


@pytest.mark.anyio
@pytest.mark.usefixtures("claude_cassette")
async def test_a_refund_is_for_billing() -> None:
    assert await triage("I was charged twice, please refund me.") == "billing"
