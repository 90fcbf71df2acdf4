"""Use 5: an interrupt while the model writes, then another turn."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/interrupt.jsonl"
MODEL = [
    {"content": [text("one two three four five six seven eight nine ten " * 20)], "chunk": 6, "chunk_delay": 0.1},
    [text("Hello!")],
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.interrupt()
