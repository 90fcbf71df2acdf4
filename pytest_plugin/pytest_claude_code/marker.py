"""The marker `claude_cassette` as values.

Above: `fixtures.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from claude_code_sdk.cassettes.matchers import Matcher

MARKER = "claude_cassette"


class ReplaySettings:
    """What the markers of a test say about replaying; each parameter is one of the marker's."""

    __slots__ = ("answers", "match_on", "path", "unplayed")

    def __init__(
        self,
        path: str | Path | None = None,
        /,
        *,
        match_on: Sequence[Matcher] = ("argv", "prompt", "control"),
        answers: str | None = None,
        unplayed: str | None = None,
        allow_unplayed: bool = False,
    ) -> None:
        """`unplayed` is `"fail"` by default; `allow_unplayed=True` is the older way to say `"ignore"`."""
        from claude_code_sdk.cassettes.answers import checked_answers
        from claude_code_sdk.cassettes.matchers import checked_matchers
        from claude_code_sdk.cassettes.unplayed import checked_unplayed

        self.path = path
        self.match_on = checked_matchers(match_on)
        self.answers = None if answers is None else checked_answers(answers)
        self.unplayed = checked_unplayed(unplayed or ("ignore" if allow_unplayed else "fail"))


def replay_settings(test: pytest.Item) -> ReplaySettings:
    """What the markers of `test`, its class and its module say; of each thing the nearest counts.

    Fails the test for what the marker does not have: dropped, a misspelt keyword would verify nothing.
    """
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    for marker in test.iter_markers(MARKER):
        args = args or marker.args
        kwargs = {**marker.kwargs, **kwargs}
    try:
        return ReplaySettings(*args, **kwargs)
    except (TypeError, ValueError) as error:
        what = str(error).replace("ReplaySettings.__init__()", "the marker")
    pytest.fail(f"@pytest.mark.{MARKER}: {what}; see pytest --markers", pytrace=False)
