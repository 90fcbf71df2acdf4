"""The fixture `fake_claude`: a script that every run of the test plays.

Above: `plugin.py`, `reports.py`.  Below: `far_end.py`, which plays it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.testing.run.run import Run
from claude_code_sdk.testing.script import Script
from claude_code_sdk.transports.base import Transport

from .far_end import FAIL, IGNORE, FarEnd, Played
from .in_use import InUse, now_playing

MARKER = "fake_claude"
ADVICE = '\n  or let the test leave it:  @pytest.mark.fake_claude(unplayed="ignore")'


class FakeClaude(Script):
    """A script that is wired in: what the model says, and what happened then.

    The methods are those of `Script`; the test may go on adding to it until a run is opened, and between two runs.
    """

    _played: Played
    tried = False
    """Whether `claude_faults` played it: then the test's own runs need not."""

    @property
    def run(self) -> Run:
        """What happened so far, in all sessions of the test."""
        return self._played.run

    @property
    def transport(self) -> Transport:
        """What plays it, for code that takes a transport."""
        return self._played.transport


def scripted(request: pytest.FixtureRequest, far_end: FarEnd) -> Iterator[FakeClaude]:
    """Play a script that the test writes; afterwards fail with what the program swallowed, or with what is left."""
    unplayed = _unplayed(request.node)
    fake = FakeClaude()
    fake._played = played = far_end.script(fake)
    in_use = InUse("fake_claude", played, advice=ADVICE)
    with now_playing(request.node, in_use), use_transport(played.transport, replaces_processes=True):
        yield fake
    if not in_use.test_failed:
        in_use.judge(IGNORE if fake.tried else unplayed)


def _unplayed(test: pytest.Item) -> str:
    """What the marker says of replies and expectations that are left."""
    marker = test.get_closest_marker(MARKER)
    given: dict[str, Any] = {} if marker is None else dict(marker.kwargs)
    unplayed = given.pop("unplayed", FAIL)
    if given or unplayed not in (FAIL, IGNORE) or (marker is not None and marker.args):
        pytest.fail(f"@pytest.mark.{MARKER}(unplayed=…): it is one of {FAIL}, {IGNORE}", pytrace=False)
    return str(unplayed)
