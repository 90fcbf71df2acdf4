"""InUse: a script or a cassette that a test plays, as its reports and its end see it.

Above: the fixtures, `plugin.py`, `reports.py`.  Below: `far_end.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from claude_code_sdk.cassettes.mismatch import CassetteMismatch

from .far_end import FAIL, IGNORE, Played
from .plugin import IN_USE
from .reports import place_of

if TYPE_CHECKING:
    from claude_code_sdk.testing.http import ToolHttp


class InUse:
    """What a fixture plays for a test.

    - `name`: the fixture's.
    - `advice`: what to do about a program that stops before the recording does; a line more of that verdict.
    - `path`: the cassette's, if it is one; `outcome`: what became of it, for the ledger.
    - `test_failed`: whether the test has ended otherwise than by passing.
    - `http`: what plays or records the HTTP of the program's tools, if anything does.
    """

    def __init__(self, name: str, played: Played, *, advice: str = "", path: str | None = None) -> None:
        self.name = name
        self.played = played
        self.advice = advice
        self.path = path
        self.outcome = ""
        self.test_failed = False
        self.http: ToolHttp | None = None

    def abandon(self, failure: BaseException) -> str:
        """The test has failed: what it recorded is no cassette.  Returns where it lies, or nothing."""
        abandon = getattr(self.played, "abandon", None)
        return "" if abandon is None else str(abandon(failure))

    def swallowed(self) -> Exception | None:
        """What a run was told, if anything; the program may have swallowed it."""
        try:
            self.played.check(unplayed=IGNORE)
        except Exception as verdict:
            return verdict
        return None

    def missed_http(self) -> Exception | None:
        """The first request of the program's tools that was refused, if one was."""
        try:
            if self.http is not None:
                self.http.check(unplayed=False)
        except CassetteMismatch as verdict:
            return verdict
        return None

    def left(self) -> Exception | None:
        """The same, or what the program did not play to its end."""
        try:
            self.played.check()
        except Exception as left:
            return left
        return None

    def judge(self, unplayed: str) -> None:
        """The test has passed: fail it with what the program swallowed or left unplayed."""
        verdict = self.swallowed()
        if verdict is not None:
            place = place_of(verdict)
            what = f"The program swallowed this error{f', raised at {place}' if place else ''}:"
            pytest.fail(f"{what}\n{told(verdict)}", pytrace=False)
        left = self.left() if unplayed == FAIL else None
        if left is not None:
            pytest.fail(f"{told(left)}{self.advice}", pytrace=False)


def told(verdict: Exception) -> str:
    """A verdict's kind and text."""
    return f"{type(verdict).__name__}: {verdict}"


@contextmanager
def now_playing(test: pytest.Item, in_use: InUse) -> Iterator[None]:
    """The test plays this until the block ends.

    A test plays a script or a cassette: whichever came last would hide the other, so that is refused.
    """
    others = test.stash.setdefault(IN_USE, [])
    if others:
        pytest.fail(f"a test is played by one fixture: this one uses {others[0].name} and {in_use.name}", pytrace=False)
    others.append(in_use)
    yield
