"""The demo's program: an in-process tool, a PreToolUse hook that denies, a permission callback."""

from __future__ import annotations

from typing import Any

from _model import text, tool_use

DOC = __doc__
CASSETTE = "docs/examples/cassettes/office_assistant.jsonl"
MODEL = [
    [text("I greet Ada first."), tool_use("greet", "mcp__office__greet", name="Ada")],
    [tool_use("delete", "Bash", command="rm -rf build", description="Delete the build folder")],
    [tool_use("write", "Write", file_path="/project/visitors.txt", content="hello Ada\n")],
    [text("Ada is greeted and noted in visitors.txt; the build folder was not deleted.")],
]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Run it as the demo does."""
    from office_assistant import assistant

    async for message in assistant():
        log.message(message)
