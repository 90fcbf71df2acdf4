"""Use 7: connect with a prompt, read up to the result, disconnect."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "tests/seed/cassettes/explicit_connect.jsonl"
MODEL = [[text("Hello, human.")]]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.explicit_connect()
