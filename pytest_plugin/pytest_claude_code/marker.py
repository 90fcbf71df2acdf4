"""The marker `claude_cassette` as values.

Above: `fixtures.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

MARKER = "claude_cassette"


class ReplaySettings:
    """What the markers of a test say about replaying; each parameter is one of the marker's."""

    __slots__ = ("allow_unplayed", "answers", "path")

    def __init__(
        self, path: str | Path | None = None, /, *, answers: str = "ignore", allow_unplayed: bool = False
    ) -> None:
        from claude_code_sdk.cassettes.answers import ANSWERS

        if answers not in ANSWERS:
            raise ValueError(f"answers={answers!r}: it is one of {', '.join(ANSWERS)}")
        self.path = path
        self.answers = answers
        self.allow_unplayed = allow_unplayed


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
