"""Use 6: what the CLI tells of itself; no turn."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/server_info.jsonl"
MODEL = [[text("not asked for")]]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.server_info()
