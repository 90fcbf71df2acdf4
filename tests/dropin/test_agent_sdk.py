"""Programs that were written for claude_agent_sdk run after changing their import.

`tests/official/test_programs.py` runs the same programs on the official SDK, where they have to print the same.
"""

from __future__ import annotations

import asyncio
import sys

import pytest

from .agent_sdk_cases import CASES, PROGRAMS, check


@pytest.mark.parametrize("name", CASES)
async def test_a_program_runs_after_changing_its_import(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    await check(name, capsys)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with Python 3.12")
def test_a_program_runs_with_eager_tasks(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    def eager_loop() -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        return loop

    with asyncio.Runner(loop_factory=eager_loop) as runner:
        runner.run(check(name, capsys))


def test_every_program_has_a_case() -> None:
    assert {path.stem for path in PROGRAMS.glob("*.py")} == set(CASES)
