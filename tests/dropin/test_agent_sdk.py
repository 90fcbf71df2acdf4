"""Programs that were written for claude_agent_sdk run after changing their import.

`tests/official/test_programs.py` runs the same programs on the official SDK, where they have to print the same.
"""

from __future__ import annotations

import anyio
import pytest

from claude_code_sdk import use_transport

from .agent_sdk_cases import CASES, PROGRAMS
from .running import main_of, transport

WAIT = 5.0


@pytest.mark.parametrize("name", CASES)
async def test_a_program_runs_after_changing_its_import(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    peers = [case.peer()] if case.peer else []
    main = main_of(PROGRAMS / f"{name}.py")

    with anyio.fail_after(WAIT), use_transport(transport(*peers)):
        await main()

    assert capsys.readouterr().out.splitlines() == case.lines
    for peer in peers:
        assert {name: peer.answer_to(name)["response"] for name in case.answers} == case.answers
        asked = [frame["request"] for frame in peer.of_type("control_request")]
        assert asked[1:] == list(case.sent)


def test_every_program_has_a_case() -> None:
    assert {path.stem for path in PROGRAMS.glob("*.py")} == set(CASES)
