"""What becomes of a recording that the program did not play to its end: one of two words.

Above: whoever judges a replay.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

FAIL = "fail"
IGNORE = "ignore"

UNPLAYED = (FAIL, IGNORE)
"""An `UnplayedEpisode`; or nothing."""


def checked_unplayed(unplayed: str) -> str:
    """The word itself.

    Raises:
        ValueError: It is no such word.
    """
    if unplayed not in UNPLAYED:
        raise ValueError(f"unplayed={unplayed!r}: it is one of {', '.join(UNPLAYED)}")
    return unplayed
