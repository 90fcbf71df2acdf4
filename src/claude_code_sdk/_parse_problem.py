"""What is said about frames and blocks that cannot be read.

Above: `_parse.py`, `_parse_blocks.py`, `_parse_system.py`.  Below: `errors.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from .errors import MessageParseError

Report = Callable[[MessageParseError], None]
"""Called with each problem; what it raises ends the parsing."""


class Malformed(TypeError):
    """A check of ours failed; the text continues "<type> frame …"."""


WRONG_SHAPE = (KeyError, TypeError, AttributeError)
"""What reading raises: a missing key, a key of something that has none, a check of ours."""


def why(error: Exception) -> str:
    """What is wrong, continuing "<type> frame …"."""
    if isinstance(error, KeyError):
        return f"has no `{error.args[0]}`"
    return str(error) if isinstance(error, Malformed) else f"does not have the shape of its type ({error})"


def raise_problem(problem: MessageParseError) -> None:
    """The strict report."""
    raise problem


def log_problem(problem: MessageParseError) -> None:
    """The usual report: a warning."""
    from logging import getLogger

    getLogger("claude_code_sdk").warning(
        "the CLI sent something malformed (delivered as far as it can be read): %s", problem
    )


def note_unknown(what: str, kind: str) -> None:
    """A type without a class is no problem, so only a line for those who debug."""
    from logging import getLogger

    getLogger("claude_code_sdk").debug("no class for %s of type %r: delivered as Unknown", what, kind)
