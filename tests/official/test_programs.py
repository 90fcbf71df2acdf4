"""The programs of `tests/dropin/programs_agent_sdk` with the official SDK's import, to show that nothing else differs.

Needs an environment with `claude-agent-sdk` (docs: contributing); everywhere else it is skipped.
"""

from __future__ import annotations

import sys
from typing import Any

import anyio
import pytest

from claude_code_sdk import use_transport
from tests.dropin.agent_sdk_cases import CASES, PROGRAMS
from tests.dropin.running import main_of, transport

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its memory streams and generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.mark.parametrize("name", CASES)
async def test_the_official_sdk_runs_the_same_program(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    peers = [case.peer()] if case.peer else []
    main = main_of(PROGRAMS / f"{name}.py", sdk="claude_agent_sdk")
    assert sdk.ClaudeAgentOptions in vars(sys.modules[main.__module__]).values()

    with anyio.fail_after(20), use_transport(transport(*peers)):
        await main()

    assert capsys.readouterr().out.splitlines() == case.lines
    for peer in peers:
        assert {name: peer.answer_to(name)["response"] for name in case.answers} == case.answers
        asked = [frame["request"] for frame in peer.of_type("control_request")]
        assert asked[1:] == list(case.sent)
