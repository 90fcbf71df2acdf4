"""One failure, told to several tasks: each raises an object of its own.

An exception carries its traceback, which every `raise` makes longer: tasks that raise one and the same object would
show each other's calls, and what one attaches (a note, a context) all would have.  Above: `_dispatcher.py`.  Below:
`errors.py`.
"""

from __future__ import annotations

from .errors import ClaudeSDKError


def of_its_own(error: BaseException) -> BaseException:
    """A copy to raise: same class, arguments, attributes, notes, cause and context; no traceback.

    Only of errors of the SDK and of verdicts on a test (`AssertionError`).  An exception of the program's own is
    returned as it is: how it is made is not ours to know.
    """
    if not isinstance(error, (ClaudeSDKError, AssertionError)):
        return error
    kind = type(error)
    copy = kind.__new__(kind, *error.args)  # not through the constructor, whose parameters are its own
    copy.args = error.args
    copy.__dict__.update(error.__dict__)
    if "__notes__" in copy.__dict__:
        copy.__notes__ = [*error.__notes__]
    copy.__cause__, copy.__context__ = error.__cause__, error.__context__
    copy.__suppress_context__ = error.__suppress_context__
    return copy
