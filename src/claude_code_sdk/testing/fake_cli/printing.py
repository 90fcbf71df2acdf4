"""Printing: the ways to use the CLI that are no conversation in frames.

The prompt is on the command line, what comes on stdin belongs to it, and the answer is a text or one JSON value
(`--print`, wire-facts §10).  Above: `process.py`, `host.py`.
"""

from __future__ import annotations

from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process

PATIENCE = 3.0
"""Seconds that the CLI waits for text on stdin."""

NO_STDIN = (
    "Warning: no stdin data received in 3s, proceeding without it. If piping from a slow command, redirect stdin "
    "explicitly: < /dev/null to skip, or wait longer."
)
NO_INPUT = "Error: Input must be provided either through stdin or as a prompt argument when using --print"


class Printed:
    """What is written at the end of a run whose output is no stream of frames.

    - `form`: `text`, the result's; `json`, the result, or with `whole` all frames in a list.
    """

    def __init__(self, form: str, whole: bool) -> None:
        self._form = form
        self._whole = whole
        self._frames: list[Frame] = []

    def take(self, frame: Frame) -> None:
        """A frame that would be written."""
        if self._whole or frame.get("type") == "result":
            self._frames.append(frame)

    def final(self) -> bytes:
        """All that is written, without its line end; empty when there was no result."""
        if not self._frames:
            return b""
        if self._form == "json":
            return dumps(self._frames if self._whole else self._frames[-1])
        result = self._frames[-1]
        text = result["result"] if "result" in result else "\n".join(result.get("errors", []))
        return str(text).encode("utf-8", "backslashreplace")


async def read_prompt(cli: Process) -> str | None:
    """The prompt of the command line, with the text of stdin; None, and a word on stderr, without either."""
    if not await cli.kernel.within(PATIENCE, cli.text_began):
        cli.host.complain(NO_STDIN)
    else:
        await cli.text_ended
    text = cli.text.decode("utf-8", "replace").strip()
    parts = [part for part in (cli.launch.words[0] if cli.launch.words else "", text) if part]
    if not parts:
        cli.fail(NO_INPUT)
        return None
    return "\n".join(parts)
