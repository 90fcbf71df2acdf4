"""What is sent to the run, on its way into its stdin: in order, in whole lines, whoever is cancelled meanwhile.

Above: `_process_channel.py`, whose senders wait here for nothing: they look at `written`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from io import FileIO

from ._event_loop import EventLoop


class ProcessInput:
    """Writes `file`.  `changed` is called after each progress that was not made within `put`."""

    def __init__(self, loop: EventLoop, file: FileIO, changed: Callable[[], None]) -> None:
        self.written = 0
        """Bytes of all that was put that the pipe has taken."""
        self.ending = False
        """Nothing more may be put."""
        self.closed = False
        """Nothing more will be written: the pipe is closed or broken."""
        self._put = 0
        self._unwritten: deque[memoryview] = deque()
        self._changed = changed
        self._writer = loop.open_writer(file)

    def put(self, data: bytes) -> int:
        """Write `data` after all that was put before, now as far as it fits, the rest as room comes.

        Returns the value of `written` at which it has gone in full; `closed` may come before that.
        """
        self._put += len(data)
        if self._unwritten:
            self._unwritten.append(memoryview(data))
            return self._put
        size = self._try(data)
        if size < len(data) and not self.closed:
            self._unwritten.append(memoryview(data)[size:])
            self._writer.call_when_ready(self._flush)
        return self._put

    def _try(self, data: bytes | memoryview) -> int:
        try:
            size = self._writer.write(data)
        except BlockingIOError:
            return 0
        except OSError:  # a broken pipe; why it broke is the channel's to say
            self.close()
            return 0
        self.written += size
        return size

    def _flush(self) -> None:
        while self._unwritten:
            first = self._unwritten[0]
            size = self._try(first)
            if self.closed:
                break
            if size < len(first):
                self._unwritten[0] = first[size:]
                self._writer.call_when_ready(self._flush)
                break
            self._unwritten.popleft()
        if self.ending and not self._unwritten:
            self.close()
        self._changed()

    def end(self) -> None:
        """Close the pipe once all that was put is written.  Idempotent."""
        self.ending = True
        if not self._unwritten:
            self.close()

    def close(self) -> None:
        """Close the pipe now; what is unwritten never will be.  Idempotent."""
        self.ending = self.closed = True
        self._unwritten.clear()
        self._writer.close()
