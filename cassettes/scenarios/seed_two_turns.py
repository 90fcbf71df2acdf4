"""Use 1: two turns; the model answers the second only when the request still has the first answer in it."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/two_turns.jsonl"
MODEL = [
    [text("Hello! I am well, thank you.")],
    {"content": [text("You asked me how I am.")], "match": "I am well, thank you."},
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.two_turns()
