"""Record modes: vcrpy's four words, and the environment variable that overrides them.

Above: `use_cassette.py`, the plugin, the command.  Below: nothing.  An episode is one run of the CLI.

| mode           | episode recorded   | no match in the file | no file          |
|----------------|--------------------|----------------------|------------------|
| `none`         | replay             | CassetteMismatch     | CassetteNotFound |
| `once`         | replay             | CassetteMismatch     | run live, record |
| `new_episodes` | replay             | run live, append     | run live, record |
| `all`          | run live, replace  | run live, replace    | run live, record |
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, TypeAlias

    RecordMode: TypeAlias = Literal["none", "once", "new_episodes", "all"]

NONE: RecordMode = "none"
ONCE: RecordMode = "once"
NEW_EPISODES: RecordMode = "new_episodes"
ALL: RecordMode = "all"

RECORD_MODES: tuple[RecordMode, ...] = (NONE, ONCE, NEW_EPISODES, ALL)

VARIABLE = "CCSDK_RECORD_MODE"
"""Overrides the record mode of every `use_cassette`, so that `CCSDK_RECORD_MODE=all <the program>` records again."""


def checked_record_mode(word: str, *, given_as: str = "record_mode") -> RecordMode:
    """`word` as a record mode; `given_as` is what it was given as, for the error.

    Raises:
        ValueError: It is none of the four words.
    """
    for mode in RECORD_MODES:
        if word == mode:
            return mode
    raise ValueError(f"{given_as}={word!r}: it is one of {', '.join(RECORD_MODES)}")


def mode_in_force(word: str, env: Mapping[str, str] | None = None) -> RecordMode:
    """The mode that `word` gives, or the one that `CCSDK_RECORD_MODE` names where that is set and not empty.

    Raises:
        ValueError: Either of them is none of the four words.
    """
    given = checked_record_mode(word)
    override = (os.environ if env is None else env).get(VARIABLE)
    return checked_record_mode(override, given_as=VARIABLE) if override else given
