"""The fixture `claude_faults`: a program meets everything that can go wrong on its test's script.

Above: `plugin.py`.  Below: `claude_code_sdk.testing.claude_faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal

from claude_code_sdk.testing import FaultReport
from claude_code_sdk.testing.chaos import FAULTS, Program, Progress, claude_faults

from .script_fixture import FakeClaude


class ClaudeFaults:
    """What the fixture `claude_faults` gives to a test: `claude_faults` on the script of its `fake_claude`.

    Each call is a campaign of its own.  What it leaves of the script does not fail the test.
    """

    def __init__(self, fake_claude: FakeClaude) -> None:
        self._fake_claude = fake_claude

    async def __call__(
        self,
        program: Program,
        *,
        faults: Collection[str] = FAULTS,
        engine: Literal["in-process", "subprocess"] = "in-process",
        hang_after: float | None = None,
        allow: tuple[type[BaseException], ...] = (),
        check: Callable[[Any], object] | None = None,
        progress: Progress | None = None,
    ) -> FaultReport:
        """See `claude_code_sdk.testing.claude_faults`.  The engine is not that of the test's other runs."""
        self._fake_claude.tried = True
        return await claude_faults(
            program,
            self._fake_claude,
            faults=faults,
            engine=engine,
            hang_after=hang_after,
            allow=allow,
            check=check,
            progress=progress,
        )
