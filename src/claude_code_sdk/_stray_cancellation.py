"""A cancellation that nobody asked for: code of the program awaited something that had been cancelled (asyncio).

Above: the callbacks and the in-process tools.  Let through, it would end the task that serves a request without an
answer, and the CLI would wait for one.
"""

from __future__ import annotations

import sys


def is_stray_cancellation(error: BaseException) -> bool:
    """Whether `error` is asyncio's CancelledError although nobody cancelled the task that runs now."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or not isinstance(error, asyncio.CancelledError):
        return False
    task = asyncio.current_task()
    return task is not None and not task.cancelling()
