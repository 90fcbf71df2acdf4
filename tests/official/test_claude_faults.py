"""claude_faults on a program of the official SDK: what is found is that SDK's own, and a finding all the same."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from claude_code_sdk.testing import Script, claude_faults

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

LIMIT = 50.0


async def asks() -> None:
    async with sdk.ClaudeSDKClient(sdk.ClaudeAgentOptions()) as client:
        await client.query("Hi")
        async for _ in client.receive_response():
            pass


async def test_its_errors_may_be_raised_and_what_is_none_of_them_is_found() -> None:
    script = Script().calls("Bash", command="ls").returns("a.txt").says("Hello")
    with anyio.fail_after(LIMIT):
        report = await claude_faults(asks, script)
    assert report.outcomes["raised ProcessError"] > 0
    # Its timeout for initialize is a bare Exception, and it has no bound on silence.
    assert {(finding.kind, finding.fault) for finding in report.findings} == {
        ("raised", "end: before the first frame"),
        ("raised", "lost: frame 1 (control_response)"),
        ("hung", "lost: frame 7 (result success)"),
    }
    assert report.findings[0].text.startswith("Exception: Control request timeout: initialize\nat tests/official/")


async def test_it_is_found_over_processes_too() -> None:
    with anyio.fail_after(LIMIT):
        report = await claude_faults(asks, Script().says("Hello"), faults=["torn"], engine="subprocess")
    assert report.ok, str(report)
    # The last frame comes after the result, when the program has what it wants.
    assert report.outcomes == {"raised ProcessError": report.frames[0] - 1, "returned": 2}
