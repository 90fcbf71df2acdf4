"""Matchers: what of the things that a host does must be equal to what was recorded.

Above: `choice.py` (command lines), `lanes.py` (frames), whoever takes a `match_on`.  Below: `references.py`.  A matcher
is one of four words, or a function of the user's own.  On the fake path.
"""

from __future__ import annotations

from .references import imported, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    OwnMatcher: TypeAlias = Callable[[dict[str, Any], dict[str, Any]], None]
    """`(recorded, live)`: two whole host frames, of which the recorded one has the paths and ids of this run.  Raises
    `AssertionError` with the difference.  Called for each prompt and control request that stands where a recorded one
    stood; never for answers of callbacks, which are governed by `answers` alone."""

    Matcher: TypeAlias = str | OwnMatcher

ARGV = "argv"
PROMPT = "prompt"
CONTROL = "control"
RAW = "raw"

WORDS = (ARGV, PROMPT, CONTROL, RAW)
"""The command line; what the host says (`session_id` aside); control requests; whole prompts and control requests, in
which only the id of a request is free."""

DEFAULT_MATCH_ON = (ARGV, PROMPT, CONTROL)

KNOWN = f"it is one of {', '.join(WORDS)}, or a function (recorded, live) that raises AssertionError"


def checked_matchers(match_on: Sequence[Matcher]) -> tuple[Matcher, ...]:
    """`match_on` as a tuple.

    Raises:
        ValueError: One of them is neither a known word nor a function.
        TypeError: It is a word or a function itself, and no sequence of them.
    """
    if match_on == DEFAULT_MATCH_ON:
        return DEFAULT_MATCH_ON
    if isinstance(match_on, str) or callable(match_on):
        raise TypeError(f"match_on={match_on!r}: it is a sequence of matchers, such as {DEFAULT_MATCH_ON!r}")
    matchers = tuple(match_on)
    for matcher in matchers:
        if matcher not in WORDS if isinstance(matcher, str) else not callable(matcher):
            raise ValueError(f"match_on has {matcher!r}: {KNOWN}")
    return matchers


def own_matchers(match_on: Sequence[Matcher]) -> tuple[OwnMatcher, ...]:
    """The functions among them."""
    return tuple(matcher for matcher in match_on if not isinstance(matcher, str))


def name_of_matcher(matcher: Matcher) -> str:
    """What the texts of mismatches call it."""
    if isinstance(matcher, str):
        return matcher
    return str(getattr(matcher, "__qualname__", None) or repr(matcher)).replace("<locals>.", "")


def matchers_named(text: str) -> list[Matcher]:
    """Matchers as an environment variable names them: words and `MODULE:NAME`, with commas between.

    Raises:
        ValueError: A function cannot be imported.
    """
    return [imported(name.strip()) if ":" in name else name.strip() for name in text.split(",")]


def names_of(match_on: Sequence[Matcher]) -> str:
    """The text that `matchers_named` reads.

    Raises:
        ValueError: A function cannot be imported by its name from another process.
    """
    names = []
    for matcher in checked_matchers(match_on):
        if isinstance(matcher, str):
            names.append(matcher)
            continue
        name = reference(matcher)
        if name is None:
            raise ValueError(
                f"match_on has {matcher!r}: a process of its own imports matchers by their name, so this one must be a "
                "function of a module, at its top"
            )
        names.append(name)
    return ",".join(names)


def said_by(refused: AssertionError) -> str:
    """What a matcher said; of an `assert` without a text, the place and the line of it."""
    text = str(refused)
    if text:
        return text
    from traceback import extract_tb

    last = extract_tb(refused.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}: {last.line or 'AssertionError'}"
