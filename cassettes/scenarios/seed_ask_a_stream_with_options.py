"""Use 8: query() with an iterable of messages and options."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/ask_a_stream_with_options.jsonl"
MODEL = [[text("4")], [text("6")]]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.ask_a_stream_with_options("/project")
