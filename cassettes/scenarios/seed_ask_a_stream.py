"""Use 8: query() with an iterable of messages."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/ask_a_stream.jsonl"
MODEL = [[text("2 + 2 is 4.")], [text("3 + 3 is 6.")]]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.ask_a_stream()
