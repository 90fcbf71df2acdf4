"""Whatever breaks, and wherever: the desk answers or closes, and never hangs, leaks or fails in another way.

It did hang, until `Desk.ask` got a limit: no CLI ever says that its last line was lost.  The clock is the fake's own,
so nobody waits for it.
"""

import pytest

from oncall.agent import DeskClosed, investigate


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.claude_engine("in-process", reason="a campaign has an engine of its own")
async def test_whatever_breaks_the_desk_answers_or_closes(fake_claude, claude_faults):
    fake_claude.calls("Bash", command="kubectl get pods").returns("checkout-1").says("One pod.")

    async def program():
        return await investigate("Which pods are there?")

    report = await claude_faults(program, allow=(DeskClosed,))

    report.raise_for_findings()
    assert report.attempts > 100
