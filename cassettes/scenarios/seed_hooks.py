"""Use 4: a hook that denies one command and has no opinion on another; the denied one would leave a trace."""

from __future__ import annotations

from typing import Any

from _model import text, tool_use

DOC = __doc__
CASSETTE = "tests/seed/cassettes/hooks.jsonl"
FILES = {"forbidden.sh": "#!/bin/sh\ntouch it-ran\n"}
MODEL = [
    [tool_use("denied", "Bash", command="./forbidden.sh", description="Run the script")],
    [tool_use("allowed", "Bash", command="ls", description="See whether it ran")],
    [text("The script was not allowed to run.")],
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.hooks()
