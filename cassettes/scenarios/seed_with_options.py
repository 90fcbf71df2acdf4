"""Use 2: options; a write and a read-and-run that nobody has to approve."""

from __future__ import annotations

from typing import Any

from _model import text, tool_use

DOC = __doc__
CASSETTE = "tests/seed/cassettes/with_options.jsonl"
MODEL = [
    [tool_use("write", "Write", file_path="/project/hello.py", content="print('hello')\n")],
    [tool_use("run", "Bash", command="python3 hello.py", description="Run it")],
    [text("hello.py prints hello.")],
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run the program as it is."""
    from tests.seed import programs

    await programs.with_options("/project")
