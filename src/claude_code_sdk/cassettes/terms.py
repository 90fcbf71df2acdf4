"""Terms: on what a live run is compared with a recording, for the texts of mismatches.

Above: `player.py`, `verdicts.py`.  Below: `matchers.py`.  On the fake path.
"""

from __future__ import annotations

from .matchers import name_of_matcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .matchers import Matcher
    from .secrets.rules import Rule


class Terms:
    """- `match_on`, `answers`, `record_mode`: the words that are in force.
    - `accept`: the command that takes new behaviour over; empty when nobody knows one.
    - `env`: the environment of the run, whose secrets must stay out of the text.
    - `rules`: the user's own rules for secrets.
    """

    __slots__ = ("accept", "answers", "env", "match_on", "record_mode", "rules")

    def __init__(
        self,
        *,
        match_on: Sequence[Matcher],
        answers: str,
        record_mode: str = "none",
        accept: str = "",
        rules: Sequence[Rule] = (),
    ) -> None:
        self.match_on = match_on
        self.answers = answers
        self.record_mode = record_mode
        self.accept = accept
        self.rules = rules
        self.env: Mapping[str, str] = {}

    def __str__(self) -> str:
        matched = ", ".join(name_of_matcher(matcher) for matcher in self.match_on) or "nothing"
        return f"record mode {self.record_mode}; matched on {matched}; answers: {self.answers}"
