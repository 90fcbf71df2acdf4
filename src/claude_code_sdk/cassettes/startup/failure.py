"""Why a process could not record, or not to the end: a file in the spool folder, since nothing may show in the program.

Above: part.py, in_process.py, tee.py (write it), spool.py (reads it).  Below: nothing.
"""

from __future__ import annotations

FAILED = ".failed"
"""Suffix of such a file."""


def leave_failure(path: str, error: Exception) -> None:
    """Write down what went wrong; where even that is impossible, an episode without its exit tells it."""
    try:
        with open(path + FAILED, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{type(error).__name__}: {error}")
    except OSError:
        pass
