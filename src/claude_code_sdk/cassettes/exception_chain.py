"""An exception with all that led to it.

Above: whoever asks whether a verdict was swallowed.  Below: nothing.
"""

from __future__ import annotations


def chain(failure: BaseException) -> list[BaseException]:
    """`failure`, its causes and contexts, and those in groups."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [failure]
    while left:
        error = left.pop()
        if error is not None and error not in found:
            found.append(error)
            left += [error.__cause__, error.__context__]
            if isinstance(error, BaseExceptionGroup):
                left += error.exceptions
    return found
