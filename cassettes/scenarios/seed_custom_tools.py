"""Use 3: a tool of the program's own."""

from __future__ import annotations

from typing import Any

from _model import text, tool_use

DOC = __doc__
CASSETTE = "tests/seed/cassettes/custom_tools.jsonl"
MODEL = [
    [tool_use("greet", "mcp__tools__greet", name="Alice")],
    [text("I greeted Alice.")],
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.custom_tools()
