"""The programs of `tests/dropin/programs_agent_sdk` with the official SDK's import, to show that nothing else differs.

Needs an environment with `claude-agent-sdk` (docs: contributing); everywhere else it is skipped.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.dropin.agent_sdk_cases import CASES, check

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its memory streams and generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.mark.parametrize("name", CASES)
async def test_the_official_sdk_runs_the_same_program(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    await check(name, capsys, sdk="claude_agent_sdk")

    program = vars(sys.modules[f"{name}_on_claude_agent_sdk"])
    assert program["ClaudeAgentOptions"] is sdk.ClaudeAgentOptions
