"""The fixture `claude_run`: what happened, whichever fixture plays the test.

Above: `plugin.py`.  Below: the fixtures that play something.
"""

from __future__ import annotations

import pytest

from claude_code_sdk.testing.run.run import Run

PLAYING = ("fake_claude", "claude_cassette")


def run_of(request: pytest.FixtureRequest) -> Run:
    """The run of the test: of the fixture that it uses, or that a marker of its own belongs to."""
    names = [name for name in PLAYING if name in request.fixturenames]
    names = names or [name for name in PLAYING if request.node.get_closest_marker(name) is not None]
    if not names:
        pytest.fail(
            "claude_run tells what happened on a script or a cassette: use fake_claude or claude_cassette as well",
            pytrace=False,
        )
    run: Run = request.getfixturevalue(names[0]).run
    return run
