"""The marker `claude_cassette` as values.

Above: `cassette_fixture.py`, `ledger.py`.
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
    """What the markers of a test say about its cassette; each parameter is one of the marker's."""

    __slots__ = ("answers", "freeze_time", "http", "match_on", "name", "path", "record_mode", "unplayed")

    def __init__(
        self,
        path: str | Path | None = None,
        /,
        *,
        name: str | None = None,
        record_mode: str | None = None,
        match_on: Sequence[Matcher] = ("argv", "prompt", "control"),
        answers: str | None = None,
        freeze_time: bool = False,
        http: bool | None = None,
        unplayed: str | None = None,
        allow_unplayed: bool = False,
    ) -> None:
        """`unplayed` is `"fail"` by default; `allow_unplayed=True` is the older way to say `"ignore"`."""
        from claude_code_sdk.cassettes.answers import checked_answers
        from claude_code_sdk.cassettes.matchers import checked_matchers
        from claude_code_sdk.cassettes.record_mode import checked_record_mode
        from claude_code_sdk.cassettes.unplayed import checked_unplayed

        if path is not None and name is not None:
            raise ValueError("a path and a name: it is either of them")
        self.path = path
        self.name = name
        self.record_mode = None if record_mode is None else checked_record_mode(record_mode)
        self.match_on = checked_matchers(match_on)
        self.answers = None if answers is None else checked_answers(answers)
        for name_of_it, value in (("freeze_time", freeze_time), ("http", http)):
            if value not in (True, False, None):
                raise ValueError(f"{name_of_it}={value!r}: it is True or False")
        self.freeze_time = freeze_time
        self.http = http
        self.unplayed = checked_unplayed(unplayed or ("ignore" if allow_unplayed else "fail"))


def replay_settings(test: pytest.Item) -> ReplaySettings:
    """What the markers of `test`, its class and its module say; of each thing the nearest counts.

    Fails the test for what the marker does not have: dropped, a misspelt keyword would verify nothing.
    """
    args, kwargs = _marked(test)
    try:
        return ReplaySettings(*args, **kwargs)
    except (TypeError, ValueError) as error:
        what = str(error).replace("ReplaySettings.__init__()", "the marker")
    pytest.fail(f"@pytest.mark.{MARKER}: {what}; see pytest --markers", pytrace=False)


def place_given(test: pytest.Item) -> tuple[str | Path | None, str | None]:
    """The path and the name that the markers give, unchecked."""
    args, kwargs = _marked(test)
    return (args[0] if args else None), kwargs.get("name")


def _marked(test: pytest.Item) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The markers' arguments as those of one; a path and a name exclude each other, and the nearest of them counts."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    placed = False
    for marker in test.iter_markers(MARKER):
        farther = dict(marker.kwargs)
        if placed:
            farther.pop("name", None)
        else:
            args = marker.args
            placed = bool(args) or "name" in farther
        kwargs = {**farther, **kwargs}
    return args, kwargs
