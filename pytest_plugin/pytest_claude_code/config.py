"""What can be set for a run of the tests, by which names, and which of them counts.

Above: `plugin.py` (header), the fixtures.  Below: nothing but pytest.  The order, for every setting that
has all four: environment, command line, marker, ini.  The environment goes first so that a job of a CI, or somebody who
cannot change the command, has the last word.  A variable that only looks like one of ours is refused: a mistyped
name would change nothing in silence.
"""

from __future__ import annotations

import os

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Setting:
    """One setting.

    - `variable`, `option`, `ini`: its names; `ini` is empty where there is none.
    - `words`: what it may be; the first one is what it is when nobody says anything.
    - `dest`: the name under which pytest keeps the option's value.
    """

    def __init__(self, variable: str, option: str, ini: str, words: tuple[str, ...]) -> None:
        self.variable = variable
        self.option = option
        self.ini = ini
        self.words = words
        self.dest = option.removeprefix("--").replace("-", "_")

    def checked(self, word: str, given_as: str) -> str:
        """`word`; raises `ValueError`, which names what it was given as, when it is none of the words."""
        if word in self.words:
            return word
        raise ValueError(f"{given_as}={word!r}: it is one of {', '.join(self.words)}")


class Chosen:
    """The value that counts, and who gave it: the name of the variable, the option, the marker or the ini setting."""

    __slots__ = ("given_as", "value")

    def __init__(self, value: str, given_as: str) -> None:
        self.value = value
        self.given_as = given_as

    def __repr__(self) -> str:
        return f"<{self.value}, by {self.given_as}>"


ENGINE = Setting("CCSDK_ENGINE", "--claude-engine", "claude_engine", ("in-process", "subprocess"))
RECORD = Setting("CCSDK_RECORD_MODE", "--claude-record", "claude_record", ("none", "once", "new_episodes", "all"))
UNUSED = Setting(
    "CCSDK_UNUSED_CASSETTES", "--claude-unused-cassettes", "claude_unused_cassettes", ("report", "fail", "prune")
)
LIVE = Setting("CCSDK_LIVE", "--claude-allow-live", "", ("refuse", "allow"))
"""No ini: that money may be spent is said for one run."""

SETTINGS = (ENGINE, RECORD, UNUSED, LIVE)

PREFIX = "CCSDK_"
"""What every variable of ours begins with, and nobody else's."""

SPOOL = "CCSDK_SPOOL"
SET_BY_THE_RECORDER = (SPOOL, "CCSDK_RECORDER", "CCSDK_CLI", "CCSDK_RULES", "CCSDK_BUNDLED_CLI")
"""What `claude-cassette record` puts there for what it runs: `VARIABLES` of its `surroundings.py`, which is not loaded
before a test needs the SDK."""

DEFAULT = "default"

LIKE = 0.7
"""How alike two names are, from 0 to 1, of which one may be meant by the other; half of each is the prefix."""


def choose(
    setting: Setting,
    *,
    env: Mapping[str, str],
    option: str | None = None,
    marker: str | None = None,
    ini: str | None = None,
    marked_as: str = "marker",
) -> Chosen:
    """The value that counts of those that were given; an empty one is none.

    Raises `ValueError` when that is none of the setting's words.
    """
    given = (
        (setting.variable, env.get(setting.variable)),
        (setting.option, option),
        (marked_as, marker),
        (setting.ini, ini),
    )
    for name, word in given:
        if word:
            return Chosen(setting.checked(word, name), name)
    return Chosen(setting.words[0], DEFAULT)


_OF_RUN: pytest.StashKey[dict[Setting, Chosen]] = pytest.StashKey()
"""What was chosen for this run of pytest, where no marker says anything."""


def chosen(config: pytest.Config, setting: Setting, *, marker: str | None = None, marked_as: str = "marker") -> Chosen:
    """The same for this run of pytest, whose environment is looked at once."""
    of_run = config.stash.setdefault(_OF_RUN, {})
    choice = None if marker else of_run.get(setting)
    if choice is None:
        option = config.getoption(setting.dest, None)
        ini = config.getini(setting.ini) if setting.ini else None
        choice = choose(setting, env=os.environ, option=option, marker=marker, ini=ini, marked_as=marked_as)
        if not marker:
            of_run[setting] = choice
    return choice


def is_explicit(choice: Chosen, setting: Setting) -> bool:
    """Whether it was said for this run, by the environment or the command line."""
    return choice.given_as in (setting.variable, setting.option)


def refuse_unknown(env: Mapping[str, str]) -> None:
    """Raises `ValueError` for a variable that begins like ours and is none; one without a value says nothing."""
    known = [setting.variable for setting in SETTINGS]
    unknown = [name for name, value in env.items() if value and name.startswith(PREFIX)]
    unknown = sorted(set(unknown).difference(known, SET_BY_THE_RECORDER))
    if not unknown:
        return
    from difflib import get_close_matches

    lines = []
    for name in unknown:
        nearest = get_close_matches(name, known, n=1, cutoff=LIKE)
        lines.append(f"{name}: there is no such variable{f'; did you mean {nearest[0]}?' if nearest else ''}")
    raise ValueError("\n".join([*lines, f"  those that can be set: {', '.join(known)}"]))
