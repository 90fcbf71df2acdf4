"""The fixture `claude_clock`, and `freeze_time=True` of the marker: the time of day is that of what is played.

Above: `plugin.py`, `beside_cassette.py`.  Below: `RecordedClock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claude_code_sdk.testing.moments import beginning

if TYPE_CHECKING:
    from claude_code_sdk.testing.clock import RecordedClock

CLOCK: pytest.StashKey[RecordedClock] = pytest.StashKey()
"""The one freeze of a test, while it lasts."""


class LiveClock:
    """The clock of a test whose sessions are live: the real one, which nobody moves."""

    @property
    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

    def move_to(self, when: datetime) -> None:
        """The time is real while sessions are recorded: this does nothing."""


def clock_of(request: pytest.FixtureRequest) -> Iterator[RecordedClock | LiveClock]:
    """The clock of the test, which follows whatever plays it."""
    cassette: Any = None
    if "claude_cassette" in request.fixturenames:
        cassette = request.getfixturevalue("claude_cassette")
    if cassette is not None and cassette.is_live:
        yield LiveClock()
        return
    with frozen(request.node, None if cassette is None else cassette.path) as clock:
        yield clock


@contextmanager
def frozen(test: pytest.Item, cassette: Path | None) -> Iterator[RecordedClock]:
    """Freeze the time for the rest of the test; where that is done already, it is one and the same freeze.

    `cassette`: until a session is opened, it is the date of that recording.
    """
    there = test.stash.get(CLOCK, None)
    if there is not None:
        yield there
        return
    from claude_code_sdk.testing.clock import RecordedClock

    with RecordedClock(_date_of(cassette)) as clock:
        test.stash[CLOCK] = clock
        try:
            yield clock
        finally:
            del test.stash[CLOCK]


def _date_of(cassette: Path | None) -> datetime | None:
    """The date of a recording; None without one, and where its header is damaged, as whoever plays it will say."""
    import json

    if cassette is None:
        return None
    try:
        with open(cassette, "rb") as file:
            header = json.loads(file.readline())
    except (OSError, ValueError):
        return None
    return datetime.fromtimestamp(beginning(header) / 1000, UTC) if isinstance(header, dict) else None
