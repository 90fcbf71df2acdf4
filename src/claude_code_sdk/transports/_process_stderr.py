"""The run's stderr: read as it comes, told line by line, its tail kept.

Above: `_process_channel.py`.  Below: `_stderr.py`, which knows what a line is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import FileIO

from ._event_loop import EventLoop
from ._stderr import StderrLines

logger = logging.getLogger("claude_code_sdk")


class ProcessStderr:
    """Reads `file` from now on; `on_line` gets each line, `ended` is called once at the end."""

    def __init__(
        self,
        loop: EventLoop,
        file: FileIO,
        *,
        on_line: Callable[[str], None] | None,
        tail_bytes: int,
        ended: Callable[[], None],
    ) -> None:
        self.ended = False
        self._on_line = on_line
        self._when_ended = ended
        self._lines = StderrLines(tail_bytes)
        self._reader = loop.open_reader(file, self._deliver)

    @property
    def tail(self) -> str:
        return self._lines.tail

    def _deliver(self, data: bytes) -> None:
        if data:
            self._tell(self._lines.feed(data))
        else:
            self.end()

    def _tell(self, lines: list[str]) -> None:
        if self._on_line is None:
            return
        for line in lines:
            try:
                self._on_line(line)
            except Exception:
                logger.exception("the stderr callback raised for the line %.200r; the run goes on", line)

    def end(self) -> None:
        """There will be no more; what lies in the pipe still counts.  Idempotent."""
        if not self.ended:
            self._reader.drain()
            self._tell(self._lines.end())
            self.close()
            self.ended = True
            self._when_ended()

    def close(self) -> None:
        """Stop reading.  Idempotent."""
        self._reader.close()
